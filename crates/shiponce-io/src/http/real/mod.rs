//! The real network: reqwest over rustls with ring.

use std::time::Duration;

use http::HeaderValue;
use http::header::{ACCEPT_ENCODING, CONTENT_LENGTH};
use reqwest::redirect;
use tokio::time::Instant;

mod activity;
mod classify;
mod connect;
mod options;
mod receive;
mod tls;
mod upload;

pub use options::{ExtraRoots, ProxyChoice, ProxyRule, ProxyScope, SetupError, TransportOptions, Warning};
pub(super) use upload::check_length;

use super::auth::move_userinfo_to_header;
use super::{
    Body, BoxFuture, Limits, Peer, Phase, Request, Response, ResponseBody, Transport, TransportError,
};
use activity::{Activity, Expired};
use receive::Receiving;

/// Speaks HTTP/1.1 and HTTP/2 over real sockets, keeping connections for reuse.
///
/// Loopback addresses are never reached through a proxy: a proxy's loopback is another machine's.
#[derive(Clone, Debug)]
pub struct RealTransport {
    proxied: Pair,
    direct: Pair,
}

/// Two clients that differ only in whether they decode `Content-Encoding`.
///
/// Some file servers mark a `.tar.gz` as `Content-Encoding: gzip`; decoding it would change its digest
/// (pip asks for `identity` and ignores the header for the same reason).
#[derive(Clone, Debug)]
struct Pair {
    decoding: reqwest::Client,
    verbatim: reqwest::Client,
}

impl RealTransport {
    /// Loads certificate authorities and prepares connections; opens none yet.
    ///
    /// # Errors
    /// When an option cannot be used. A machine without certificate authorities is only a [`Warning`].
    pub fn new(options: &TransportOptions) -> Result<(Self, Vec<Warning>), SetupError> {
        let (tls, warnings) = tls::client_config(options)?;
        let pair = |proxy: &ProxyChoice| -> Result<Pair, SetupError> {
            Ok(Pair {
                decoding: client(options, &tls, proxy, true)?,
                verbatim: client(options, &tls, proxy, false)?,
            })
        };
        let transport = Self { proxied: pair(&options.proxy)?, direct: pair(&ProxyChoice::None)? };
        Ok((transport, warnings))
    }

    async fn exchange(&self, mut request: Request) -> Result<Response, TransportError> {
        let peer = Peer::of(&request);
        move_userinfo_to_header(&mut request);
        let limits = request.limits;
        let pair = if is_loopback(&request.url) { &self.direct } else { &self.proxied };
        let decode = !request.headers.contains_key(ACCEPT_ENCODING);
        let client = if decode { &pair.decoding } else { &pair.verbatim };

        let activity = Activity::start();
        let deadline = limits.total.and_then(|total| Instant::now().checked_add(total));
        let wire = wire_request(&peer, request, &activity)?;
        let attempt = connect::Attempt { activity: activity.clone(), limits, deadline };
        let exchange = connect::scope(attempt, client.execute(wire));
        match activity.watch(exchange, &limits, deadline).await {
            Ok(Ok(answer)) => Ok(answered(peer, answer, &limits, deadline)),
            Ok(Err(error)) => Err(classify::exchange_failed(peer, error, &activity)),
            Err(Expired { limit }) => {
                Err(TransportError::Timeout { peer, phase: Phase::Exchange, limit, sent: true })
            }
        }
    }
}

impl Transport for RealTransport {
    fn send<'a>(&'a self, request: Request) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(self.exchange(request))
    }
}

fn client(
    options: &TransportOptions,
    tls: &rustls::ClientConfig,
    proxy: &ProxyChoice,
    decode: bool,
) -> Result<reqwest::Client, SetupError> {
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .user_agent(&options.user_agent)
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .gzip(decode)
        .tcp_nodelay(true)
        .tcp_keepalive(Duration::from_secs(30))
        .connector_layer(connect::Watch);
    options::with_proxies(builder, proxy)?.build().map_err(|source| SetupError::Client { source })
}

fn wire_request(
    peer: &Peer,
    request: Request,
    activity: &Activity,
) -> Result<reqwest::Request, TransportError> {
    let length = request.body.length();
    let body = match request.body {
        Body::Empty => None,
        Body::Bytes(bytes) if request.progress.is_none() => Some(reqwest::Body::from(bytes)),
        Body::Bytes(bytes) => Some(upload::from_bytes(bytes, activity.clone(), request.progress)),
        Body::Stream(source) => {
            let reader =
                source.open().map_err(|source| TransportError::OpenBody { peer: peer.clone(), source })?;
            Some(upload::from_reader(reader, length, activity.clone(), request.progress))
        }
    };
    let mut wire = reqwest::Request::new(request.method, request.url);
    *wire.headers_mut() = request.headers;
    if body.is_some() {
        // A stream has no length of its own, and a chunked upload is refused by many indexes.
        wire.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    *wire.body_mut() = body;
    Ok(wire)
}

fn answered(peer: Peer, answer: reqwest::Response, limits: &Limits, deadline: Option<Instant>) -> Response {
    Response {
        status: answer.status(),
        reason: reason_phrase(answer.extensions()),
        headers: answer.headers().clone(),
        body: ResponseBody::new(
            peer.clone(),
            Box::new(Receiving::new(peer, answer, *limits, deadline)),
            limits.response_bytes,
        ),
    }
}

/// The reason phrase when it differs from the standard one for the status.
pub(super) fn reason_phrase(extensions: &http::Extensions) -> Option<String> {
    let phrase = extensions.get::<hyper::ext::ReasonPhrase>()?;
    Some(String::from_utf8_lossy(phrase.as_bytes()).into_owned())
}

fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}
