//! What a forge shows about one tag, and what is wanted there.

use super::marker::Marker;
use crate::digest::Sha256;
use std::collections::{BTreeMap, BTreeSet};

/// How far a release page has come. It only moves forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The draft is filled; what is broken in it may be deleted and sent again.
    Assembling,
    /// Every file was read back with its digest. From here on nothing is deleted.
    Sealed,
    /// Everybody can see it.
    Published,
}

impl Stage {
    /// The word the ledger stores.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Assembling => "assembling",
            Self::Sealed => "sealed",
            Self::Published => "published",
        }
    }

    /// The stage of a stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Assembling, Self::Sealed, Self::Published].into_iter().find(|stage| stage.word() == word)
    }
}

/// What the ledger remembers of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The forge's id of the page.
    pub release_id: u64,
    /// How far it came.
    pub stage: Stage,
}

/// Whether the bytes of an asset are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssetState {
    /// They are.
    Uploaded,
    /// The name is taken by an upload that did not end (`starter`): a 502 leaves such an empty asset behind.
    Starter,
}

/// An asset as the forge lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// The forge's id.
    pub id: u64,
    /// Its name, as the forge changed it.
    pub name: String,
    /// The label: the name as it was given, where the forge may have changed it.
    pub label: Option<String>,
    /// Whether its bytes are there.
    pub state: AssetState,
    /// Their number.
    pub size: u64,
    /// Their digest; `None` where the forge lists none (assets from before 2025).
    pub digest: Option<Sha256>,
}

/// A release page for the tag, draft or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The forge's id.
    pub id: u64,
    /// Whether only those who may write see it.
    pub draft: bool,
    /// Whether the forge lets nothing be added or removed any more.
    pub immutable: bool,
    /// Our marker in its text, if there is one.
    pub marker: Option<Marker>,
    /// Its files.
    pub assets: Vec<Asset>,
}

/// Where the forge says the tag is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagState {
    /// On this commit.
    On(String),
    /// The forge does not have it.
    Missing,
}

/// What a forge said about the tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum View {
    /// It could not be read.
    Unobserved {
        /// Why.
        why: String,
    },
    /// Every page of the tag, and the tag itself.
    Seen {
        /// The pages: from the list, by tag, and by every id the ledger knows.
        releases: Vec<Release>,
        /// The tag.
        tag: TagState,
    },
}

/// A file the page shall show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedAsset {
    /// Its size in bytes.
    pub size: u64,
    /// Its digest.
    pub sha256: Sha256,
}

/// The page as it shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What makes it ours.
    pub marker: Marker,
    /// Digests of manifests that the wanted one extends: names may be added until a release is sealed.
    pub extends: BTreeSet<Sha256>,
    /// Its files by the name they are given under.
    pub assets: BTreeMap<String, WantedAsset>,
}

impl Wanted {
    /// Names in the order they are sent: the manifest first, because whoever finds the draft later reads it.
    pub fn in_order(&self) -> impl Iterator<Item = (&String, &WantedAsset)> {
        let (first, rest): (Vec<_>, Vec<_>) =
            self.assets.iter().partition(|(name, _)| *name == super::MANIFEST_ASSET);
        first.into_iter().chain(rest)
    }

    /// Whether a marker is that of this release, or of an earlier, smaller state of it.
    #[must_use]
    pub fn is_marked(&self, marker: &Marker) -> bool {
        marker.commit == self.marker.commit
            && (marker.manifest == self.marker.manifest || self.extends.contains(&marker.manifest))
    }
}
