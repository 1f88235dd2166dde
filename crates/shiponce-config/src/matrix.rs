//! The matrix of a project and the files its releases must have.

use shiponce_core::DistFilename;
use shiponce_core::expect::{Expected, ExpectedTags, SdistRule};
use shiponce_core::matrix::{Axes, Expansion, Leg, Narrowing, Platform, Python, VariantAxis, expand};

use crate::config::Config;
use crate::source::{Source, Sourced};
use crate::variants::Variant;

/// `matrix`, and what the flags say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// The Pythons, each once and in order.
    pub python: Sourced<Vec<Python>>,
    /// The platforms.
    pub platform: Sourced<Vec<Platform>>,
    /// `--python` and `--platform`, where the configuration has that axis: they narrow what this run builds and
    /// never what the release needs.
    pub only: Narrowing,
}

impl Matrix {
    /// The axes, without what the flags say.
    #[must_use]
    pub fn axes(&self) -> Axes {
        Axes { pythons: self.python.value.clone(), platforms: self.platform.value.clone() }
    }
}

/// `[expect]`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expect {
    /// `wheels`
    pub wheels: Option<Sourced<Vec<ExpectedTags>>>,
    /// `sdist`
    pub sdist: Option<Sourced<bool>>,
    /// Where `like = "previous"` stands, if it does.
    pub like_previous: Option<Source>,
}

impl Config {
    /// The legs of this run, and every combination that is left out with its reason. `variants` are those of the run;
    /// none at all for a project without variants. `None` without a matrix: the build decides.
    #[must_use]
    pub fn legs(&self, variants: &[&Variant]) -> Option<Expansion> {
        let matrix = self.matrix.as_ref()?;
        Some(expand(&matrix.axes(), &axes_of(variants), &matrix.only))
    }

    /// The legs that a release needs, whatever the flags say of this run. Empty without a matrix.
    #[must_use]
    pub fn owed_legs(&self, variant: Option<&Variant>) -> Vec<Leg> {
        let Some(matrix) = &self.matrix else { return Vec::new() };
        let variants: Vec<&Variant> = variant.into_iter().collect();
        expand(&matrix.axes(), &axes_of(&variants), &Narrowing::default()).legs
    }

    /// The files that a release of the variant must have: by `[expect]`, else by the matrix. `previous` are the file
    /// names of the latest earlier release, for `like = "previous"`; without one nothing is expected, since the first
    /// release has nothing to be like. `None`: nothing is said, and whatever is built is the release.
    #[must_use]
    pub fn expected(&self, variant: Option<&Variant>, previous: Option<&[String]>) -> Option<Expected> {
        if self.expect.like_previous.is_some() {
            let names =
                previous.filter(|names| names.iter().any(|name| name.parse::<DistFilename>().is_ok()))?;
            return Some(Expected::like(names.iter().map(String::as_str)));
        }
        let sdist = SdistRule::from(self.expect.sdist.as_ref().map(|sdist| sdist.value));
        if let Some(wheels) = &self.expect.wheels {
            let made_for = variant.and_then(|variant| variant.platforms.as_ref());
            let fits = |tags: &&ExpectedTags| {
                made_for.is_none_or(|made_for| made_for.value.iter().any(|platform| tags.reach(*platform)))
            };
            return Some(Expected::of_tags(wheels.value.iter().filter(fits).cloned(), sdist));
        }
        if self.matrix.is_some() {
            return Some(Expected::of_legs(&self.owed_legs(variant), sdist));
        }
        (sdist != SdistRule::Allowed).then(|| Expected::of_sdist(sdist))
    }
}

fn axes_of(variants: &[&Variant]) -> Vec<VariantAxis> {
    if variants.is_empty() {
        return vec![VariantAxis::default()];
    }
    variants.iter().map(|variant| variant.axis()).collect()
}
