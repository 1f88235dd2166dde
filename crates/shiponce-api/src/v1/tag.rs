//! `tag`: a release tag that was created, or was there.

use serde::{Deserialize, Serialize};

/// The document of `tag --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagDocument {
    /// What became of it.
    pub outcome: TagWord,
    /// The tag.
    pub tag: String,
    /// The version, as PEP 440 normalises it.
    pub version: String,
    /// The commit.
    pub commit: String,
    /// The remote that has the tag on this commit; `null` when none is known to have it.
    pub remote: Option<String>,
}

/// The document of `tag --json` for several variants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagsDocument {
    /// One for each.
    pub tags: Vec<TagDocument>,
}

/// What became of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TagWord {
    /// It is new.
    Created,
    /// It was on this commit already.
    AlreadyThere,
    /// A dry run: it would be created.
    WouldCreate,
}
