//! A transport of its own for some origins.

use std::sync::Arc;

use url::{Origin, Url};

use super::{BoxFuture, Request, Response, Transport, TransportError};

/// Sends requests to some origins (scheme, host and port) through transports of their own, all others through a
/// common one.
///
/// That is how a certificate authority or a client certificate holds for the index it was configured for and for
/// nobody else: an authority that may vouch for every server can read every credential.
#[derive(Clone, Debug)]
pub struct OriginTransport {
    common: Arc<dyn Transport>,
    own: Vec<(Origin, Arc<dyn Transport>)>,
}

impl OriginTransport {
    /// Sends everything through `common`.
    #[must_use]
    pub fn new(common: Arc<dyn Transport>) -> Self {
        Self { common, own: Vec::new() }
    }

    /// Sends requests to the origin of `url` through `transport`; the first word about an origin holds.
    #[must_use]
    pub fn with(mut self, url: &Url, transport: Arc<dyn Transport>) -> Self {
        self.own.push((url.origin(), transport));
        self
    }
}

impl Transport for OriginTransport {
    fn send<'a>(&'a self, request: Request) -> BoxFuture<'a, Result<Response, TransportError>> {
        let origin = request.url.origin();
        let own = self.own.iter().find(|(known, _)| *known == origin);
        own.map_or(&self.common, |(_, transport)| transport).send(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::VirtualClock;
    use crate::http::MemoryTransport;
    use bytes::Bytes;

    fn answering(status: u16) -> Arc<dyn Transport> {
        let clock = Arc::new(VirtualClock::new(jiff::Timestamp::UNIX_EPOCH));
        Arc::new(MemoryTransport::new(clock, move |_request, _now| {
            http::Response::builder().status(status).body(Bytes::new()).unwrap()
        }))
    }

    #[tokio::test]
    async fn only_the_very_origin_has_its_own_transport() {
        let url = |text: &str| Url::parse(text).unwrap();
        let transport = OriginTransport::new(answering(404))
            .with(&url("https://packages.example/legacy/"), answering(200));
        for (asked, status) in [
            ("https://packages.example:443/simple/", 200),
            ("https://PACKAGES.example/", 200),
            ("http://packages.example/", 404),
            ("https://packages.example:8443/", 404),
            ("https://files.packages.example/", 404),
            ("https://packages.example.org/", 404),
        ] {
            let answer = transport.send(Request::get(url(asked))).await.unwrap();
            assert_eq!(answer.status.as_u16(), status, "{asked}");
        }
    }
}
