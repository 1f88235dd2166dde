//! Finds the page an address stands for, through the cache in front of the index.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{ACCEPT, CACHE_CONTROL, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderName};
use jiff::Timestamp;
use md5::{Digest as _, Md5};

use super::{PageKey, files, integrity, json, simple};
use crate::address::Addresses;
use crate::answer::{self, Response};
use crate::route::Route;
use crate::text::{accept, normalize};
use crate::world::IndexState;

pub(crate) const SERIAL: HeaderName = HeaderName::from_static("x-pypi-last-serial");

/// The forms of the Simple API, in the server's order.
const FORMS: [&str; 3] =
    ["text/html", "application/vnd.pypi.simple.v1+html", "application/vnd.pypi.simple.v1+json"];

/// Answers a GET; `None` when the address is not one of the read surfaces.
pub(crate) fn read(
    state: &mut IndexState,
    route: &Route,
    headers: &HeaderMap,
    addresses: &Addresses,
    now: Timestamp,
) -> Option<Response> {
    let accepted = headers.get(ACCEPT).and_then(|v| v.to_str().ok());
    let key = match route {
        Route::Json { project, .. } | Route::Simple { project, .. } if *project != normalize(project) => {
            return Some(answer::moved(301, &normal_address(route, addresses)?));
        }
        Route::Simple { slash: false, .. } => {
            return Some(answer::moved(301, &normal_address(route, addresses)?));
        }
        Route::Json { project, version } => PageKey::Json(project.clone(), version.clone()),
        Route::Simple { project, .. } => PageKey::Simple(project.clone(), form(accepted)),
        Route::SimpleRoot => return Some(simple::root(state, form(accepted))),
        Route::File { blake2, filename, metadata } => {
            return Some(files::file(state, blake2, filename, *metadata));
        }
        Route::Provenance { project, version, filename } => {
            return Some(integrity::provenance(state, accepted, project, version, filename));
        }
        Route::ProjectPage { project } => return Some(files::project_page(state, project)),
        Route::Home => {
            return Some(answer::bytes(200, "text/html; charset=UTF-8", "<h1>A rehearsal index</h1>\n"));
        }
        _ => return None,
    };
    let fresh = match &key {
        PageKey::Json(project, version) => json::page(state, project, version.as_deref(), addresses),
        PageKey::Simple(project, form) => simple::page(state, project, form, addresses),
    };
    Some(state.pages.serve(key, fresh, &state.changes, now))
}

/// Anything unacceptable gets HTML, as `text/plain` does on the real service.
fn form(accepted: Option<&str>) -> &'static str {
    accept::best(accepted, &FORMS).unwrap_or(FORMS[0])
}

fn normal_address(route: &Route, addresses: &Addresses) -> Option<String> {
    let name = normalize(route.project()?);
    Some(match route {
        Route::Json { version: Some(version), .. } => format!("{}{name}/{version}/json", addresses.json()),
        Route::Json { .. } => format!("{}{name}/json", addresses.json()),
        _ => format!("{}{name}/", addresses.simple()),
    })
}

/// Adds the headers of a cacheable page.
pub(super) fn cacheable(mut response: Response, serial: u64, max_age: u32) -> Response {
    let tag = format!("\"{}\"", STANDARD.encode(Md5::digest(response.body())));
    answer::header(&mut response, ETAG, &tag);
    answer::header(&mut response, SERIAL, &serial.to_string());
    answer::header(&mut response, CACHE_CONTROL, &format!("max-age={max_age}, public"));
    answer::header(&mut response, VARY, "Accept");
    response
}

/// 304 when the client has the page already.
pub(crate) fn conditional(headers: &HeaderMap, response: Response) -> Response {
    let known = headers.get(IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let tag = response.headers().get(ETAG).and_then(|v| v.to_str().ok());
    let same = match (known, tag) {
        (Some(known), Some(tag)) => known.split(',').any(|k| k.trim().trim_start_matches("W/") == tag),
        _ => false,
    };
    if response.status() != 200 || !same {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    parts.status = http::StatusCode::NOT_MODIFIED;
    parts.headers.remove(http::header::CONTENT_LENGTH);
    Response::from_parts(parts, bytes::Bytes::new())
}
