//! Notices that nothing moves any more, in either direction.

use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::http::Limits;

/// What one exchange has done so far; shared with the connector and the body.
#[derive(Clone, Debug)]
pub(super) struct Activity(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    last: Instant,
    connecting: bool,
    body_failure: Option<io::Error>,
}

/// A limit that passed.
#[derive(Debug)]
pub(super) struct Expired {
    pub(super) limit: Duration,
}

impl Activity {
    pub(super) fn start() -> Self {
        let state = State { last: Instant::now(), connecting: false, body_failure: None };
        Self(Arc::new(Mutex::new(state)))
    }

    /// A connection is being made for this exchange; the connector bounds that itself.
    pub(super) fn connecting(&self) {
        let mut state = self.state();
        state.connecting = true;
        state.last = Instant::now();
    }

    /// The connection is there.
    pub(super) fn connected(&self) {
        let mut state = self.state();
        state.connecting = false;
        state.last = Instant::now();
    }

    /// Bytes of the body were taken by the connection.
    pub(super) fn moved(&self) {
        let mut state = self.state();
        // Whoever takes bytes has a connection, whichever it is: the pool may have had one first.
        state.connecting = false;
        state.last = Instant::now();
    }

    pub(super) fn body_failed(&self, error: io::Error) {
        self.state().body_failure = Some(error);
    }

    pub(super) fn take_body_failure(&self) -> Option<io::Error> {
        self.state().body_failure.take()
    }

    fn quiet_until(&self, limits: &Limits) -> Instant {
        let state = self.state();
        let patience =
            if state.connecting { limits.connect.saturating_add(limits.idle) } else { limits.idle };
        state.last.checked_add(patience).unwrap_or_else(|| state.last + Duration::from_secs(1 << 30))
    }

    /// Drives `future` until it is done, nothing moves for `limits.idle`, or `deadline` passes.
    pub(super) async fn watch<F: Future>(
        &self,
        future: F,
        limits: &Limits,
        deadline: Option<Instant>,
    ) -> Result<F::Output, Expired> {
        let mut future = std::pin::pin!(future);
        loop {
            let quiet = self.quiet_until(limits);
            let until = deadline.map_or(quiet, |deadline| deadline.min(quiet));
            if let Ok(output) = timeout_at(until, &mut future).await {
                return Ok(output);
            }
            let now = Instant::now();
            if let Some(total) = limits.total.filter(|_| deadline.is_some_and(|deadline| deadline <= now)) {
                return Err(Expired { limit: total });
            }
            if self.quiet_until(limits) <= now {
                return Err(Expired { limit: limits.idle });
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
