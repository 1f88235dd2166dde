//! GitHub's JSON, read leniently: unknown fields are nothing to us, and missing ones have a meaning where GitHub
//! Enterprise leaves them out.

use jiff::Timestamp;
use serde::Deserialize;
use shiponce_core::Sha256;

use crate::artifacts::Artifact;
use crate::assets::{Asset, AssetState};
use crate::releases::Release;

#[derive(Debug, Deserialize)]
pub(crate) struct WireRelease {
    id: u64,
    tag_name: String,
    name: Option<String>,
    body: Option<String>,
    draft: bool,
    #[serde(default)]
    prerelease: bool,
    /// Absent on servers that know no immutable releases.
    #[serde(default)]
    immutable: bool,
    #[serde(default)]
    target_commitish: String,
    #[serde(default)]
    html_url: String,
    created_at: Option<String>,
    published_at: Option<String>,
    #[serde(default)]
    assets: Vec<WireAsset>,
}

impl From<WireRelease> for Release {
    fn from(wire: WireRelease) -> Self {
        Self {
            id: wire.id,
            tag: wire.tag_name,
            name: wire.name.unwrap_or_default(),
            body: wire.body.unwrap_or_default(),
            draft: wire.draft,
            prerelease: wire.prerelease,
            immutable: wire.immutable,
            target_commitish: wire.target_commitish,
            html_url: wire.html_url,
            created_at: time(wire.created_at.as_deref()),
            published_at: time(wire.published_at.as_deref()),
            assets: wire.assets.into_iter().map(Asset::from).collect(),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct WireAsset {
    id: u64,
    name: String,
    label: Option<String>,
    state: String,
    size: u64,
    digest: Option<String>,
    #[serde(default)]
    browser_download_url: String,
}

impl From<WireAsset> for Asset {
    fn from(wire: WireAsset) -> Self {
        Self {
            id: wire.id,
            name: wire.name,
            label: wire.label.filter(|label| !label.is_empty()),
            // `open` and `starter` both mean that the bytes are not all there.
            state: if wire.state == "uploaded" { AssetState::Uploaded } else { AssetState::Starter },
            size: wire.size,
            digest: wire.digest.as_deref().and_then(sha256),
            url: wire.browser_download_url,
        }
    }
}

/// A time that cannot be read is no reason to refuse a release: nothing is decided by it.
fn time(text: Option<&str>) -> Option<Timestamp> {
    text?.parse().ok()
}

/// `sha256:…`; null on assets older than June 2025, and another algorithm may come.
fn sha256(text: &str) -> Option<Sha256> {
    text.strip_prefix("sha256:")?.parse().ok()
}

#[derive(Debug, Deserialize)]
pub(crate) struct WireRepository {
    pub(crate) full_name: String,
    #[serde(default)]
    pub(crate) html_url: String,
    #[serde(default)]
    pub(crate) private: bool,
    pub(crate) permissions: Option<WirePermissions>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct WirePermissions {
    #[serde(default)]
    pub(crate) push: bool,
}

/// What a reference or a tag object points at.
#[derive(Debug, Deserialize)]
pub(crate) struct WireTarget {
    /// The full name; tag objects have none.
    #[serde(rename = "ref")]
    pub(crate) reference: Option<String>,
    pub(crate) object: WireObject,
}

#[derive(Debug, Deserialize)]
pub(crate) struct WireObject {
    pub(crate) sha: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct WireNotes {
    pub(crate) name: String,
    pub(crate) body: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct WireArtifacts {
    pub(crate) artifacts: Vec<WireArtifact>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct WireArtifact {
    id: u64,
    name: String,
    size_in_bytes: u64,
    digest: Option<String>,
    #[serde(default)]
    expired: bool,
    created_at: Option<String>,
    /// `null` is allowed here.
    workflow_run: Option<WireRun>,
}

/// The run of an artifact, as far as it says what was checked out.
#[derive(Debug, Deserialize)]
pub(crate) struct WireRun {
    head_sha: Option<String>,
}

impl From<WireArtifact> for Artifact {
    fn from(wire: WireArtifact) -> Self {
        Self {
            id: wire.id,
            name: wire.name,
            size: wire.size_in_bytes,
            digest: wire.digest.as_deref().and_then(sha256),
            expired: wire.expired,
            created_at: time(wire.created_at.as_deref()),
            commit: wire.workflow_run.and_then(|run| run.head_sha),
        }
    }
}
