//! Reading every target at once.

use crate::context::Context;
use crate::python::interrupted;
use crate::target::ReleaseTarget;
use futures_util::future::join_all;
use shiponce_api::Problem;
use shiponce_api::v1::Level;
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
        let (index, label) = (target.index.clone(), target.label.clone());
        async move {
            let view = observer.read(&index, project, freshness).await.view;
            context.report.line(Level::Debug, &heard(&label, &view));
            let readings = u32::from(matches!(view, View::Listed(_)));
            Seen { view, read_at: context.clock.monotonic(), readings }
        }
    };
    join_all(targets.iter().map(read)).await
}

fn heard(label: &str, view: &View) -> String {
    match view {
        View::Listed(listing) if listing.exists => {
            format!("{label} lists {}", crate::problem::files(listing.files.len()))
        }
        View::Listed(_) => format!("{label} does not have the project"),
        View::Unobserved { why } => format!("{label} could not be read: {why}"),
    }
}

/// The same, given up when the run is asked to stop: an index that hangs must not hold Ctrl-C back.
///
/// # Errors
/// `interrupted`.
pub(crate) async fn observe_or_stop(
    context: &Context,
    observer: &Observer,
    project: &PackageName,
    targets: &[ReleaseTarget],
    freshness: Freshness,
) -> Result<Vec<Seen>, Problem> {
    tokio::select! {
        seen = observe_all(context, observer, project, targets, freshness) => Ok(seen),
        () = context.cancel.cancelled() => Err(interrupted()),
    }
}
