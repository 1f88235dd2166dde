//! One place in a release that a file must take.

use std::fmt;

use super::{ExpectedTags, Shape};
use crate::filename::DistFilename;
use crate::matrix::{Leg, Platform, Python};

/// One place in a release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// A wheel with these tags.
    Tags(ExpectedTags),
    /// A wheel that a Python on a platform takes.
    Leg {
        /// The Python.
        python: Python,
        /// The platform.
        platform: Platform,
    },
    /// A wheel in the shape of an earlier one.
    Like(Shape),
    /// The source distribution.
    Sdist,
}

impl Slot {
    /// Whether a file takes the place. Project and version are not asked.
    #[must_use]
    pub fn is_taken_by(&self, file: &DistFilename) -> bool {
        let DistFilename::Wheel(wheel) = file else { return *self == Self::Sdist };
        match self {
            Self::Tags(tags) => tags.are_in(wheel),
            Self::Leg { python, platform } => {
                Leg { variant: None, python: *python, platform: *platform }.takes(wheel)
            }
            Self::Like(shape) => Shape::of(wheel) == *shape,
            Self::Sdist => false,
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tags(tags) => tags.fmt(f),
            Self::Leg { python, platform } => write!(f, "{}-{platform}", python.abi_tag()),
            Self::Like(shape) => shape.fmt(f),
            Self::Sdist => f.write_str("sdist"),
        }
    }
}
