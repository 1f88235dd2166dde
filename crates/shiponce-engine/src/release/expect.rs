//! Whether a release has the files it must have, before any of them goes to production.

use crate::observe::Seen;
use crate::target::ReleaseTarget;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::canonical::Value;
use shiponce_core::expect::Expected;
use shiponce_core::observation::Listing;
use shiponce_core::{DistFilename, Version};

/// The files that a release must have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Expectation {
    /// Whatever is built is the release.
    #[default]
    Anything,
    /// A file in each of these places, and no other one.
    These(Expected),
    /// Files in the shape of the latest earlier release on production. The first release has nothing to be like.
    LikePrevious,
}

impl Expectation {
    /// The expectation as an input of a release: two releases that owe different files are not the same one.
    pub(crate) fn to_value(&self) -> Option<Value> {
        match self {
            Self::Anything => None,
            Self::These(expected) => {
                Some(Value::Array(expected.canonical().into_iter().map(Value::text).collect()))
            }
            Self::LikePrevious => Some(Value::text("like previous")),
        }
    }

    /// Holds files against it.
    ///
    /// # Errors
    /// `incomplete-release` naming what is missing, what nobody expects and what is there twice.
    pub(crate) fn check(
        &self,
        files: &[DistFilename],
        version: &Version,
        targets: &[ReleaseTarget],
        seen: &[Seen],
    ) -> Result<(), Problem> {
        self.resolve(version, targets, seen).map_or(Ok(()), |expected| judge(&expected, files))
    }

    /// Why files that are like those of an earlier release cannot be asked for; `None` when they can, or are not.
    pub(crate) fn unanswered(
        &self,
        version: &Version,
        targets: &[ReleaseTarget],
        seen: &[Seen],
    ) -> Option<String> {
        if *self != Self::LikePrevious || self.resolve(version, targets, seen).is_some() {
            return None;
        }
        Some(match targets.iter().find(|target| target.is_production()) {
            Some(production) => format!(
                "[expect] like = \"previous\" asks for nothing: {} has no release before {version}",
                production.label
            ),
            None => {
                "[expect] like = \"previous\" asks for nothing: production is not part of this run".to_owned()
            }
        })
    }

    /// The files themselves; `None` when nothing is known of them.
    pub(crate) fn resolve(
        &self,
        version: &Version,
        targets: &[ReleaseTarget],
        seen: &[Seen],
    ) -> Option<Expected> {
        match self {
            Self::Anything => None,
            Self::These(expected) => Some(expected.clone()),
            Self::LikePrevious => {
                let production = targets.iter().zip(seen).find(|(target, _)| target.is_production());
                let previous = production.and_then(|(_, seen)| previous(seen.listing()?, version))?;
                Some(Expected::like(previous.iter().map(String::as_str)))
            }
        }
    }
}

/// The files of the latest version before this one, if any of them is a wheel or a source distribution.
fn previous(listing: &Listing, version: &Version) -> Option<Vec<String>> {
    let earlier = listing.versions().into_iter().filter(|other| other < version).max()?;
    let names: Vec<String> = listing.of_version(&earlier).map(|file| file.filename.clone()).collect();
    names.iter().any(|name| name.parse::<DistFilename>().is_ok()).then_some(names)
}

fn judge(expected: &Expected, files: &[DistFilename]) -> Result<(), Problem> {
    let found = expected.completeness(files);
    let (missing, extra, twice) = (found.missing.len(), found.extra.len(), found.twice.len());
    if (missing, extra, twice) == (0, 0, 0) {
        return Ok(());
    }
    let total = expected.slots().count();
    let message = if missing > 0 {
        format!("{missing} of {total} files that the release must have are missing")
    } else if extra > 0 {
        format!("{} that the release does not have are here", crate::problem::files(extra))
    } else {
        format!("{twice} of {total} places of the release are taken twice")
    };
    let mut problem = Problem::new(ErrorCode::IncompleteRelease, message);
    for slot in &found.missing {
        problem = problem.fact("missing", slot.to_string());
    }
    for file in &found.extra {
        problem = problem.fact("not expected", file.clone());
    }
    for filled in &found.twice {
        problem = problem.fact(format!("twice {}", filled.slot), filled.files.join(", "));
    }
    problem = problem.note("Nothing was uploaded by this run.");
    if missing > 0 {
        problem = problem
            .hint("build what is missing where it can be built, and hand all files over: --skip-build --dist-dir DIR");
    }
    Err(problem.hint("or correct [expect] or matrix in shiponce.toml"))
}
