//! What the indexes have of a version, compared with the files at hand or with the frozen release.

use crate::context::Context;
use crate::observe::{Seen, observe_all};
use crate::session::{dry_observer, ledger_problem, read_ledger};
use crate::target::ReleaseTarget;
use shiponce_api::Problem;
use shiponce_core::observation::{Listing, RemoteFile, View};
use shiponce_core::{PackageName, Sha256, Version};
use shiponce_dist::Distribution;
use shiponce_gates::version::{IndexState, Published};
use shiponce_index::Freshness;
use std::collections::BTreeMap;

/// Reads every target once.
pub(super) async fn published(
    context: &Context,
    project: &PackageName,
    version: &Version,
    targets: &[ReleaseTarget],
    built: &[Distribution],
) -> Result<Vec<Published>, Problem> {
    let own = own_digests(context, project, version, built)?;
    let observer = dry_observer(context, targets);
    let seen = observe_all(context, &observer, project, targets, Freshness::Cached).await;
    let state = |(target, seen): (&ReleaseTarget, Seen)| {
        let state = match &seen.view {
            View::Listed(listing) => state(listing, version, &own),
            // An index that a release may go without decides nothing here either.
            View::Unobserved { .. } if !target.core.required => return None,
            View::Unobserved { why } => IndexState::Unobserved { why: why.clone() },
        };
        Some(Published { index: target.label.clone(), state })
    };
    Ok(targets.iter().zip(seen).filter_map(state).collect())
}

/// The digests that this version's files must have: of the files at hand, else of the frozen release.
fn own_digests(
    context: &Context,
    project: &PackageName,
    version: &Version,
    built: &[Distribution],
) -> Result<BTreeMap<String, Sha256>, Problem> {
    if !built.is_empty() {
        return Ok(built.iter().map(|file| (file.filename.to_string(), file.digests.sha256)).collect());
    }
    let ledger = read_ledger(context)?;
    let frozen = ledger.manifest(project, version).map_err(|error| ledger_problem(&error))?;
    let files = frozen.map(|manifest| manifest.files).unwrap_or_default();
    Ok(files.into_iter().map(|(name, entry)| (name, entry.sha256)).collect())
}

fn state(listing: &Listing, version: &Version, own: &BTreeMap<String, Sha256>) -> IndexState {
    let there: Vec<&RemoteFile> = listing.of_version(version).collect();
    let files = there.len() as u64;
    if files == 0 {
        return IndexState::Free;
    }
    let next = version.next_free(&listing.versions());
    let same: Vec<Option<bool>> =
        there.iter().map(|file| Some(file.sha256? == *own.get(&file.filename)?)).collect();
    if same.contains(&Some(false)) {
        IndexState::OtherContent { files, next }
    } else if same.iter().all(|same| *same == Some(true)) {
        IndexState::SameContent { files }
    } else {
        IndexState::Published { files, next }
    }
}
