//! The shapes of GitHub's answers.

use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::tokens::{Allowance, Caller, TokenKind};
use crate::answer::{self, Response};

const DOCS: &str = "https://docs.github.com/rest";

/// A request that is not carried out.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Refusal {
    /// Also for what the caller may not know about.
    NotFound,
    /// Signing in would help.
    NeedsSignIn,
    /// The token does not work.
    BadCredentials,
    /// The token works, and may not do this.
    MayNot(TokenKind),
    /// Fields that the model behind the API refuses.
    Invalid(Vec<Value>),
    /// A status with a message.
    Said(u16, String),
}

pub(super) type Outcome = Result<Response, Refusal>;

impl Refusal {
    /// One field with one of the API's own codes.
    pub(super) fn field(resource: &str, field: &str, code: &str) -> Self {
        Self::Invalid(vec![json!({"resource": resource, "code": code, "field": field})])
    }

    /// One message in the service's own words.
    pub(super) fn custom(resource: &str, field: Option<&str>, message: &str) -> Self {
        Self::Invalid(vec![custom(resource, field, message)])
    }

    /// What a token without the permission to write is told.
    pub(super) fn no_write(caller: &Caller) -> Self {
        match caller {
            Caller::Anonymous => Self::NeedsSignIn,
            Caller::Token(token) if token.kind == TokenKind::Classic => Self::NotFound,
            Caller::Token(token) => Self::MayNot(token.kind),
        }
    }

    pub(super) fn response(&self) -> Response {
        match self {
            Self::NotFound => said(404, "Not Found"),
            Self::NeedsSignIn => said(401, "Requires authentication"),
            Self::BadCredentials => said(401, "Bad credentials"),
            Self::MayNot(TokenKind::Workflow) => said(403, "Resource not accessible by integration"),
            Self::MayNot(_) => said(403, "Resource not accessible by personal access token"),
            Self::Invalid(errors) => {
                let body = json!({
                    "message": "Validation Failed",
                    "errors": errors,
                    "documentation_url": DOCS,
                    "status": "422",
                });
                of(422, &body)
            }
            Self::Said(status, message) => said(*status, message),
        }
    }
}

/// An entry of the `errors` of a 422.
pub(super) fn custom(resource: &str, field: Option<&str>, message: &str) -> Value {
    let mut entry = json!({"resource": resource, "code": "custom", "message": message});
    if let Some(field) = field {
        entry["field"] = json!(field);
    }
    entry
}

pub(super) fn of(status: u16, value: &Value) -> Response {
    answer::bytes(status, "application/json; charset=utf-8", value.to_string())
}

pub(super) fn said(status: u16, message: &str) -> Response {
    of(status, &json!({"message": message, "documentation_url": DOCS, "status": status.to_string()}))
}

/// 204: no body, no type.
pub(super) fn nothing() -> Response {
    let mut response = Response::new(bytes::Bytes::new());
    *response.status_mut() = http::StatusCode::NO_CONTENT;
    response
}

pub(super) fn page(status: u16, title: &str) -> Response {
    let title = crate::text::html(title);
    let page =
        format!("<!DOCTYPE html>\n<html><head><title>{title}</title></head><body>{title}</body></html>\n");
    answer::bytes(status, "text/html; charset=utf-8", page)
}

pub(super) fn found(to: &str) -> Response {
    let mut response = answer::bytes(302, "text/html;charset=utf-8", "");
    answer::header(&mut response, http::header::LOCATION, to);
    response
}

/// What every answer of the API carries.
pub(super) fn dress(response: &mut Response, allowance: Allowance, number: u64) {
    let left = allowance.limit.saturating_sub(allowance.used);
    let used = allowance.used.min(allowance.limit);
    let request_id = format!("0A2E:{number:04X}:52E1:A0:{number:08X}");
    for (name, value) in [
        ("x-github-media-type", "github.v3; format=json".to_owned()),
        ("x-github-request-id", request_id),
        ("x-ratelimit-limit", allowance.limit.to_string()),
        ("x-ratelimit-remaining", left.to_string()),
        ("x-ratelimit-used", used.to_string()),
        ("x-ratelimit-reset", allowance.reset.as_second().to_string()),
        ("x-ratelimit-resource", "core".to_owned()),
    ] {
        set(response.headers_mut(), name, &value);
    }
}

pub(super) fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// The primary limit is used up.
pub(super) fn limited(login: &str) -> Response {
    let whom = if login.is_empty() { "127.0.0.1".to_owned() } else { format!("user {login}") };
    said(403, &format!("API rate limit exceeded for {whom}."))
}

/// A limit on how fast one writes, whose bounds are not published.
pub(super) fn secondary(status: u16) -> Response {
    said(status, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.")
}

/// Seconds, as the API writes moments.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
