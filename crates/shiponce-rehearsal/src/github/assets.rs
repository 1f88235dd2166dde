//! The assets of a release.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use serde_json::{Value, json};

use super::answer::{self, Outcome, Refusal};
use super::dispatch::Ask;
use super::releases::{paged, visible};
use super::repository::{Asset, AssetState, digest_of};
use super::route::wants_bytes;
use super::tokens::Github;
use super::{downloads, name};

/// Assets one release may have.
const COUNT: usize = 1000;

pub(super) fn list(ask: &Ask<'_>, github: &mut Github, release: u64) -> Outcome {
    let repository = ask.repository(github)?.clone();
    let release = visible(ask, &repository, release)?;
    let renderer = ask.renderer(github);
    let all: Vec<Value> =
        release.assets.iter().map(|asset| renderer.asset(&repository, release, asset)).collect();
    Ok(paged(ask, &all))
}

/// The description of an asset, or the way to its bytes.
pub(super) fn show(ask: &Ask<'_>, github: &mut Github, id: u64) -> Outcome {
    let repository = ask.repository(github)?.clone();
    let (release, asset) = repository.asset(id).ok_or(Refusal::NotFound)?;
    visible(ask, &repository, release.id)?;
    if !wants_bytes(&ask.call.headers) {
        return Ok(answer::of(200, &ask.renderer(github).asset(&repository, release, asset)));
    }
    if asset.state == AssetState::Starter {
        return Err(Refusal::NotFound);
    }
    Ok(answer::found(&downloads::signed(&ask.target.addresses, "asset", asset.id, ask.now)))
}

pub(super) fn upload(ask: &Ask<'_>, github: &mut Github, release: u64) -> Outcome {
    let asset = begin(ask, github, release, ask.call.body.clone(), AssetState::Uploaded)?;
    let repository = ask.repository(github)?.clone();
    let release = repository.release(release).ok_or(Refusal::NotFound)?;
    Ok(answer::of(201, &ask.renderer(github).asset(&repository, release, &asset)))
}

/// Takes an upload in; as a starter, only its name is kept.
pub(super) fn begin(
    ask: &Ask<'_>,
    github: &mut Github,
    release: u64,
    content: Bytes,
    state: AssetState,
) -> Result<Asset, Refusal> {
    ask.must_write()?;
    let headers = &ask.call.headers;
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if header(CONTENT_LENGTH).is_none_or(|length| length.parse::<u64>().is_err()) {
        return Err(Refusal::Said(400, "Bad Content-Length: ".to_owned()));
    }
    let query = |wanted: &str| -> Option<String> {
        let mut pairs = url::form_urlencoded::parse(ask.call.query.as_bytes());
        pairs.find(|(key, _)| key == wanted).map(|(_, value)| value.into_owned())
    };
    let sent = query("name").filter(|name| !name.is_empty());
    let sent = sent.ok_or_else(|| Refusal::field("ReleaseAsset", "name", "missing_field"))?;
    let (login, now) = (ask.caller.login().to_owned(), ask.now);
    let content_type = header(CONTENT_TYPE).unwrap_or("application/octet-stream").to_owned();
    let repository = ask.repository(github)?;
    let digests = repository.digests;
    let id = repository.next_id();
    let release = repository.release_mut(release).ok_or(Refusal::NotFound)?;
    if release.immutable {
        return Err(Refusal::Said(422, "Cannot upload assets to an immutable release.".to_owned()));
    }
    let stored = name::stored(&sent);
    let errors = objections(&release.assets, &stored, &content, state);
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors));
    }
    let whole = state == AssetState::Uploaded;
    let digest = (whole && digests).then(|| digest_of(&content));
    let content = if whole { content } else { Bytes::new() };
    let label = query("label").unwrap_or_default();
    let asset = Asset {
        id,
        name: stored,
        label: Some(label),
        state,
        content_type,
        content,
        digest,
        uploader: login,
        created: now,
    };
    release.assets.push(asset.clone());
    Ok(asset)
}

fn objections(there: &[Asset], name: &str, content: &Bytes, state: AssetState) -> Vec<Value> {
    let custom = |field: &str, message: &str| answer::custom("ReleaseAsset", Some(field), message);
    let mut errors = Vec::new();
    if there.iter().any(|asset| asset.name == name) {
        errors.push(json!({"resource": "ReleaseAsset", "code": "already_exists", "field": "name"}));
    }
    if content.is_empty() && state == AssetState::Uploaded {
        errors.push(custom("size", "size must be greater than or equal to 1"));
    }
    if there.len() >= COUNT {
        errors.push(custom("file_count", &format!("file_count limited to {COUNT} assets per release")));
    }
    errors
}

pub(super) fn delete(ask: &Ask<'_>, github: &mut Github, id: u64) -> Outcome {
    ask.must_write()?;
    let repository = ask.repository(github)?;
    let release = repository.asset(id).map(|(release, _)| release.id).ok_or(Refusal::NotFound)?;
    let release = repository.release_mut(release).ok_or(Refusal::NotFound)?;
    if release.immutable {
        return Err(Refusal::custom("ReleaseAsset", None, "Cannot delete asset from an immutable release"));
    }
    release.assets.retain(|asset| asset.id != id);
    Ok(answer::nothing())
}
