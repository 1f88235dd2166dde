//! What one answer says about a project.

use http::HeaderMap;
use http::header::{CONTENT_TYPE, ETAG};
use shiponce_core::PackageName;

use super::exchange::{Got, Miss};
use super::not_found::{self, NotFound};
use super::page::{Page, PageError};
use super::{Source, legacy_json, simple_html, simple_json};
use crate::chain::chain;
use crate::index::Index;

/// A believable answer.
#[derive(Debug)]
pub(crate) enum Found {
    /// A page of the project.
    Page(Box<FoundPage>),
    /// The index has no such project.
    Absent {
        /// What happens to be known about the index's state.
        serial: Option<u64>,
    },
    /// What is known already is still true (304).
    Unchanged,
}

/// A page and what identifies its state.
#[derive(Debug)]
pub(crate) struct FoundPage {
    pub page: Page,
    pub etag: Option<String>,
    pub serial: Option<u64>,
    pub source: Source,
}

/// Which API was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Api {
    Simple,
    Json,
}

/// Judges an answer that is neither a redirect nor a refusal nor a failure of the server.
pub(crate) fn judge(
    index: &Index,
    project: &PackageName,
    api: Api,
    conditional: bool,
    got: &Got,
) -> Result<Found, Miss> {
    let at = &got.url;
    match got.status.as_u16() {
        200 => page(project, api, got),
        304 if conditional => Ok(Found::Unchanged),
        404 => match not_found::judge(index, &got.body) {
            NotFound::Absent => Ok(Found::Absent { serial: serial(&got.headers) }),
            NotFound::Unbelievable(why) => {
                Err(Miss::Final(format!("`{at}` answered 404, which cannot be taken as an absence: {why}")))
            }
        },
        _ => Err(Miss::Final(format!("`{at}` answered {}", got.status))),
    }
}

fn page(project: &PackageName, api: Api, got: &Got) -> Result<Found, Miss> {
    let at = &got.url;
    if got.body.is_empty() {
        return Err(Miss::Final(format!("`{at}` answered 200 with an empty body")));
    }
    let kind = content_type(&got.headers);
    let Some(source) = source(api, &kind) else {
        let kind = if kind.is_empty() { "no content type".to_owned() } else { format!("`{kind}`") };
        return Err(Miss::Final(format!("`{at}` answered 200 with {kind}, which is not an index's page")));
    };
    let read = match source {
        Source::SimpleJson => simple_json::read(&got.body, project, at),
        Source::SimpleHtml => simple_html::read(&String::from_utf8_lossy(&got.body), project, at),
        Source::LegacyJson => legacy_json::read(&got.body, project, at),
    };
    let page = read.map_err(|error| refused(got, &error))?;
    let etag = got.headers.get(ETAG).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
    let serial = serial(&got.headers).or(page.serial);
    Ok(Found::Page(Box::new(FoundPage { page, etag, serial, source })))
}

fn refused(got: &Got, error: &PageError) -> Miss {
    Miss::Final(format!("`{}` answered 200, but {}", got.url, chain(error)))
}

fn content_type(headers: &HeaderMap) -> String {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn source(api: Api, content_type: &str) -> Option<Source> {
    match (api, content_type) {
        (Api::Json, "application/json") => Some(Source::LegacyJson),
        (Api::Simple, "text/html" | "application/xhtml+xml" | "application/vnd.pypi.simple.v1+html") => {
            Some(Source::SimpleHtml)
        }
        (Api::Simple, "application/json") => Some(Source::SimpleJson),
        (Api::Simple, other) => (other.starts_with("application/vnd.pypi.simple.")
            && other.ends_with("+json"))
        .then_some(Source::SimpleJson),
        (Api::Json, _) => None,
    }
}

fn serial(headers: &HeaderMap) -> Option<u64> {
    headers.get("x-pypi-last-serial")?.to_str().ok()?.trim().parse().ok()
}
