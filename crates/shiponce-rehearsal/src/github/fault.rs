//! What the faults of a world do to requests for GitHub, in GitHub's own words.

use http::Method;
use http::header::RETRY_AFTER;
use jiff::{SignedDuration, Timestamp};

use super::dispatch::{self, Ask};
use super::repository::AssetState;
use super::route::{Place, Target};
use super::tokens::{Access, Github};
use super::{answer, assets};
use crate::answer::{Response, bytes as raw, header};
use crate::fault::{self, FaultKind};
use crate::world::Call;

/// The page of the site when it has no answer in time.
const UNICORN: &str = "<!DOCTYPE html>\n<html>\n  <head>\n    <title>Unicorn! &middot; GitHub</title>\n  </head>\n  <body>\n    <p>We had issues producing the response to your request.</p>\n  </body>\n</html>\n";

/// The answer that comes instead of carrying the request out; `None` when it is carried out.
pub(crate) fn before(
    kind: &FaultKind,
    call: &Call,
    target: &Target,
    github: &mut Github,
    now: Timestamp,
) -> Option<Response> {
    let mut response = match kind {
        FaultKind::Status { code, .. } => status(*code),
        FaultKind::UploadsDisabled | FaultKind::ReadOnly => answer::said(503, "Service unavailable"),
        FaultKind::Race => status(500),
        FaultKind::Unicorn => raw(200, "text/html; charset=utf-8", UNICORN),
        FaultKind::RateLimit { seconds } => limited(*seconds, call, github, now),
        FaultKind::SecondaryLimit { .. } => answer::secondary(403),
        FaultKind::Starter(code) => {
            leave_starter(call, target, github, now);
            status(*code)
        }
        FaultKind::CutReading => {
            leave_starter(call, target, github, now);
            return fault::before(kind, &call.headers, None);
        }
        // What did not happen is answered as if it had.
        FaultKind::NotStored => {
            let mut other = github.clone();
            dispatch::work(call, target, &mut other, 0, now).response
        }
        other => return fault::before(other, &call.headers, None),
    };
    if let FaultKind::Status { retry_after: Some(seconds), .. }
    | FaultKind::SecondaryLimit { retry_after: Some(seconds) } = kind
    {
        header(&mut response, RETRY_AFTER, &seconds.to_string());
    }
    Some(response)
}

/// Changes the answer of a request that was carried out.
pub(crate) fn after(kind: &FaultKind, call: &Call, response: Response) -> Response {
    match kind {
        FaultKind::StoredStatus(code) => status(*code),
        other => fault::after(other, &call.headers, response),
    }
}

fn status(code: u16) -> Response {
    match code {
        429 => answer::secondary(429),
        503 => raw(503, "text/html; charset=utf-8", UNICORN),
        500 => answer::said(500, "Server Error"),
        // In front of the API stands something that speaks JSON too.
        code => answer::of(code, &serde_json::json!({"message": "Server Error"})),
    }
}

/// The primary limit: nothing is left until the moment that is named.
fn limited(seconds: u32, call: &Call, github: &Github, now: Timestamp) -> Response {
    let login = github.caller(&call.headers, now).map(|caller| caller.login().to_owned());
    let mut response = answer::limited(&login.unwrap_or_default());
    let reset = now.saturating_add(SignedDuration::from_secs(i64::from(seconds))).unwrap_or(now);
    for (name, value) in [
        ("x-ratelimit-limit", github.hourly_limit.to_string()),
        ("x-ratelimit-remaining", "0".to_owned()),
        ("x-ratelimit-used", github.hourly_limit.to_string()),
        ("x-ratelimit-reset", reset.as_second().to_string()),
        ("x-ratelimit-resource", "core".to_owned()),
    ] {
        answer::set(response.headers_mut(), name, &value);
    }
    response
}

/// An upload that dies keeps the name of its asset.
fn leave_starter(call: &Call, target: &Target, github: &mut Github, now: Timestamp) {
    let Place::Upload(release) = target.place else { return };
    let Some(caller) = github.caller(&call.headers, now).filter(|_| call.method == Method::POST) else {
        return;
    };
    let known = target.repository.as_deref().and_then(|name| github.known(name));
    let access = known.map_or(Access::Nothing, |repository| caller.access(repository));
    let ask = Ask { call, target, caller, access, now };
    // A request that would have been refused leaves nothing.
    drop(assets::begin(&ask, github, release, bytes::Bytes::new(), AssetState::Starter));
}
