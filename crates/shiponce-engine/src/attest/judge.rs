//! Before the first write: does every target get the attestations that it asks for, and what it had before?
//!
//! A file that was uploaded without one can never get it afterwards, so this cannot be mended later.

use super::Attested;
use crate::context::Context;
use crate::observe::Seen;
use crate::report::Say as _;
use crate::target::ReleaseTarget;
use shiponce_api::{ErrorCode, Problem};
use shiponce_config::Attestations;
use shiponce_core::Version;
use shiponce_core::observation::Listing;
use shiponce_core::plan::Plan;

/// Says what is sent where, and gives the sentence for the list of steps; `None` when no target is asked about any.
///
/// # Errors
/// `attestation-missing`, `provenance-downgrade`.
pub(crate) fn judge(
    context: &Context,
    targets: &[ReleaseTarget],
    plan: &Plan,
    seen: &[Seen],
    attested: &Attested,
) -> Result<Option<String>, Problem> {
    let mut said = Vec::new();
    for (target, seen) in targets.iter().zip(seen) {
        let cells = plan.cells_of(&target.core.name);
        let sending: Vec<&str> =
            cells.filter(|(_, cell)| cell.action.may_send()).map(|(name, _)| name).collect();
        if sending.is_empty() {
            continue;
        }
        let look = Look { target, sending: &sending, attested };
        let before = seen.listing().and_then(|listing| carried(listing, &plan.manifest.version));
        said.extend(look.line(context, before.as_ref()));
        look.refuse(before.as_ref())?;
    }
    Ok((!said.is_empty()).then(|| said.join("; ")))
}

struct Look<'a> {
    target: &'a ReleaseTarget,
    sending: &'a [&'a str],
    attested: &'a Attested,
}

impl Look<'_> {
    /// The files that would go there without one.
    fn bare(&self) -> Vec<&str> {
        let takes = self.target.takes_attestations();
        self.sending.iter().copied().filter(|name| !takes || !self.attested.has(name)).collect()
    }

    fn line(&self, context: &Context, before: Option<&Version>) -> Option<String> {
        let (label, report) = (&self.target.label, &context.report);
        if self.target.attest.policy == Attestations::Off {
            if let Some(version) = before {
                report.warning(format!(
                    "{label} shows provenance for {version}; this release has none there (attestations = \"off\")"
                ));
            }
            return None;
        }
        let with = self.sending.len() - self.bare().len();
        let signer = self.attested.signer().filter(|_| with > 0);
        let by = signer.map_or(String::new(), |signer| format!(", signed by {signer}"));
        let line = format!("{with} of {} files go to {label} with attestations{by}", self.sending.len());
        report.info(format!("  {line}"));
        if with == 0 && self.sending.iter().any(|name| self.attested.has(name)) {
            report.warning(format!(
                "attestations are not sent to {label}: it takes them from trusted publishers, and this run has a token"
            ));
        }
        Some(line)
    }

    fn refuse(&self, before: Option<&Version>) -> Result<(), Problem> {
        let bare = self.bare();
        let Some((first, rest)) = bare.split_first() else { return Ok(()) };
        let (label, name) = (&self.target.label, &self.target.core.name);
        let problem = match (self.target.attest.policy, before) {
            (Attestations::Require, _) => Problem::new(
                ErrorCode::AttestationMissing,
                format!("{label} requires attestations, and {first} would go there without one"),
            ),
            (Attestations::Prefer, Some(version)) => Problem::new(
                ErrorCode::ProvenanceDowngrade,
                format!(
                    "{label} shows provenance for {} {version}, and this release would go there without",
                    first_project(first)
                ),
            )
            .fact("file", *first),
            _ => return Ok(()),
        };
        let problem = rest.iter().fold(problem, |problem, file| problem.fact("also", *file));
        let problem = problem.note("Nothing was uploaded by this run.");
        Err(if self.target.takes_attestations() {
            problem
                .hint("let a pinned step of the workflow sign the files before this one: see the guide on CI")
                .hint(format!("or give it up on purpose: [index.{name}] attestations = \"off\""))
        } else {
            problem
                .hint(
                    "publish from CI with trusted publishing: the index takes attestations from nobody else",
                )
                .hint(format!("or give it up on purpose: [index.{name}] attestations = \"off\""))
        })
    }
}

/// The project in a file name, for a sentence.
fn first_project(filename: &str) -> &str {
    filename.split('-').next().unwrap_or(filename)
}

/// The release whose provenance must not be lost: this one when a file of it is there already, else the one before it
/// in the order of versions (a late lower version is held against its own line, not against the newest), else the
/// highest. `None` when that release has no provenance.
fn carried(listing: &Listing, version: &Version) -> Option<Version> {
    let versions = listing.versions();
    let before = versions.iter().rev().find(|known| *known <= version).or(versions.last())?;
    listing.of_version(before).any(|file| file.provenance.is_some()).then(|| before.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use shiponce_core::observation::RemoteFile;

    fn listing(files: &[(&str, bool)]) -> Listing {
        let file = |(version, provenance): &(&str, bool)| {
            let filename = format!("demo-{version}-py3-none-any.whl");
            let provenance = provenance.then(|| "https://index.example/p".to_owned());
            let none = None::<String>;
            let (yanked, url) = (none.clone(), none);
            let file = RemoteFile {
                filename: filename.clone(),
                sha256: None,
                size: None,
                uploaded_at: None,
                yanked,
                url,
                provenance,
            };
            (filename, file)
        };
        Listing { exists: true, files: files.iter().map(file).collect(), ..Listing::default() }
    }

    #[track_caller]
    fn before(files: &[(&str, bool)], version: &str) -> Option<String> {
        carried(&listing(files), &version.parse().unwrap()).map(|version| version.to_string())
    }

    #[test]
    fn the_release_before_this_one_decides() {
        assert_eq!(before(&[], "1.0"), None);
        assert_eq!(before(&[("1.0", true)], "1.1").as_deref(), Some("1.0"));
        assert_eq!(before(&[("1.0", true), ("1.1", false)], "1.2"), None);
        assert_eq!(before(&[("1.9", false), ("1.10", true)], "1.11").as_deref(), Some("1.10"));
        // A late lower version belongs to its own line.
        assert_eq!(before(&[("1.0", false), ("2.0", true)], "1.1"), None);
        assert_eq!(before(&[("2.0", true)], "1.1").as_deref(), Some("2.0"));
        // Another file of this release counts most.
        assert_eq!(before(&[("1.0", false), ("1.1", true)], "1.1").as_deref(), Some("1.1"));
    }
}
