//! What a repository holds.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use jiff::Timestamp;

use super::lists::Lists;
use super::refs::{Refs, Tag};
use crate::fault::Lag;
use crate::text::hex;

/// The commit at the head of `main` until another is named.
const FIRST_COMMIT: &str = "c0ffee0000000000000000000000000000000001";

/// How far the upload of an asset got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssetState {
    /// The bytes are there.
    Uploaded,
    /// An upload began and died. The asset holds its name and has no bytes. The API's description does not know
    /// this word; the service says it.
    Starter,
}

impl AssetState {
    /// As the API says it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Uploaded => "uploaded",
            Self::Starter => "starter",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asset {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) label: Option<String>,
    pub(super) state: AssetState,
    pub(super) content_type: String,
    pub(super) content: Bytes,
    /// Assets that were uploaded before June 2025 have none.
    pub(super) digest: Option<String>,
    pub(super) uploader: String,
    pub(super) created: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Release {
    pub(super) id: u64,
    pub(super) tag: String,
    pub(super) target: String,
    pub(super) name: Option<String>,
    pub(super) body: Option<String>,
    pub(super) draft: bool,
    pub(super) prerelease: bool,
    pub(super) immutable: bool,
    pub(super) author: String,
    pub(super) created: Timestamp,
    pub(super) published: Option<Timestamp>,
    pub(super) assets: Vec<Asset>,
}

impl Release {
    /// What stands for the tag in the addresses of the release's page: a draft has no tag yet.
    pub(super) fn page_tag(&self) -> String {
        if self.draft { format!("untagged-{}", short_digest(&self.id.to_string())) } else { self.tag.clone() }
    }
}

/// The artifact of a workflow run.
#[derive(Debug, Clone)]
pub(super) struct Artifact {
    pub(super) id: u64,
    pub(super) run: u64,
    /// The commit its run is for.
    pub(super) head: String,
    pub(super) name: String,
    pub(super) zip: Bytes,
    pub(super) expired: bool,
    pub(super) created: Timestamp,
}

/// A repository of a world's GitHub.
#[derive(Debug, Clone)]
pub struct Repository {
    pub(super) name: String,
    pub(super) id: u64,
    pub(super) private: bool,
    pub(super) immutable: bool,
    pub(super) digests: bool,
    pub(super) drafts_meet_burned_tags: bool,
    pub(super) branches: BTreeMap<String, String>,
    pub(super) tags: BTreeMap<String, Tag>,
    pub(super) refs: Option<Refs>,
    /// Tag objects that were named to a client, by their ids: only the names of tags can be looked up elsewhere.
    pub(super) objects: BTreeMap<String, (String, Tag)>,
    pub(super) burned: BTreeSet<String>,
    pub(super) releases: Vec<Release>,
    pub(super) latest: Option<u64>,
    pub(super) lists: Lists,
    pub(super) artifacts: Vec<Artifact>,
    /// Releases and assets of this repository are numbered from here.
    pub(super) last_id: u64,
}

impl Repository {
    pub(super) fn new(name: &str, id: u64) -> Self {
        Self {
            name: name.to_owned(),
            id,
            private: false,
            immutable: false,
            digests: true,
            drafts_meet_burned_tags: false,
            branches: BTreeMap::from([("main".to_owned(), FIRST_COMMIT.to_owned())]),
            tags: BTreeMap::new(),
            refs: None,
            objects: BTreeMap::new(),
            burned: BTreeSet::new(),
            releases: Vec::new(),
            latest: None,
            lists: Lists::default(),
            artifacts: Vec::new(),
            last_id: id * 1_000_000,
        }
    }

    /// Only tokens that name the repository see it.
    pub fn private(&mut self) -> &mut Self {
        self.private = true;
        self
    }

    /// The switch "enable release immutability": what is published from now on cannot be changed.
    pub fn immutable_releases(&mut self, on: bool) -> &mut Self {
        self.immutable = on;
        self
    }

    /// Whether assets that are uploaded from now on have a digest; those from before June 2025 have none.
    pub fn digests(&mut self, on: bool) -> &mut Self {
        self.digests = on;
        self
    }

    /// Whether even a draft of a burned tag is refused. Reports show the publishing refused, after the draft was
    /// made and filled (openzim-mcp#217, hve-core#554), so this is off.
    pub fn drafts_meet_burned_tags(&mut self, on: bool) -> &mut Self {
        self.drafts_meet_burned_tags = on;
        self
    }

    /// How stale the list of releases is after a change (action-gh-release#705).
    pub fn list_lag(&mut self, lag: Lag) -> &mut Self {
        self.lists.lag = lag;
        self
    }

    /// A branch and its head.
    pub fn branch(&mut self, name: &str, commit: &str) -> &mut Self {
        self.branches.insert(name.to_owned(), commit.to_owned());
        self
    }

    /// A tag, or where it is now.
    pub fn tag(&mut self, name: &str, tag: Tag) -> &mut Self {
        self.tags.insert(name.to_owned(), tag);
        self
    }

    /// Where tags are read that this world does not hold itself.
    pub fn refs(&mut self, refs: Refs) -> &mut Self {
        self.refs = Some(refs);
        self
    }

    /// Deletes a tag. Its published release becomes a draft again, as on the real service; an immutable one keeps
    /// its tag. False when nothing was deleted.
    pub fn delete_tag(&mut self, name: &str) -> bool {
        if self.releases.iter().any(|release| release.immutable && release.tag == name) {
            return false;
        }
        for release in self.releases.iter_mut().filter(|release| release.tag == name) {
            release.draft = true;
            release.published = None;
        }
        self.tags.remove(name).is_some()
    }

    /// Keeps an artifact of a workflow run, which is for what is on `main` now; returns its id.
    pub fn artifact(&mut self, run: u64, name: &str, zip: impl Into<Bytes>, at: Timestamp) -> u64 {
        let id = self.next_id();
        let head = self.branches.get("main").cloned().unwrap_or_default();
        let (name, zip) = (name.to_owned(), zip.into());
        self.artifacts.push(Artifact { id, run, head, name, zip, expired: false, created: at });
        id
    }

    /// Lets an artifact expire. False when there is none.
    pub fn expire_artifact(&mut self, id: u64) -> bool {
        let found = self.artifacts.iter_mut().find(|artifact| artifact.id == id);
        found.map(|artifact| artifact.expired = true).is_some()
    }

    pub(super) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Where a tag is.
    pub(super) fn find_tag(&self, name: &str) -> Option<Tag> {
        self.tags.get(name).cloned().or_else(|| self.refs.as_ref()?.read(name))
    }

    pub(super) fn release(&self, id: u64) -> Option<&Release> {
        self.releases.iter().find(|release| release.id == id)
    }

    pub(super) fn release_mut(&mut self, id: u64) -> Option<&mut Release> {
        self.releases.iter_mut().find(|release| release.id == id)
    }

    pub(super) fn asset(&self, id: u64) -> Option<(&Release, &Asset)> {
        let all = self.releases.iter().flat_map(|r| r.assets.iter().map(move |a| (r, a)));
        all.into_iter().find(|(_, asset)| asset.id == id)
    }

    /// Notes that the list of releases is about to change.
    pub(super) fn about_to_change(&mut self, now: Timestamp) {
        self.lists.changes(&self.releases, now);
    }
}

/// Twenty hexadecimal digits that stand for a text.
pub(super) fn short_digest(text: &str) -> String {
    use sha2::Digest as _;
    hex(&sha2::Sha256::digest(text))[..20].to_owned()
}

/// The digest of bytes, as the API writes it.
pub(super) fn digest_of(content: &[u8]) -> String {
    use sha2::Digest as _;
    format!("sha256:{}", hex(&sha2::Sha256::digest(content)))
}
