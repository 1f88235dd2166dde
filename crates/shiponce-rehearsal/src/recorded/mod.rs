//! Answers that the real service gave to requests anybody with a token can repeat, to be replayed against any index.
//!
//! The answers were measured against the service's own code of August 2026. Of that record, this is what needs no
//! administrator, no second person and no waiting; the tests of this crate replay the rest, with their hands in the world.
//! Cases are replayed in their order: later ones rest on files that earlier ones upload.

mod addresses;
mod content;
mod exchange;
mod form;
mod metadata;
mod reading;
mod uploads;

use bytes::Bytes;
use http::{Method, Request};

/// The index that is asked, and what it may be asked to keep.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Where `legacy/` and `_/oidc/` are, with a slash at the end.
    pub upload_root: String,
    /// Where `simple/` and `pypi/` are, with a slash at the end.
    pub read_root: String,
    /// A token that may upload to the project, and make it where it does not exist.
    pub token: String,
    /// A project that nobody needs; lower-case letters and digits. It gets files that stay.
    pub project: String,
    /// A version that the project never had. Cases use it and versions below it.
    pub version: String,
}

/// A request, and what the real service answered.
#[derive(Debug, Clone)]
pub struct Case {
    /// The name of the row in the record.
    pub id: &'static str,
    /// What is asked, in a few words.
    pub what: &'static str,
    /// The request; its address is whole.
    pub request: Request<Bytes>,
    /// The status that came back.
    pub status: u16,
    /// What the body says; each of these pieces, in this order. The service names its own pages between them.
    pub said: Vec<String>,
}

/// Every case that can be replayed against an index.
#[must_use]
pub fn cases(subject: &Subject) -> Vec<Case> {
    let tables = [uploads::cases, metadata::cases, addresses::cases, reading::cases, exchange::cases];
    tables.iter().flat_map(|table| table(subject)).collect()
}

impl Case {
    /// How an answer differs from the recorded one; `None` when it does not.
    #[must_use]
    pub fn difference(&self, status: u16, body: &[u8]) -> Option<String> {
        let text = unescaped(&String::from_utf8_lossy(body));
        if status != self.status {
            return Some(format!("status {status}, recorded {}: {}", self.status, shown(&text)));
        }
        let mut rest = text.as_str();
        for piece in &self.said {
            let Some(at) = rest.find(piece.as_str()) else {
                return Some(format!("it does not say `{piece}`: {}", shown(&text)));
            };
            rest = &rest[at + piece.len()..];
        }
        None
    }
}

/// A case; `<PyPI>` and `<PyPI docs>` in its text stand for addresses that differ between servers.
fn case(id: &'static str, what: &'static str, request: Request<Bytes>, status: u16, said: &str) -> Case {
    let pieces = said.split("<PyPI docs>").flat_map(|part| part.split("<PyPI>"));
    let said = pieces.filter(|piece| !piece.is_empty()).map(ToOwned::to_owned).collect();
    Case { id, what, request, status, said }
}

/// A request without a body.
fn bare(method: Method, address: &str, headers: &[(&'static str, &str)]) -> Request<Bytes> {
    with_body(method, address, headers, Bytes::new())
}

fn with_body(method: Method, address: &str, headers: &[(&'static str, &str)], body: Bytes) -> Request<Bytes> {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    // An address of the caller's that is none stays away from the request, which then fails as a whole.
    if let Ok(uri) = address.parse() {
        *request.uri_mut() = uri;
    }
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            request.headers_mut().insert(*name, value);
        }
    }
    request
}

fn get(address: &str) -> Request<Bytes> {
    bare(Method::GET, address, &[])
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// The first words of an answer on one line.
fn shown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(240).collect()
}
