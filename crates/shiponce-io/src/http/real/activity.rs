//! Notices that nothing moves any more, in either direction.

use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::http::Limits;

/// How much longer than the connector we wait for it. Only the connector can say that nothing was sent, so
/// it must be the first to notice that time is up.
const CONNECTOR_MARGIN: Duration = Duration::from_millis(500);

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

    /// When to stop waiting, and by which limit.
    fn end(&self, limits: &Limits, deadline: Option<Instant>) -> (Option<Instant>, Duration) {
        let state = self.state();
        let (patience, margin) = if state.connecting {
            (limits.connect.saturating_add(limits.idle), CONNECTOR_MARGIN)
        } else {
            (limits.idle, Duration::ZERO)
        };
        let quiet = state.last.checked_add(patience);
        let deadline = deadline.and_then(|deadline| deadline.checked_add(margin));
        match (deadline, limits.total) {
            (Some(deadline), Some(total)) if quiet.is_none_or(|quiet| deadline <= quiet) => {
                (Some(deadline), total)
            }
            _ => (quiet, limits.idle),
        }
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
            let (Some(end), _) = self.end(limits, deadline) else { return Ok(future.await) };
            if let Ok(output) = timeout_at(end, &mut future).await {
                return Ok(output);
            }
            // Something may have moved meanwhile.
            if let (Some(end), limit) = self.end(limits, deadline)
                && end <= Instant::now()
            {
                return Err(Expired { limit });
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
