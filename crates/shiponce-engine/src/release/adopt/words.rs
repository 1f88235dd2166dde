//! What is said when published files cannot be adopted.

use crate::observe::Seen;
use crate::problem::{files as counted, short};
use crate::release::Pipeline;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::expect::Slot;
use shiponce_core::provenance::Untied;
use shiponce_core::{PackageName, Sha256, Version};
use std::collections::BTreeMap;

impl Pipeline<'_> {
    /// Published files that nothing ties to this commit.
    pub(super) fn unproven(&self, version: &Version, seen: &[Seen], file: &str, why: &Untied) -> Problem {
        let request = self.request;
        let holder = request.targets.iter().zip(seen).filter(|(target, _)| target.is_production()).find_map(
            |(target, seen)| {
                let listing = seen.listing().filter(|listing| listing.files.contains_key(file))?;
                Some((target.label.as_str(), listing.of_version(version).count()))
            },
        );
        let (label, count) = holder.unwrap_or(("an index", 1));
        let message = format!(
            "{label} holds {} of {} {version}, published from unproven source",
            counted(count),
            request.project
        );
        let problem =
            Problem::new(ErrorCode::UnprovenSource, message).fact("file", file).fact("why", why.to_string());
        let problem = match &self.checkout {
            Some(checkout) => problem.fact("here", format!("commit {}", short(checkout.commit.as_str()))),
            None => problem,
        };
        problem
            .note("A rebuild would make other bytes beside them; nothing was built or uploaded.")
            .hint("resume with the original files: --skip-build --dist-dir DIR, or shiponce publish FILES")
            .hint("or release a new version")
    }
}

/// Files of a release that is begun and proven, and that nobody holds any more.
pub(super) fn lost(
    project: &PackageName,
    version: &Version,
    missing: &[Slot],
    files: &BTreeMap<String, Sha256>,
    taken: &[Version],
) -> Problem {
    let names: Vec<String> = missing.iter().map(|slot| file_of(project, version, slot)).collect();
    let first = names.first().map(String::as_str).unwrap_or_default();
    let message = format!("{project} {version} is begun from this commit, and no place holds {first}");
    let problem = names.iter().skip(1).fold(
        Problem::new(ErrorCode::BytesMissing, message).fact("there", counted(files.len())),
        |problem, name| problem.fact("also missing", name.clone()),
    );
    problem
        .note("Nothing is built beside published files: a rebuild would make other bytes.")
        .hint("hand the original file over: shiponce publish FILES")
        .hint(format!("or release {}", version.next_post(taken)))
}

/// The name a file of a slot has, where the slot says it; else the slot.
fn file_of(project: &PackageName, version: &Version, slot: &Slot) -> String {
    let name = project.normalized().replace('-', "_");
    match slot {
        Slot::Tags(tags) => format!("{name}-{version}-{tags}.whl"),
        Slot::Sdist => format!("{name}-{version}.tar.gz"),
        Slot::Leg { .. } | Slot::Like(_) => format!("a wheel for {slot}"),
    }
}

/// A published file of which nobody knows whether it is this commit's.
pub(super) fn unread(file: &str, why: String) -> Problem {
    Problem::new(
        ErrorCode::TargetUnobserved,
        format!("the provenance of {file} could not be read, so it is not known which commit it is from"),
    )
    .cause(why)
    .note("Nothing was built or uploaded by this run.")
    .hint("press again when the index answers")
}
