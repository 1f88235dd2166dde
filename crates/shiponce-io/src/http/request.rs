//! One request: method, address, headers, body, limits.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue, PROXY_AUTHORIZATION};
use http::{HeaderMap, Method};
use url::Url;

use super::Body;
use super::auth::strip_userinfo;

/// Called with the number of body bytes handed to the connection so far.
pub type Progress = Arc<dyn Fn(u64) + Send + Sync>;

/// One request. Its `Debug` shows neither credentials nor the body.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The address; `user:password@` becomes a basic `Authorization` header unless one is set.
    pub url: Url,
    /// Headers. With `Accept-Encoding` set here, the answer's body is passed on undecoded.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
    /// How long and how much.
    pub limits: Limits,
    /// Told about sent bytes.
    pub progress: Option<Progress>,
}

impl Request {
    /// A request without headers and body, with the usual limits.
    #[must_use]
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: Body::Empty,
            limits: Limits::default(),
            progress: None,
        }
    }

    /// A `GET` request with the usual limits.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// Sets a header, replacing an earlier value.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// Sets the limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets who is told about sent bytes.
    #[must_use]
    pub fn progress(mut self, progress: Progress) -> Self {
        self.progress = Some(progress);
        self
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut url = self.url.clone();
        strip_userinfo(&mut url);
        let mut headers = self.headers.clone();
        for name in [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE] {
            if let http::header::Entry::Occupied(mut entry) = headers.entry(name) {
                entry.insert(HeaderValue::from_static("<redacted>"));
            }
        }
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &url.as_str())
            .field("headers", &headers)
            .field("body", &self.body)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Bounds of one request; without them a silent peer holds a release for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest time for name resolution, connection, proxy tunnel and TLS together.
    pub connect: Duration,
    /// Longest time during which nothing moves in either direction. It also bounds the server's thinking
    /// time after the last body byte: the upload endpoint may take up to 240 s (its worker timeout).
    pub idle: Duration,
    /// Longest time from the call to the last byte of the answer, if bounded at all.
    pub total: Option<Duration>,
    /// Largest answer body in bytes, after decoding.
    pub response_bytes: u64,
}

impl Default for Limits {
    /// 10 s to connect, 30 s of silence, 5 minutes in all, 64 MiB: a listing of the largest project.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            total: Some(Duration::from_secs(300)),
            response_bytes: 64 << 20,
        }
    }
}
