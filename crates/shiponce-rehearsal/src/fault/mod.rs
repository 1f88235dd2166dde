//! Faults: what goes wrong, for which requests, and what that does to an answer.

mod apply;
mod spec;

use std::time::Duration;

pub use apply::HANG;
pub(crate) use apply::{after, before};
pub use spec::{FaultSpec, FaultSpecError};

use crate::address::Index;
use crate::world::RouteKind;

/// How stale a read surface is after a change.
///
/// Pages somebody has read before are what gets stale; a "not found" that was read before lingers in the
/// same way, and the JSON API and the two forms of the Simple API are separate pages (as in the cache in
/// front of the real service).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lag {
    /// Changes are seen at once.
    #[default]
    None,
    /// For this long after the change the old page is answered.
    For(Duration),
    /// The next so many reads of the page get the old one.
    Reads(u32),
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// This status instead of an answer, nothing done. `retry_after` is in seconds.
    Status {
        /// 500, 502, 503 or 429.
        code: u16,
        /// The value of a Retry-After header.
        retry_after: Option<u32>,
    },
    /// This status although the request was carried out.
    StoredStatus(u16),
    /// A 200 although nothing was done.
    NotStored,
    /// The read-only refusal of the upload view.
    ReadOnly,
    /// The refusal while uploads are disabled.
    UploadsDisabled,
    /// The refusal while new projects are disabled; existing ones pass.
    NewProjectsDisabled,
    /// Trusted publishing is disabled.
    OidcDisabled,
    /// A 200 with the HTML of a hotel's log-in page.
    CaptivePortal,
    /// No answer ever.
    Hang,
    /// The connection dies when half of the request's body has been read.
    CutReading,
    /// The connection dies before the request is carried out.
    DropBefore,
    /// The request is carried out, then the connection dies.
    DropAfter,
    /// The request is carried out, and the connection dies half way through the answer's body.
    Truncated,
    /// The upload loses the race to create a release: 500, nothing stored.
    Race,
    /// The answer is right, and late.
    Delay(Duration),
    /// GitHub's primary limit: 403, with nothing left for so many seconds.
    RateLimit {
        /// Seconds until the limit begins anew.
        seconds: u32,
    },
    /// GitHub's secondary limit: 403. `retry_after` is in seconds.
    SecondaryLimit {
        /// The value of a Retry-After header.
        retry_after: Option<u32>,
    },
    /// An asset's upload dies on GitHub's side with this status, and keeps the asset's name.
    Starter(u16),
    /// A 200 with the HTML of GitHub's own page for times when it has no answer.
    Unicorn,
    /// Pages that were read before lag behind changes; see [`Lag`]. Holds from the moment the fault is
    /// added, whatever the specification says about when.
    Stale(Lag),
}

/// The counters behind the fault specifications of a world.
#[derive(Debug, Default)]
pub(crate) struct FaultBook {
    faults: Vec<(FaultSpec, u32)>,
}

impl FaultBook {
    pub(crate) fn new(specs: &[FaultSpec]) -> Self {
        Self { faults: specs.iter().map(|spec| (spec.clone(), 0)).collect() }
    }

    pub(crate) fn add(&mut self, spec: FaultSpec) {
        self.faults.push((spec, 0));
    }

    /// Counts a request and returns the first fault that meets it. Every specification that covers the
    /// request counts it, whether or not another one wins.
    pub(crate) fn meet(&mut self, index: Option<Index>, route: RouteKind) -> Option<FaultSpec> {
        let mut met = None;
        for (spec, seen) in &mut self.faults {
            if spec.covers(index, route) {
                *seen += 1;
                if met.is_none() && spec.strikes(*seen) {
                    met = Some(spec.clone());
                }
            }
        }
        met
    }
}
