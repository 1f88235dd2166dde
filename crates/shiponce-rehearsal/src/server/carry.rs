//! Carries one request from the socket to the world and its answer back, faults included.

use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use futures_util::stream;
use http::request::Parts;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::ext::ReasonPhrase;
use jiff::Timestamp;
use tokio::sync::Semaphore;

use crate::address::Index;
use crate::answer::{self, Response};
use crate::world::{InFlight, Mounted, World};

type Body = BoxBody<Bytes, io::Error>;

/// What the server keeps in memory of one request; the real service's own limit is close to it.
const MAX_BODY: u64 = 1 << 30;

#[derive(Debug, Clone)]
pub(super) struct Carrier {
    pub(super) world: World,
    pub(super) mounted: Option<Index>,
    pub(super) workers: Arc<Semaphore>,
}

impl Carrier {
    /// An error makes the server cut the connection.
    pub(super) async fn carry(self, request: hyper::Request<Incoming>) -> io::Result<hyper::Response<Body>> {
        let (mut head, incoming) = request.into_parts();
        if let Some(index) = self.mounted {
            head.extensions.insert(Mounted(index));
        }
        let admission = self.world.admit(&head);
        let cut = admission.cuts_reading().then(|| length(&head) / 2);
        let is_upload = admission.is_upload();
        let Some(body) = collect(incoming, cut, self.world.config().bytes_per_second).await? else {
            let response = answer::plain(&head.headers, 413);
            return send(response, head.method == http::Method::HEAD).await;
        };
        let worker = if is_upload { self.workers.acquire().await.ok() } else { None };
        let flight = self.world.begin_admitted(admission, &head, body, now());
        pause(flight.duration()).await;
        let response = finish(flight).await;
        drop(worker);
        send(response, head.method == http::Method::HEAD).await
    }
}

/// Observers may block, so the work is done where blocking is allowed.
async fn finish(flight: InFlight) -> Response {
    let flight = match flight.proxy(now()).await {
        Ok(response) => return response,
        Err(flight) => flight,
    };
    let done = tokio::task::spawn_blocking(move || flight.finish(now())).await;
    done.unwrap_or_else(|_| answer::crash())
}

fn length(head: &Parts) -> u64 {
    let header = head.headers.get(http::header::CONTENT_LENGTH);
    header.and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok()).unwrap_or(0)
}

/// The body, up to `cut` bytes if that is set, no faster than `pace` bytes a second; `None` when it is too large.
async fn collect(mut incoming: Incoming, cut: Option<u64>, pace: Option<u64>) -> io::Result<Option<Bytes>> {
    let mut body = BytesMut::new();
    let begun = tokio::time::Instant::now();
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(io::Error::other)?;
        if let Ok(data) = frame.into_data() {
            body.extend_from_slice(&data);
        }
        if cut.is_some_and(|cut| body.len() as u64 >= cut) {
            break;
        }
        if body.len() as u64 > MAX_BODY {
            return Ok(None);
        }
        if let Some(pace) = pace {
            pause(due(body.len() as u64, pace).saturating_sub(begun.elapsed())).await;
        }
    }
    Ok(Some(body.freeze()))
}

/// When so many bytes are through a line of this pace.
fn due(bytes: u64, pace: u64) -> Duration {
    let micros = u128::from(bytes) * 1_000_000 / u128::from(pace.max(1));
    Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
}

async fn send(response: Response, head_only: bool) -> io::Result<hyper::Response<Body>> {
    let (mut parts, body) = response.into_parts();
    let delay = parts.extensions.remove::<Duration>().unwrap_or_default();
    let death = parts.extensions.remove::<ErrorKind>();
    let reason = parts.extensions.remove::<String>();
    pause(delay).await;
    if let Some(kind) = death
        && kind != ErrorKind::UnexpectedEof
    {
        return Err(kind.into());
    }
    if let Some(reason) = reason.and_then(|text| ReasonPhrase::try_from(text.into_bytes()).ok()) {
        parts.extensions.insert(reason);
    }
    let body = if death.is_some() {
        let half = async move { Ok(Frame::data(body)) };
        let cut = async {
            // Lets the connection flush what it has before it is cut.
            tokio::task::yield_now().await;
            Err(io::Error::from(ErrorKind::UnexpectedEof))
        };
        BodyExt::boxed(StreamBody::new(stream::once(half).chain(stream::once(cut))))
    } else if head_only {
        Full::new(Bytes::new()).map_err(never).boxed()
    } else {
        Full::new(body).map_err(never).boxed()
    };
    Ok(hyper::Response::from_parts(parts, body))
}

fn never(error: Infallible) -> io::Error {
    match error {}
}

#[expect(clippy::disallowed_methods, reason = "this crate stands apart from the product's clock")]
async fn pause(time: Duration) {
    if time > Duration::ZERO {
        tokio::time::sleep(time).await;
    }
}

fn now() -> Timestamp {
    Timestamp::now()
}
