//! The files a release must have, said without their version: in wheel tags, as legs of a matrix, or like an earlier
//! release.
//!
//! PyPI takes files one by one and never says that a release is whole, so an incomplete one looks like a complete one
//! until somebody's platform installs from source. What is whole is stated here, and files are held against it before
//! the first of them goes out.

mod completeness;
mod shape;
mod slot;
mod tags;

use std::collections::BTreeSet;

use crate::filename::DistFilename;
use crate::matrix::Leg;

pub use completeness::{Completeness, Filled};
pub use shape::Shape;
pub use slot::Slot;
pub use tags::{ExpectedTags, TagsError};

/// The files a release must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    slots: BTreeSet<Slot>,
    wheels_open: bool,
    sdist: SdistRule,
}

/// What is expected of the source distribution.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SdistRule {
    /// There must be one.
    Required,
    /// There may be one.
    #[default]
    Allowed,
    /// There must be none.
    Refused,
}

impl From<Option<bool>> for SdistRule {
    /// `[expect] sdist`: without a word, a source distribution is welcome and not missed.
    fn from(word: Option<bool>) -> Self {
        match word {
            Some(true) => Self::Required,
            Some(false) => Self::Refused,
            None => Self::Allowed,
        }
    }
}

impl Expected {
    /// A release with exactly these wheels.
    #[must_use]
    pub fn of_tags(wheels: impl IntoIterator<Item = ExpectedTags>, sdist: SdistRule) -> Self {
        Self::of_slots(wheels.into_iter().map(Slot::Tags), false, sdist)
    }

    /// A release with a wheel for every leg; one wheel may serve many.
    #[must_use]
    pub fn of_legs<'a>(legs: impl IntoIterator<Item = &'a Leg>, sdist: SdistRule) -> Self {
        let slots = legs.into_iter().map(|leg| Slot::Leg { python: leg.python, platform: leg.platform });
        Self::of_slots(slots, false, sdist)
    }

    /// A release in the shape of an earlier one: for each of its wheels one with the same interpreter, interface,
    /// system and machine, and a source distribution if it had one. Names that are no distributions (signatures,
    /// old formats) do not count.
    #[must_use]
    pub fn like<'a>(earlier: impl IntoIterator<Item = &'a str>) -> Self {
        let files: Vec<DistFilename> = earlier.into_iter().filter_map(|name| name.parse().ok()).collect();
        let had_sdist = files.iter().any(|file| matches!(file, DistFilename::Sdist(_)));
        let slots = files.iter().filter_map(DistFilename::as_wheel).map(|wheel| Slot::Like(Shape::of(wheel)));
        Self::of_slots(slots, false, if had_sdist { SdistRule::Required } else { SdistRule::Allowed })
    }

    /// A release with any wheels, of which only the source distribution is said something.
    #[must_use]
    pub fn of_sdist(sdist: SdistRule) -> Self {
        Self::of_slots([], true, sdist)
    }

    fn of_slots(slots: impl IntoIterator<Item = Slot>, wheels_open: bool, sdist: SdistRule) -> Self {
        let mut slots: BTreeSet<Slot> = slots.into_iter().collect();
        if sdist == SdistRule::Required {
            slots.insert(Slot::Sdist);
        }
        Self { slots, wheels_open, sdist }
    }

    /// Every slot, in order.
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter()
    }

    /// The set as texts, for the inputs of a release: two releases that owe different files are not the same one.
    #[must_use]
    pub fn canonical(&self) -> Vec<String> {
        let rule = match self.sdist {
            SdistRule::Required => None,
            SdistRule::Allowed => Some("sdist allowed"),
            SdistRule::Refused => Some("sdist refused"),
        };
        let open = self.wheels_open.then_some("any wheels");
        let slots = self.slots.iter().map(ToString::to_string);
        slots.chain([rule, open].into_iter().flatten().map(str::to_owned)).collect()
    }
}
