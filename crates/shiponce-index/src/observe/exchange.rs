//! One address read: attempts, pauses, redirects on the same server, limits.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, HeaderValue, IF_NONE_MATCH, PRAGMA, USER_AGENT};
use http::{HeaderMap, StatusCode};
use shiponce_io::Clock;
use shiponce_io::http::{Limits, Phase, Request, Response, Transport, TransportError, TransportKind};
use url::Url;

use super::options::ReadOptions;
use crate::chain::chain;
use crate::index::{Index, without_userinfo};
use crate::redirect;
use crate::retry_after::retry_after;
use crate::text::{SENTENCE_MAX, sanitize};

/// What is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Asked<'a> {
    pub url: Url,
    pub accept: &'static str,
    /// The validator of what is known already.
    pub etag: Option<&'a str>,
    /// Whether caches on the way must ask the origin.
    pub bypass: bool,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Got {
    /// Where it was served, after redirects.
    pub url: Url,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// No usable answer.
#[derive(Debug)]
pub(crate) enum Miss {
    /// It may pass.
    Passing { why: String, wait: Option<Duration> },
    /// Asking again changes nothing.
    Final(String),
}

impl Miss {
    pub(crate) fn passing(why: String) -> Self {
        Self::Passing { why, wait: None }
    }
}

/// Reads addresses of one index within one deadline.
#[derive(Debug)]
pub(crate) struct Exchange<'a> {
    pub transport: &'a dyn Transport,
    pub clock: &'a dyn Clock,
    pub options: &'a ReadOptions,
    pub index: &'a Index,
    /// On the monotonic clock.
    pub until: Duration,
}

impl Exchange<'_> {
    /// Asks until `judge` takes the answer, the failure is final, or attempts or time are used up. The error says
    /// what was tried and what came back.
    pub(crate) async fn ask<T>(
        &self,
        asked: &Asked<'_>,
        judge: impl Fn(Got) -> Result<T, Miss> + Send,
    ) -> Result<T, String> {
        let begun = self.clock.monotonic();
        let mut attempt = 1;
        loop {
            let answer = self.once(asked).await;
            let (why, wait) = match answer.and_then(&judge) {
                Ok(taken) => return Ok(taken),
                Err(Miss::Final(why)) => return Err(sanitize(&why, SENTENCE_MAX)),
                Err(Miss::Passing { why, wait }) => (why, wait),
            };
            let pause = wait.unwrap_or_else(|| self.options.pause_after(attempt));
            if attempt >= self.options.attempts || pause >= self.left() {
                let tried = self.clock.monotonic().saturating_sub(begun).as_secs();
                let asked_for =
                    wait.map_or_else(String::new, |wait| format!("; it asks to wait {} s", wait.as_secs()));
                let why =
                    format!("{why} ({attempt} of {} attempts, {tried} s{asked_for})", self.options.attempts);
                return Err(sanitize(&why, SENTENCE_MAX));
            }
            self.clock.sleep(pause).await;
            attempt += 1;
        }
    }

    fn left(&self) -> Duration {
        self.until.saturating_sub(self.clock.monotonic())
    }

    /// One attempt, redirects included.
    async fn once(&self, asked: &Asked<'_>) -> Result<Got, Miss> {
        let mut url = asked.url.clone();
        for _ in 0..=redirect::MAX {
            let got = self.send(asked, url).await?;
            if got.status == StatusCode::NOT_MODIFIED || !got.status.is_redirection() {
                return self.settled(got);
            }
            let Some(to) = redirect::target(got.status, &got.headers, &got.url) else {
                return Err(Miss::Final(format!("`{}` redirects without saying where to", got.url)));
            };
            if !redirect::same_server(&got.url, &to) {
                let host = to.host_str().unwrap_or("nowhere");
                return Err(Miss::Final(format!(
                    "`{}` redirects to another server, `{host}`: a captive portal, or an index that forwards what it \
                     does not have",
                    got.url
                )));
            }
            url = without_userinfo(&to);
        }
        Err(Miss::Final(format!("`{}` redirects more than {} times", asked.url, redirect::MAX)))
    }

    /// Sorts out the statuses that say nothing about the project.
    fn settled(&self, got: Got) -> Result<Got, Miss> {
        let status = got.status.as_u16();
        if status == 429 || (500..600).contains(&status) || status == 408 {
            let wait = retry_after(&got.headers, self.clock.now());
            return Err(Miss::Passing { why: format!("`{}` answered {}", got.url, got.status), wait });
        }
        if status == 401 || status == 403 {
            let reader =
                if self.index.read_auth.is_some() { "with this credential" } else { "without a credential" };
            return Err(Miss::Final(format!("`{}` answered {} {reader}", got.url, got.status)));
        }
        Ok(got)
    }

    async fn send(&self, asked: &Asked<'_>, url: Url) -> Result<Got, Miss> {
        let request = self.request(asked, &url).map_err(Miss::Final)?;
        let answer = self.transport.send(request).await.map_err(|error| missed(&error))?;
        let Response { status, headers, body, .. } = answer;
        let whole = Response { status, reason: None, headers: HeaderMap::new(), body };
        let body = whole.bytes(self.options.response_bytes).await.map_err(|error| missed(&error))?;
        Ok(Got { url, status, headers, body })
    }

    fn request(&self, asked: &Asked<'_>, url: &Url) -> Result<Request, String> {
        let left = self.left();
        let limits = Limits {
            connect: self.options.connect.min(left),
            idle: self.options.idle.min(left),
            total: Some(left),
            response_bytes: self.options.response_bytes,
        };
        let mut request = Request::get(url.clone())
            .header(ACCEPT, HeaderValue::from_static(asked.accept))
            .header(USER_AGENT, HeaderValue::from_static(crate::USER_AGENT))
            .limits(limits);
        if asked.bypass {
            request = request
                .header(CACHE_CONTROL, HeaderValue::from_static("no-cache"))
                .header(PRAGMA, HeaderValue::from_static("no-cache"));
        }
        if let Some(etag) = asked.etag.and_then(|etag| HeaderValue::from_str(etag).ok()) {
            request = request.header(IF_NONE_MATCH, etag);
        }
        if let Some(credential) = &self.index.read_auth {
            let header = credential.header_for(url).map_err(|error| chain(&error))?;
            request = request.header(AUTHORIZATION, header);
        }
        Ok(request)
    }
}

fn missed(error: &TransportError) -> Miss {
    let why = chain(error);
    // A certificate that is not trusted now is not trusted a second later either.
    if matches!(error, TransportError::Connect { phase: Phase::Tls, .. }) {
        return Miss::Final(why);
    }
    match error.kind() {
        TransportKind::Unsent | TransportKind::Interrupted | TransportKind::Timeout { .. } => {
            Miss::passing(why)
        }
        TransportKind::TooLarge | TransportKind::Local => Miss::Final(why),
    }
}
