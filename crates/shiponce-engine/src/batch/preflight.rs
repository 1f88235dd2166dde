//! What a batch has before it, as far as it is known before anything is built.

use super::press::Press;
use crate::context::Context;
use crate::observe::Seen;
use crate::release::Input;
use crate::report::Say as _;
use crate::session::{Session, ledger_problem};
use shiponce_api::Problem;
use shiponce_api::v1::Preflight;
use shiponce_core::Version;
use shiponce_core::observation::Listing;

/// What one release has before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forecast {
    /// Every file is on every target.
    Complete,
    /// Files of this version are there that nobody here knows yet.
    Compare,
    /// It must be built.
    Build,
    /// The files are known, and not everywhere.
    Publish,
}

impl Press<'_> {
    /// Judged by names and frozen digests; what the files are is found out when they are in hand.
    fn forecast(&self, session: &Session<'_>) -> Result<Forecast, Problem> {
        let listings: Vec<&Listing> = self.seen.iter().filter_map(Seen::listing).collect();
        if let Input::Folder(folder) = &self.request.input {
            // An empty folder is an error of the next phase, which says more about it.
            let Ok(paths) = self.request.files_in(folder) else { return Ok(Forecast::Publish) };
            let names: Vec<&str> = paths.iter().filter_map(|path| path.file_name()?.to_str()).collect();
            let there = |listing: &Listing| names.iter().all(|name| listing.files.contains_key(*name));
            let everywhere = self.everywhere(&listings, there);
            return Ok(if everywhere { Forecast::Compare } else { Forecast::Publish });
        }
        let Some(version) = self.pipeline.version() else { return Ok(Forecast::Build) };
        let frozen = session.ledger.manifest(&self.request.project, version);
        let Some(frozen) = frozen.map_err(|error| ledger_problem(&error))? else {
            let any = listings.iter().any(|listing| listing.of_version(version).next().is_some());
            return Ok(if any { Forecast::Compare } else { Forecast::Build });
        };
        let there = |listing: &Listing| {
            let same = |(name, entry): (&String, &shiponce_core::FileEntry)| {
                listing.files.get(name).is_some_and(|file| file.sha256 == Some(entry.sha256))
            };
            frozen.files.iter().all(same)
        };
        Ok(if self.everywhere(&listings, there) { Forecast::Complete } else { Forecast::Publish })
    }

    fn everywhere(&self, listings: &[&Listing], there: impl Fn(&Listing) -> bool) -> bool {
        listings.len() == self.request.targets.len() && listings.iter().all(|listing| there(listing))
    }
}

/// The summary of all members that came this far; said when there are several.
pub(super) fn preflight(context: &Context, presses: &[Press<'_>]) -> Option<Preflight> {
    let mut found = Preflight::default();
    for press in presses {
        let Some(session) = press.session.as_ref().filter(|_| press.is_open()) else { continue };
        // A ledger that cannot be read ends the member in the next phase.
        let Ok(forecast) = press.forecast(session) else { continue };
        let list = match forecast {
            Forecast::Complete => &mut found.complete,
            Forecast::Compare => &mut found.compare,
            Forecast::Build => &mut found.build,
            Forecast::Publish => &mut found.publish,
        };
        list.push(title(press.request.project.normalized(), press.pipeline.version()));
    }
    if found == Preflight::default() {
        return None;
    }
    context.report.info(format!("{} releases in this press", presses.len()));
    for (words, list) in [
        ("already published", &found.complete),
        ("there, to be compared", &found.compare),
        ("to build", &found.build),
        ("to publish", &found.publish),
    ] {
        if !list.is_empty() {
            context.report.info(format!("  {words}: {} ({})", list.len(), list.join(", ")));
        }
    }
    Some(found)
}

/// `demo 1.0`, or the name alone.
pub(super) fn title(project: &str, version: Option<&Version>) -> String {
    version.map_or_else(|| project.to_owned(), |version| format!("{project} {version}"))
}
