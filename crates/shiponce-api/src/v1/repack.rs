//! `repack`: files under another version or with another description.

use serde::{Deserialize, Serialize};

/// The document of `repack --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepackDocument {
    /// Every file, in the order given.
    pub files: Vec<RepackRow>,
}

/// One repacked file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepackRow {
    /// The file that was given.
    pub source: String,
    /// Its digest.
    pub source_sha256: String,
    /// The name of the new file.
    pub filename: String,
    /// Where it lies.
    pub path: String,
    /// The version of the new file, as PEP 440 normalises it.
    pub version: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its digest.
    pub sha256: String,
    /// Whether it is new.
    pub status: PlacedWord,
    /// What its reader may not expect, a sentence each.
    pub notes: Vec<String>,
}

/// Whether a file was put into a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlacedWord {
    /// It is new.
    Created,
    /// The same bytes were there under this name.
    AlreadyThere,
}
