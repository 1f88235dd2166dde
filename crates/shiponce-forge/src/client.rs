//! One repository of one GitHub, and how requests reach it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use http::{HeaderMap, Method};
use serde_json::Value;
use shiponce_core::RepositoryName;
use shiponce_io::Clock;
use shiponce_io::http::{Body, Limits, Request, Response, Transport};
use url::Url;

use crate::answer::{Call, Got};
use crate::error::Error;
use crate::server::Server;
use crate::token::{Token, is_secure};

/// The version of the REST API whose answers this crate understands.
const API_VERSION: HeaderValue = HeaderValue::from_static("2022-11-28");

/// Bounds of calls.
#[derive(Debug, Clone)]
pub struct Options {
    /// Longest time to connect.
    pub connect: Duration,
    /// Longest silence while reading.
    pub idle: Duration,
    /// Longest time for one page or one release, all attempts and pauses included; not for downloads.
    pub deadline: Duration,
    /// Longest silence during an upload, the server's thinking after the last byte included.
    pub upload_idle: Duration,
    /// Attempts of a read whose failure may pass. A write is never repeated here.
    pub attempts: u32,
    /// The pause after the first failed attempt; each further one is twice as long.
    pub pause: Duration,
    /// Longest pause between two attempts of a read. A rate limit that lasts longer ends the call at once.
    pub pause_max: Duration,
    /// Largest answer in bytes: a page holds 100 releases with up to 125 000 characters of notes each.
    pub response_bytes: u64,
    /// Most pages of one list; GitHub shows at most 10 000 releases, 100 on each page.
    pub pages: u32,
}

impl Default for Options {
    /// 10 s to connect, 20 s of silence (120 s in an upload), 4 attempts within a minute with pauses of 1 s to 30 s,
    /// 64 MiB, 100 pages.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(20),
            deadline: Duration::from_secs(60),
            upload_idle: Duration::from_secs(120),
            attempts: 4,
            pause: Duration::from_secs(1),
            pause_max: Duration::from_secs(30),
            response_bytes: 64 << 20,
            pages: 100,
        }
    }
}

/// Speaks to one repository of one GitHub.
#[derive(Debug, Clone)]
pub struct Client {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    server: Server,
    repository: RepositoryName,
    token: Option<Token>,
    options: Options,
}

impl Client {
    /// A client for `repository` at `server`. Without a token it reads what is public.
    #[must_use]
    pub fn new(
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        server: Server,
        repository: RepositoryName,
        token: Option<Token>,
        options: Options,
    ) -> Self {
        Self { transport, clock, server, repository, token, options }
    }

    /// The repository.
    #[must_use]
    pub fn repository(&self) -> &RepositoryName {
        &self.repository
    }

    /// Host and port of the API, for messages.
    #[must_use]
    pub fn host(&self) -> String {
        self.server.host()
    }

    /// An address of the repository in the API.
    pub(crate) fn api(&self, segments: &[&str]) -> Url {
        self.server.api(&self.below_repository(segments))
    }

    /// An address of the repository at the uploads.
    pub(crate) fn uploads(&self, segments: &[&str]) -> Url {
        self.server.uploads(&self.below_repository(segments))
    }

    fn below_repository<'a>(&'a self, segments: &[&'a str]) -> Vec<&'a str> {
        let mut all = vec!["repos", self.repository.owner(), self.repository.name()];
        all.extend(segments);
        all
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    /// Reads an address, several times when the failure may pass.
    pub(crate) async fn read(&self, call: &Call, url: &Url) -> Result<Got, Error> {
        self.patiently(|left| async move {
            let mut request = self.request(call, Method::GET, url)?;
            request.limits.total = Some(left);
            self.send(call, request).await
        })
        .await
    }

    /// Tries something that changes nothing until it succeeds, its failure will not pass, or attempts or time are used
    /// up. An attempt is told how much time is left.
    pub(crate) async fn patiently<T, F>(
        &self,
        attempt_once: impl Fn(Duration) -> F + Send,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>> + Send,
    {
        let until = self.clock.monotonic().saturating_add(self.options.deadline);
        let left = || until.saturating_sub(self.clock.monotonic());
        let mut attempt = 1;
        loop {
            let error = match attempt_once(left()).await {
                Ok(taken) => return Ok(taken),
                Err(error) => error,
            };
            let pause = error.wait().unwrap_or_else(|| self.pause_after(attempt));
            let patient =
                attempt < self.options.attempts && pause <= self.options.pause_max && pause < left();
            if !error.may_pass() || !patient {
                return Err(error);
            }
            self.clock.sleep(pause).await;
            attempt += 1;
        }
    }

    fn pause_after(&self, attempt: u32) -> Duration {
        let doubled = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        self.options.pause.saturating_mul(doubled).min(self.options.pause_max)
    }

    /// Sends one write once, with a JSON body if there is one.
    pub(crate) async fn write(
        &self,
        call: &Call,
        method: Method,
        url: &Url,
        body: Option<&Value>,
    ) -> Result<Got, Error> {
        let mut request = self.request(call, method, url)?;
        if let Some(body) = body {
            let json = HeaderValue::from_static("application/json; charset=utf-8");
            request = request.header(CONTENT_TYPE, json).body(Body::Bytes(Bytes::from(body.to_string())));
        }
        self.send(call, request).await
    }

    /// A request with what every request carries. The token goes along only where it belongs.
    pub(crate) fn request(&self, call: &Call, method: Method, url: &Url) -> Result<Request, Error> {
        let mut request = self.anonymous(method, url);
        if let Some(token) = &self.token {
            let header =
                token.header_for(url).map_err(|source| Error::Token { call: call.what.clone(), source })?;
            request = request.header(AUTHORIZATION, header);
        }
        Ok(request)
    }

    /// A request without the token.
    pub(crate) fn anonymous(&self, method: Method, url: &Url) -> Request {
        Request::new(method, url.clone())
            .header(ACCEPT, HeaderValue::from_static("application/vnd.github+json"))
            .header(USER_AGENT, HeaderValue::from_static(crate::USER_AGENT))
            .header(HeaderName::from_static("x-github-api-version"), API_VERSION)
            .limits(Limits {
                connect: self.options.connect,
                idle: self.options.idle,
                total: Some(self.options.deadline),
                response_bytes: self.options.response_bytes,
            })
    }

    /// One request, its whole answer, and what that means.
    pub(crate) async fn send(&self, call: &Call, request: Request) -> Result<Got, Error> {
        let url = request.url.clone();
        let Response { status, headers, body, .. } = self.exchange(call, request).await?;
        let whole = Response { status, reason: None, headers: HeaderMap::new(), body };
        let body = whole.bytes(self.options.response_bytes).await.map_err(|error| call.broken(error))?;
        Got { url, status, headers, body }.judged(call, self.clock.now())
    }

    /// One request and the head of its answer.
    pub(crate) async fn exchange(&self, call: &Call, request: Request) -> Result<Response, Error> {
        self.transport.send(request).await.map_err(|error| call.broken(error))
    }

    /// The failure of an answer whose head was read and whose body says why.
    pub(crate) async fn failed(&self, call: &Call, url: &Url, response: Response) -> Error {
        let Response { status, headers, body, .. } = response;
        let whole = Response { status, reason: None, headers: HeaderMap::new(), body };
        // The status decides; a body that breaks off has no words for it.
        let body = whole.bytes(64 << 10).await.unwrap_or_default();
        let got = Got { url: url.clone(), status, headers, body };
        match got.judged(call, self.clock.now()) {
            Ok(got) => call.malformed(format!("status {}", got.status.as_u16())),
            Err(error) => error,
        }
    }

    /// Whether a redirect from `from` to `to` keeps what was secure secure.
    pub(crate) fn stays_secure(from: &Url, to: &Url) -> bool {
        from.scheme() != "https" || is_secure(to)
    }
}
