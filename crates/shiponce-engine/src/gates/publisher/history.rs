//! Under which identity the last release with provenance was published.

use crate::target::ReleaseTarget;
use shiponce_api::v1::LastPublisher;
use shiponce_core::PackageName;
use shiponce_core::observation::View;
use shiponce_index::{Freshness, Observer};

/// Reads the highest release that has provenance. `Ok(None)` when none has.
///
/// # Errors
/// A sentence, when the index or its provenance could not be read.
pub(super) async fn last_publisher(
    observer: &Observer,
    target: &ReleaseTarget,
    project: &PackageName,
) -> Result<Option<LastPublisher>, String> {
    let listing = match observer.read(&target.index, project, Freshness::Bypass).await.view {
        View::Listed(listing) => listing,
        View::Unobserved { why } => return Err(why),
    };
    for version in listing.versions().into_iter().rev() {
        let Some(file) = listing.of_version(&version).find(|file| file.provenance.is_some()) else {
            continue;
        };
        let publishers = observer.published_by(&target.index, file).await?;
        return Ok(publishers.into_iter().next().map(|by| LastPublisher {
            version: version.to_string(),
            kind: by.kind,
            repository: by.repository,
            workflow: by.workflow,
            environment: by.environment,
        }));
    }
    Ok(None)
}
