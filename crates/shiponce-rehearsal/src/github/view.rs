//! What a test may see of a repository and do to a world's GitHub from outside.

use bytes::Bytes;

use super::publish;
use super::repository::{AssetState, Release, Repository};
use super::tokens::Github;
use crate::world::World;

/// An asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetView {
    /// Its number.
    pub id: u64,
    /// The name it is kept under.
    pub name: String,
    /// What is shown instead of the name; empty when nothing is.
    pub label: String,
    /// How far its upload got.
    pub state: AssetState,
    /// As the API says it: `sha256:` and hexadecimal digits.
    pub digest: Option<String>,
    /// Who uploaded it.
    pub uploader: String,
    /// Its bytes; none of a starter.
    pub content: Bytes,
}

/// A release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseView {
    /// Its number.
    pub id: u64,
    /// The name of its tag, which a draft does not have yet.
    pub tag: String,
    /// Its title.
    pub name: Option<String>,
    /// Its notes.
    pub body: Option<String>,
    /// Not published.
    pub draft: bool,
    /// A pre-release.
    pub prerelease: bool,
    /// Published while the switch for it was on.
    pub immutable: bool,
    /// Whether it is the latest one.
    pub latest: bool,
    /// Where its tag is made when it is published and there is none.
    pub target_commitish: String,
    /// Who made it.
    pub author: String,
    /// Its assets, in the order of their uploads.
    pub assets: Vec<AssetView>,
}

impl ReleaseView {
    /// An asset by the name it is kept under.
    #[must_use]
    pub fn asset(&self, name: &str) -> Option<&AssetView> {
        self.assets.iter().find(|asset| asset.name == name)
    }
}

impl Repository {
    /// Every release, drafts included, in the order in which they were made.
    #[must_use]
    pub fn releases(&self) -> Vec<ReleaseView> {
        let latest = publish::latest(self).map(|release| release.id);
        self.releases.iter().map(|release| view(release, latest)).collect()
    }

    /// The commit a tag is on.
    #[must_use]
    pub fn tag_commit(&self, tag: &str) -> Option<String> {
        self.find_tag(tag).map(|tag| tag.commit)
    }

    /// Whether a tag may never be used again.
    #[must_use]
    pub fn is_burned(&self, tag: &str) -> bool {
        self.burned.contains(tag)
    }

    /// Takes an asset away, as a person does on the site. False when there is none.
    pub fn delete_asset_by_hand(&mut self, id: u64) -> bool {
        let before: usize = self.releases.iter().map(|release| release.assets.len()).sum();
        self.releases.iter_mut().for_each(|release| release.assets.retain(|asset| asset.id != id));
        before > self.releases.iter().map(|release| release.assets.len()).sum()
    }
}

fn view(release: &Release, latest: Option<u64>) -> ReleaseView {
    let assets = release.assets.iter().map(|asset| AssetView {
        id: asset.id,
        name: asset.name.clone(),
        label: asset.label.clone().unwrap_or_default(),
        state: asset.state,
        digest: asset.digest.clone(),
        uploader: asset.uploader.clone(),
        content: asset.content.clone(),
    });
    ReleaseView {
        id: release.id,
        tag: release.tag.clone(),
        name: release.name.clone(),
        body: release.body.clone(),
        draft: release.draft,
        prerelease: release.prerelease,
        immutable: release.immutable,
        latest: latest == Some(release.id),
        target_commitish: release.target.clone(),
        author: release.author.clone(),
        assets: assets.collect(),
    }
}

impl World {
    /// Looks at this world's GitHub, or changes it.
    pub fn github<T>(&self, look: impl FnOnce(&mut Github) -> T) -> T {
        look(&mut self.state().github)
    }

    /// The releases of a repository, drafts included; none when there is no such repository.
    #[must_use]
    pub fn releases(&self, repository: &str) -> Vec<ReleaseView> {
        self.github(|github| github.known(repository).map(Repository::releases).unwrap_or_default())
    }

    /// How many requests have asked GitHub for a change, whatever became of them.
    #[must_use]
    pub fn github_writes(&self) -> usize {
        self.log().iter().filter(|entry| entry.is_write && entry.route.is_github()).count()
    }
}
