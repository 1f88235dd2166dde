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

use tower_layer::Layer;
use tower_service::Service;

use super::activity::Activity;

tokio::task_local! {
    static CURRENT: (Activity, Duration);
}

/// Runs `future` so that a connection made for it is bounded by `limit` and noted in `activity`.
pub(super) fn scope<F: Future>(
    activity: Activity,
    limit: Duration,
    future: F,
) -> impl Future<Output = F::Output> {
    CURRENT.scope((activity, limit), future)
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
        let Ok((activity, limit)) = CURRENT.try_with(Clone::clone) else {
            return Box::pin(connecting);
        };
        activity.connecting();
        Box::pin(async move {
            let Ok(outcome) = tokio::time::timeout(limit, connecting).await else {
                return Err(Failure::from(ConnectTimedOut { limit }));
            };
            if outcome.is_ok() {
                activity.connected();
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
