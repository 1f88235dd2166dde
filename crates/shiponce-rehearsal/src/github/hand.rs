//! Releases that a person made on the site.

use bytes::Bytes;
use jiff::Timestamp;

use super::name;
use super::refs::Tag;
use super::repository::{Asset, AssetState, Release, Repository, digest_of};

/// A release as a person makes it, published unless it is said to be a draft.
#[derive(Debug, Clone)]
pub struct HandMade {
    tag: String,
    title: Option<String>,
    body: Option<String>,
    author: String,
    draft: bool,
    prerelease: bool,
    immutable: bool,
    digests: bool,
    created: Timestamp,
    assets: Vec<(String, Bytes, AssetState)>,
}

impl HandMade {
    /// A published release of `bob` without assets.
    #[must_use]
    pub fn new(tag: &str) -> Self {
        Self {
            tag: tag.to_owned(),
            title: Some(tag.to_owned()),
            body: Some(String::new()),
            author: "bob".to_owned(),
            draft: false,
            prerelease: false,
            immutable: false,
            digests: true,
            created: Timestamp::UNIX_EPOCH,
            assets: Vec::new(),
        }
    }

    /// Its notes.
    #[must_use]
    pub fn body(mut self, body: &str) -> Self {
        self.body = Some(body.to_owned());
        self
    }

    /// Its title; `None` for a release that has none.
    #[must_use]
    pub fn title(mut self, title: Option<&str>) -> Self {
        self.title = title.map(str::to_owned);
        self
    }

    /// Who made it.
    #[must_use]
    pub fn author(mut self, login: &str) -> Self {
        login.clone_into(&mut self.author);
        self
    }

    /// Not published.
    #[must_use]
    pub fn draft(mut self) -> Self {
        self.draft = true;
        self
    }

    /// A pre-release.
    #[must_use]
    pub fn prerelease(mut self) -> Self {
        self.prerelease = true;
        self
    }

    /// Frozen, whatever the repository's switch says now.
    #[must_use]
    pub fn immutable(mut self) -> Self {
        self.immutable = true;
        self
    }

    /// Its assets have no digests, as those from before June 2025.
    #[must_use]
    pub fn without_digests(mut self) -> Self {
        self.digests = false;
        self
    }

    /// When it was made; 1970 unless said, so that it is older than whatever a test makes.
    #[must_use]
    pub fn created(mut self, at: Timestamp) -> Self {
        self.created = at;
        self
    }

    /// One more asset.
    #[must_use]
    pub fn asset(mut self, name: &str, content: impl Into<Bytes>) -> Self {
        self.assets.push((name.to_owned(), content.into(), AssetState::Uploaded));
        self
    }

    /// One more asset, whose upload died.
    #[must_use]
    pub fn starter(mut self, name: &str) -> Self {
        self.assets.push((name.to_owned(), Bytes::new(), AssetState::Starter));
        self
    }
}

impl Repository {
    /// Makes a release by hand; returns its id. A published one gets a tag on the head of `main` when there is
    /// none.
    pub fn release_by_hand(&mut self, made: HandMade) -> u64 {
        let id = self.next_id();
        let mut assets = Vec::new();
        for (name, content, state) in made.assets {
            let whole = state == AssetState::Uploaded;
            assets.push(Asset {
                id: self.next_id(),
                name: name::stored(&name),
                label: Some(String::new()),
                state,
                content_type: "application/octet-stream".to_owned(),
                digest: (whole && made.digests).then(|| digest_of(&content)),
                content,
                uploader: made.author.clone(),
                created: made.created,
            });
        }
        if !made.draft && self.find_tag(&made.tag).is_none() {
            let head = self.branches.get("main").cloned().unwrap_or_default();
            self.tag(&made.tag, Tag::lightweight(&head));
        }
        self.about_to_change(made.created);
        self.releases.push(Release {
            id,
            tag: made.tag,
            target: "main".to_owned(),
            name: made.title,
            body: made.body,
            draft: made.draft,
            prerelease: made.prerelease,
            immutable: made.immutable,
            author: made.author,
            created: made.created,
            published: (!made.draft).then_some(made.created),
            assets,
        });
        id
    }

    /// Deletes a release by hand: its tag stays, and is burned when the release was immutable. False when there is
    /// none.
    pub fn delete_by_hand(&mut self, id: u64) -> bool {
        let Some(gone) = self.release(id).cloned() else { return false };
        self.releases.retain(|release| release.id != id);
        if gone.immutable {
            self.burned.insert(gone.tag);
        }
        true
    }

    /// Makes a published release a draft again, by hand. False when there is none.
    pub fn withdraw_by_hand(&mut self, id: u64) -> bool {
        let found = self.releases.iter_mut().find(|release| release.id == id && !release.immutable);
        found.map(|release| (release.draft, release.published) = (true, None)).is_some()
    }
}
