//! Bytes and pages outside the API: behind signed addresses, as the real service keeps them on another host.

use http::Method;
use http::header::AUTHORIZATION;
use jiff::{SignedDuration, Timestamp};

use super::address::GithubAddresses;
use super::answer;
use super::repository::{AssetState, short_digest};
use super::route::{Place, Target};
use super::tokens::{Access, Caller, Github};
use crate::answer::{Response, bytes as raw};
use crate::world::Call;

/// How long a signed address works, in seconds.
const SIGNED_SECONDS: i64 = 300;

/// A signed address for an asset or an artifact.
pub(super) fn signed(addresses: &GithubAddresses, kind: &str, id: u64, now: Timestamp) -> String {
    let until = now.saturating_add(SignedDuration::from_secs(SIGNED_SECONDS)).unwrap_or(now).as_second();
    let path = format!("{kind}/{id}");
    addresses.storage(&format!("{path}?se={until}&sig={}", signature(&path, until)))
}

fn signature(path: &str, until: i64) -> String {
    short_digest(&format!("{path} until {until}, signed by this world"))
}

/// What stands behind a signed address.
pub(super) fn bytes(call: &Call, github: &Github, path: &str, now: Timestamp) -> Response {
    // The storage takes the signature or a header, not both: who sends the token along is refused.
    if call.headers.contains_key(AUTHORIZATION) {
        return raw(400, "application/xml", "<Error><Code>InvalidAuthenticationInfo</Code></Error>");
    }
    let query = |wanted: &str| -> Option<String> {
        let mut pairs = url::form_urlencoded::parse(call.query.as_bytes());
        pairs.find(|(key, _)| key == wanted).map(|(_, value)| value.into_owned())
    };
    let until: Option<i64> = query("se").and_then(|value| value.parse().ok());
    let valid = until.is_some_and(|until| {
        query("sig").as_deref() == Some(&signature(path, until)) && now.as_second() < until
    });
    if !valid || call.method != Method::GET {
        return raw(403, "application/xml", "<Error><Code>AuthenticationFailed</Code></Error>");
    }
    let number = |kind: &str| path.strip_prefix(kind)?.parse::<u64>().ok();
    let all = || github.repositories.values();
    let content = if let Some(id) = number("asset/") {
        all().find_map(|r| r.asset(id)).map(|(_, asset)| asset.content.clone())
    } else if let Some(id) = number("artifact/") {
        all().flat_map(|r| &r.artifacts).find(|a| a.id == id).map(|artifact| artifact.zip.clone())
    } else {
        None
    };
    match content {
        Some(content) => raw(200, "application/octet-stream", content),
        None => raw(404, "application/xml", "<Error><Code>BlobNotFound</Code></Error>"),
    }
}

/// The pages of a repository and the public addresses of its assets.
pub(super) fn page(call: &Call, target: &Target, github: &Github, now: Timestamp) -> Response {
    let lost = || answer::page(404, "Page not found · GitHub");
    let caller = github.caller(&call.headers, now).unwrap_or(Caller::Anonymous);
    let found = target.repository.as_deref().and_then(|name| github.known(name));
    let Some(repository) = found.filter(|repository| caller.access(repository) > Access::Nothing) else {
        return lost();
    };
    match &target.place {
        Place::Download { tag, file } => {
            let release = repository.releases.iter().find(|r| !r.draft && r.tag == *tag);
            let asset = release.and_then(|r| r.assets.iter().find(|a| a.name == *file));
            match asset.filter(|asset| asset.state == AssetState::Uploaded) {
                Some(asset) => answer::found(&signed(&target.addresses, "asset", asset.id, now)),
                None => lost(),
            }
        }
        Place::Page(rest) if rest.is_empty() || rest == "releases" => answer::page(200, &repository.name),
        Place::Page(rest) => {
            let tag = rest.strip_prefix("releases/tag/");
            let release = tag.and_then(|tag| repository.releases.iter().find(|r| !r.draft && r.tag == tag));
            release.map_or_else(lost, |r| answer::page(200, r.name.as_deref().unwrap_or(&r.tag)))
        }
        _ => lost(),
    }
}
