//! A world in this process, reached without sockets and under any clock.

use std::fmt;
use std::io::{self, Read as _};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use http::header::{CONTENT_LENGTH, HOST};
use jiff::Timestamp;

use super::auth::move_userinfo_to_header;
use super::{
    Body, BoxFuture, Chunks, Peer, Phase, Request, Response, ResponseBody, Transport, TransportError,
};
use crate::Clock;

/// A world: it gets a whole request and the time, and answers.
///
/// The URI of the request is absolute and a `Host` header is set, so the world may serve many hosts.
pub type Handler = Arc<dyn Fn(http::Request<Bytes>, Timestamp) -> http::Response<Bytes> + Send + Sync>;

/// Runs a [`Handler`] in place of the network.
///
/// Extensions on the handler's response stand for what the network does to it:
/// - a [`Duration`]: the answer arrives that much later on the clock. The handler has acted already, so a
///   limit that passes meanwhile is [`super::TransportKind::Timeout`] with `sent`.
/// - an [`io::ErrorKind`]: the connection died in place of the answer. `ConnectionRefused`,
///   `HostUnreachable`, `NetworkUnreachable` and `AddrNotAvailable` mean that there never was a
///   connection ([`super::TransportKind::Unsent`]): a world that says so must not have acted. Every other
///   kind is [`super::TransportKind::Interrupted`].
#[derive(Clone)]
pub struct MemoryTransport {
    clock: Arc<dyn Clock>,
    handler: Handler,
}

impl MemoryTransport {
    /// A transport into `handler`, which is told the time of `clock`.
    pub fn new(
        clock: Arc<dyn Clock>,
        handler: impl Fn(http::Request<Bytes>, Timestamp) -> http::Response<Bytes> + Send + Sync + 'static,
    ) -> Self {
        Self { clock, handler: Arc::new(handler) }
    }

    async fn exchange(&self, mut request: Request) -> Result<Response, TransportError> {
        let peer = Peer::of(&request);
        move_userinfo_to_header(&mut request);
        let limits = request.limits;
        let message = whole_message(&peer, request)?;
        // Many requests in flight must interleave here as they do on a network, not run one by one.
        tokio::task::yield_now().await;
        let answer = (self.handler)(message, self.clock.now());
        let delay = answer.extensions().get::<Duration>().copied().unwrap_or_default();
        let patience = limits.total.map_or(limits.idle, |total| total.min(limits.idle));
        if delay > patience {
            self.clock.sleep(patience).await;
            return Err(TransportError::Timeout {
                peer,
                phase: Phase::Exchange,
                limit: patience,
                sent: true,
            });
        }
        if !delay.is_zero() {
            self.clock.sleep(delay).await;
        }
        if let Some(kind) = answer.extensions().get::<io::ErrorKind>() {
            return Err(died(peer, *kind));
        }
        Ok(answered(peer, answer, limits.response_bytes))
    }
}

impl Transport for MemoryTransport {
    fn send<'a>(&'a self, request: Request) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(self.exchange(request))
    }
}

impl fmt::Debug for MemoryTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryTransport").field("clock", &self.clock).finish_non_exhaustive()
    }
}

fn whole_message(peer: &Peer, request: Request) -> Result<http::Request<Bytes>, TransportError> {
    let body = match request.body {
        Body::Empty => Bytes::new(),
        Body::Bytes(bytes) => bytes,
        Body::Stream(source) => {
            let mut reader =
                source.open().map_err(|source| TransportError::OpenBody { peer: peer.clone(), source })?;
            let mut whole = Vec::new();
            let read = reader.read_to_end(&mut whole);
            read.and_then(|_| super::real::check_length(source.length(), whole.len() as u64))
                .map_err(|source| TransportError::ReadBody { peer: peer.clone(), source })?;
            whole.into()
        }
    };
    if let Some(progress) = &request.progress {
        progress(body.len() as u64);
    }
    let mut message = http::Request::builder()
        .method(request.method)
        .uri(request.url.as_str())
        .body(body)
        .map_err(|source| TransportError::Invalid { peer: peer.clone(), source: source.into() })?;
    *message.headers_mut() = request.headers;
    let length = message.body().len();
    if length > 0 {
        message.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    if let Ok(host) = HeaderValue::from_str(&peer.host) {
        message.headers_mut().entry(HOST).or_insert(host);
    }
    Ok(message)
}

fn died(peer: Peer, kind: io::ErrorKind) -> TransportError {
    let source = Box::new(io::Error::from(kind));
    match kind {
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::AddrNotAvailable => TransportError::Connect { peer, phase: Phase::Connect, source },
        _ => TransportError::Interrupted { peer, phase: Phase::Exchange, source },
    }
}

fn answered(peer: Peer, answer: http::Response<Bytes>, limit: u64) -> Response {
    let (parts, body) = answer.into_parts();
    let reason = super::real::reason_phrase(&parts.extensions);
    let chunks = Once(Some(body).filter(|body| !body.is_empty()));
    Response {
        status: parts.status,
        reason,
        headers: parts.headers,
        body: ResponseBody::new(peer, Box::new(chunks), limit),
    }
}

/// A body that is there already.
struct Once(Option<Bytes>);

impl Chunks for Once {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, TransportError>> {
        let bytes = self.0.take();
        Box::pin(async move { Ok(bytes) })
    }
}
