//! Reading a manifest back from its canonical JSON.

use serde::Deserialize;
use shiponce_core::{AssetEntry, FileEntry, Manifest};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

/// The schema [`Manifest::to_value`] writes.
const SCHEMA: &str = "shiponce-manifest/1";

/// A text that is not the canonical form of a manifest.
#[derive(Debug, thiserror::Error)]
pub enum ManifestTextError {
    /// Not JSON, or members are missing, unknown or of another type.
    #[error("not a manifest")]
    Json {
        /// What the reader met.
        source: serde_json::Error,
    },
    /// Written for another reader.
    #[error("the manifest has schema `{0}`, expected `{SCHEMA}`")]
    Schema(String),
    /// A member has no meaning.
    #[error("the manifest's {member} is wrong: {detail}")]
    Member {
        /// Which one.
        member: String,
        /// Why.
        detail: String,
    },
    /// It means something, but other bytes mean the same: a manifest is compared by its digest.
    #[error("the manifest is not in canonical form")]
    NotCanonical,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    #[serde(default)]
    assets: BTreeMap<String, AssetText>,
    commit: Option<String>,
    files: BTreeMap<String, FileText>,
    inputs: Option<String>,
    project: String,
    schema: String,
    version: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    blake2b_256: String,
    sha256: String,
    size: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AssetText {
    sha256: String,
    size: u64,
}

/// Reads a manifest from exactly the text that [`Manifest::to_value`] gives, which is also the content of
/// `shiponce-manifest.json`.
///
/// # Errors
/// [`ManifestTextError`] for every other text.
pub fn parse_manifest(text: &str) -> Result<Manifest, ManifestTextError> {
    let read: Text = serde_json::from_str(text).map_err(|source| ManifestTextError::Json { source })?;
    if read.schema != SCHEMA {
        return Err(ManifestTextError::Schema(read.schema));
    }
    let mut files = BTreeMap::new();
    for (name, file) in read.files {
        let entry = FileEntry {
            filename: member(&name, &name)?,
            size: file.size,
            sha256: member(&name, &file.sha256)?,
            blake2b: member(&name, &file.blake2b_256)?,
        };
        files.insert(name, entry);
    }
    let mut assets = BTreeMap::new();
    for (name, asset) in read.assets {
        let entry = AssetEntry { size: asset.size, sha256: member(&name, &asset.sha256)? };
        assets.insert(name, entry);
    }
    let manifest = Manifest {
        project: member("project", &read.project)?,
        version: member("version", &read.version)?,
        commit: read.commit,
        inputs: read.inputs.map(|text| member("inputs", &text)).transpose()?,
        files,
        assets,
    };
    // One comparison refuses what a tolerant reader would let pass: members twice, other spellings, white space.
    if manifest.to_value().to_canonical() == text {
        Ok(manifest)
    } else {
        Err(ManifestTextError::NotCanonical)
    }
}

fn member<T: FromStr<Err: Display>>(member: &str, text: &str) -> Result<T, ManifestTextError> {
    text.parse().map_err(|error: T::Err| ManifestTextError::Member {
        member: member.to_owned(),
        detail: error.to_string(),
    })
}
