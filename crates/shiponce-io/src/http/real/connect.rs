//! A layer around reqwest's connector that bounds connecting per request and reports it.
//!
//! reqwest's own `connect_timeout` belongs to a whole client. Here it comes with each request, through a
//! task-local: the connector is called while the request's own future is polled.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;
use tower_layer::Layer;
use tower_service::Service;

use super::activity::Activity;
use crate::http::Limits;

tokio::task_local! {
    static CURRENT: Attempt;
}

/// The exchange that a connection is made for.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    pub(super) activity: Activity,
    pub(super) limits: Limits,
    pub(super) deadline: Option<Instant>,
}

impl Attempt {
    /// When connecting has taken too long, and by which limit.
    fn end(&self) -> (Option<Instant>, Duration) {
        let end = Instant::now().checked_add(self.limits.connect);
        match (self.deadline, self.limits.total) {
            (Some(deadline), Some(total)) if end.is_none_or(|end| deadline < end) => (Some(deadline), total),
            _ => (end, self.limits.connect),
        }
    }
}

/// Runs `future` so that a connection made for it is bounded and noted as `attempt` says.
pub(super) fn scope<F: Future>(attempt: Attempt, future: F) -> impl Future<Output = F::Output> {
    CURRENT.scope(attempt, future)
}

/// The layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watch;

impl<S> Layer<S> for Watch {
    type Service = Watched<S>;

    fn layer(&self, inner: S) -> Watched<S> {
        Watched { inner }
    }
}

/// A connector that is watched.
#[derive(Clone, Debug)]
pub(super) struct Watched<S> {
    inner: S,
}

type Failure = Box<dyn Error + Send + Sync>;

impl<S, T> Service<T> for Watched<S>
where
    S: Service<T, Error = Failure>,
    S::Response: 'static,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, Failure>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, target: T) -> Self::Future {
        let connecting = self.inner.call(target);
        let Ok(attempt) = CURRENT.try_with(Clone::clone) else {
            return Box::pin(connecting);
        };
        attempt.activity.connecting();
        Box::pin(async move {
            let outcome = match attempt.end() {
                (None, _) => connecting.await,
                (Some(end), limit) => tokio::time::timeout_at(end, connecting)
                    .await
                    .unwrap_or_else(|_late| Err(Failure::from(ConnectTimedOut { limit }))),
            };
            if outcome.is_ok() {
                attempt.activity.connected();
            }
            outcome
        })
    }
}

/// Connecting took too long; found again in reqwest's chain of causes.
#[derive(Debug)]
pub(super) struct ConnectTimedOut {
    pub(super) limit: Duration,
}

impl fmt::Display for ConnectTimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no connection within {} ms", self.limit.as_millis())
    }
}

impl Error for ConnectTimedOut {}
