//! What one answer, or none, means for one call.

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use shiponce_io::http::{Phase, TransportError, TransportKind};
use url::Url;

use crate::error::{Error, Reason};
use crate::rate_limit::{rate_limited, retry_after};
use crate::server::without_userinfo;
use crate::text::sanitize;

/// What is being done, for messages and for the meaning of failures.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// As in `list the releases of owner/demo`.
    pub(crate) what: String,
    /// Whether it changes anything at GitHub.
    pub(crate) write: bool,
}

impl Call {
    pub(crate) fn read(what: String) -> Self {
        Self { what, write: false }
    }

    pub(crate) fn write(what: String) -> Self {
        Self { what, write: true }
    }

    /// No answer, or no whole one.
    pub(crate) fn broken(&self, error: TransportError) -> Error {
        let call = self.what.clone();
        let maybe_sent = error.kind().maybe_sent();
        let source = Box::new(error);
        match (maybe_sent, self.write) {
            (false, _) => Error::NotSent { call, source },
            (true, false) => Error::Unread { call, source },
            (true, true) => Error::AnswerLost { call, source },
        }
    }

    pub(crate) fn malformed(&self, complaint: impl Into<String>) -> Error {
        let complaint = sanitize(&complaint.into());
        Error::Malformed { call: self.what.clone(), complaint, write: self.write }
    }
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) url: Url,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Got {
    /// The JSON of an answer that was a success.
    pub(crate) fn json<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|error| call.malformed(error.to_string()))
    }

    /// The answer when it is a success, or what its failure means.
    pub(crate) fn judged(self, call: &Call, now: Timestamp) -> Result<Self, Error> {
        if self.status.is_success() && !self.is_page() {
            return Ok(self);
        }
        Err(self.failure(call, now))
    }

    /// Whether a page for people came: GitHub's "unicorn" is sent with status 200, too, when it has no answer in time.
    fn is_page(&self) -> bool {
        self.body.trim_ascii_start().first() == Some(&b'<')
    }

    fn failure(&self, call: &Call, now: Timestamp) -> Error {
        let said = Said::read(&self.body);
        let (what, status) = (call.what.clone(), self.status.as_u16());
        if let Some(limited) = rate_limited(self.status, &self.headers, &said.message, now) {
            return Error::RateLimited { call: what, limited, message: said.shown() };
        }
        match status {
            301 | 302 | 303 | 307 | 308 => Error::Moved { call: what, status, to: self.target() },
            401 => Error::Unauthenticated { call: what, message: said.shown() },
            403 => Error::Forbidden { call: what, message: said.shown() },
            404 | 410 => Error::NotFound { call: what },
            400..=499 => Error::Refused { call: what, reason: said.reason(), status, message: said.shown() },
            200..=299 | 500..=599 => {
                let message = if self.is_page() { "a page of HTML".to_owned() } else { said.shown() };
                let wait = retry_after(&self.headers, now);
                Error::Server { call: what, status, message, wait, write: call.write }
            }
            _ => call.malformed(format!("status {status}")),
        }
    }

    fn target(&self) -> String {
        let location = self.headers.get(LOCATION).and_then(|value| value.to_str().ok());
        let to = location.and_then(|text| self.url.join(text).ok()).map(|url| {
            let mut url = without_userinfo(&url);
            // Addresses of object stores carry their permission in the query.
            url.set_query(None);
            url
        });
        to.map_or_else(|| "an unnamed place".to_owned(), |url| url.to_string())
    }
}

/// The words of a failure: `{"message": …, "errors": [{"code": …, "message": …} | "…"]}`.
struct Said {
    message: String,
    details: Vec<String>,
    codes: Vec<String>,
}

impl Said {
    fn read(body: &[u8]) -> Self {
        let value: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let errors = value.get("errors").and_then(Value::as_array);
        let (mut details, mut codes) = (Vec::new(), Vec::new());
        for error in errors.into_iter().flatten() {
            let code = text(error, "code");
            let named = [text(error, "resource"), text(error, "field"), code.clone()];
            let named = named.into_iter().flatten().collect::<Vec<_>>().join(" ");
            let words = text(error, "message").or_else(|| error.as_str().map(str::to_owned)).unwrap_or(named);
            details.extend(Some(words).filter(|words| !words.is_empty()));
            codes.extend(code);
        }
        Self { message: text(&value, "message").unwrap_or_default(), details, codes }
    }

    fn shown(&self) -> String {
        let mut parts = vec![self.message.as_str()];
        parts.extend(self.details.iter().map(String::as_str));
        parts.retain(|part| !part.is_empty());
        sanitize(&parts.join("; "))
    }

    fn reason(&self) -> Reason {
        let all = self.shown().to_ascii_lowercase();
        if all.contains("used by an immutable release") {
            Reason::BurnedTag
        } else if all.contains("immutable release") {
            Reason::Immutable
        } else if self.codes.iter().any(|code| code == "already_exists") {
            Reason::AlreadyExists
        } else {
            Reason::Other
        }
    }
}

/// Whether a broken exchange may go through a moment later. A certificate that is not trusted now is not trusted then
/// either, and a body that cannot be opened stays closed.
pub(crate) fn passes(error: &TransportError) -> bool {
    match error {
        TransportError::Connect { phase: Phase::Tls, .. }
        | TransportError::Invalid { .. }
        | TransportError::OpenBody { .. }
        | TransportError::ReadBody { .. } => false,
        other => !matches!(other.kind(), TransportKind::TooLarge | TransportKind::Local),
    }
}
