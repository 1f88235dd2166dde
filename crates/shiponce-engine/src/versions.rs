//! `versions`: what each index has published, in PEP 440 order.

use crate::context::Context;
use crate::observe::observe_all;
use crate::session::observer;
use crate::target::ReleaseTarget;
use shiponce_api::v1::{IndexVersions, VersionRow, VersionsDocument};
use shiponce_core::PackageName;
use shiponce_core::observation::{Listing, View};
use shiponce_index::Freshness;

/// Reads every target.
pub async fn versions(
    context: &Context,
    project: &PackageName,
    targets: &[ReleaseTarget],
) -> VersionsDocument {
    let seen = observe_all(context, &observer(context, targets), project, targets, Freshness::Cached).await;
    let row = |(target, seen): (&ReleaseTarget, crate::observe::Seen)| {
        let versions = match seen.view {
            View::Listed(listing) => IndexVersions { observed: true, reason: None, versions: rows(&listing) },
            View::Unobserved { why } => {
                IndexVersions { observed: false, reason: Some(why), versions: Vec::new() }
            }
        };
        (target.core.name.clone(), versions)
    };
    let indexes = targets.iter().zip(seen).map(row).collect();
    VersionsDocument { project: project.normalized().to_owned(), indexes }
}

fn rows(listing: &Listing) -> Vec<VersionRow> {
    let row = |version: &shiponce_core::Version| {
        let files: Vec<_> = listing.of_version(version).collect();
        VersionRow {
            version: version.to_string(),
            files: files.len() as u64,
            yanked: files.iter().all(|file| file.yanked.is_some()),
            first_upload: listing.opened_at(version).map(|at| at.to_string()),
        }
    };
    listing.versions().iter().map(row).collect()
}
