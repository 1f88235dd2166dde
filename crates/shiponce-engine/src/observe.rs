//! Reading every target at once.

use crate::context::Context;
use crate::target::ReleaseTarget;
use futures_util::future::join_all;
use shiponce_core::PackageName;
use shiponce_core::observation::{Listing, View};
use shiponce_index::{Freshness, Observer};
use std::time::Duration;

/// What one target said, and when.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// The answer.
    pub(crate) view: View,
    /// The reading of the monotonic clock when it was complete.
    pub(crate) read_at: Duration,
    /// Successful readings by this press since anything was sent, this one included.
    pub(crate) readings: u32,
}

impl Seen {
    /// The listing, when there is one.
    pub(crate) fn listing(&self) -> Option<&Listing> {
        match &self.view {
            View::Listed(listing) => Some(listing),
            View::Unobserved { .. } => None,
        }
    }
}

/// Reads `project` on every target, one reading each.
pub(crate) async fn observe_all(
    context: &Context,
    observer: &Observer,
    project: &PackageName,
    targets: &[ReleaseTarget],
    freshness: Freshness,
) -> Vec<Seen> {
    let read = |target: &ReleaseTarget| {
        let index = target.index.clone();
        async move {
            let view = observer.read(&index, project, freshness).await.view;
            let readings = u32::from(matches!(view, View::Listed(_)));
            Seen { view, read_at: context.clock.monotonic(), readings }
        }
    };
    join_all(targets.iter().map(read)).await
}
