//! Reading other projects through the production index.

mod forward;
mod links;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;

/// A page of the Simple API that the production index wants from its upstream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyRequest {
    /// The project, in its normalised spelling.
    pub project: String,
    /// The Accept header of the client, to be passed on.
    pub accept: Option<String>,
}

/// What the upstream said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyAnswer {
    /// The status; anything but 200 and 404 becomes 502 for the client.
    pub status: u16,
    /// Where the page was found, after redirections. Relative links in it are made absolute against this;
    /// clients fetch files from where they point.
    pub url: String,
    /// The content type of the page.
    pub content_type: String,
    /// The page.
    pub body: Bytes,
}

/// An error of the upstream, as text.
pub type ProxyError = Box<dyn std::error::Error + Send + Sync>;

/// The answer of an upstream on its way.
pub type ProxyFuture = Pin<Box<dyn Future<Output = Result<ProxyAnswer, ProxyError>> + Send>>;

/// Fetches pages of the Simple API for projects that are not released in this world.
///
/// The world itself opens no connection: whoever builds it passes in a function that does. Only the server and
/// [`World::handle_with_upstream`](crate::World::handle_with_upstream) call it; the plain `handle` answers
/// 404 for such projects.
#[derive(Clone)]
pub struct Upstream(Arc<Fetch>);

type Fetch = dyn Fn(ProxyRequest) -> ProxyFuture + Send + Sync;

impl Upstream {
    /// Wraps a function.
    pub fn new<F, A>(fetch: F) -> Self
    where
        F: Fn(ProxyRequest) -> A + Send + Sync + 'static,
        A: Future<Output = Result<ProxyAnswer, ProxyError>> + Send + 'static,
    {
        Self(Arc::new(move |request| Box::pin(fetch(request))))
    }

    pub(crate) async fn fetch(&self, request: ProxyRequest) -> Result<ProxyAnswer, ProxyError> {
        (self.0)(request).await
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Upstream")
    }
}
