//! Releases: list, find, create as a draft, publish, delete.

use http::Method;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::answer::Call;
use crate::assets::Asset;
use crate::client::Client;
use crate::error::Error;
use crate::wire::WireRelease;

/// A release as GitHub shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its number; later releases have greater ones.
    pub id: u64,
    /// The tag. A draft names a tag that need not exist, and several drafts may name one tag.
    pub tag: String,
    /// The title.
    pub name: String,
    /// The notes.
    pub body: String,
    /// Whether only people with write access see it.
    pub draft: bool,
    /// Whether it is marked as a pre-release.
    pub prerelease: bool,
    /// Whether its assets and its tag are frozen for ever. Only published releases are.
    pub immutable: bool,
    /// What the tag would be made from if it did not exist. Says nothing about the tag there is.
    pub target_commitish: String,
    /// Its page.
    pub html_url: String,
    /// The time of the commit, or of the draft.
    pub created_at: Option<Timestamp>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// Its assets as this answer shows them; [`Client::assets`] reads all pages.
    pub assets: Vec<Asset>,
}

/// A draft to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRelease {
    /// The tag, which must exist: `target_commitish` is never sent, so GitHub would make a missing tag from its
    /// default branch.
    pub tag: String,
    /// The title.
    pub name: String,
    /// The notes, at most [`shiponce_core::forge::BODY_LENGTH_MAX`] characters.
    pub body: String,
    /// Whether it will be marked as a pre-release.
    pub prerelease: bool,
}

/// What to change; `None` leaves as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReleaseUpdate {
    /// The title.
    pub name: Option<String>,
    /// The notes.
    pub body: Option<String>,
    /// `false` publishes.
    pub draft: Option<bool>,
    /// Whether it is marked as a pre-release.
    pub prerelease: Option<bool>,
    /// Whether it becomes the latest release.
    pub make_latest: Option<Latest>,
}

/// Whether a release becomes the one that the repository's page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Latest {
    /// It does.
    Yes,
    /// It does not. Pre-releases never do.
    No,
    /// By the date and the semantic version.
    ByVersion,
}

impl Client {
    /// Every release, drafts included where the token may write. The list may lag behind a release that was just made
    /// (softprops/action-gh-release#705).
    ///
    /// # Errors
    /// [`Error`]; a list that is not whole is one.
    pub async fn releases(&self) -> Result<Vec<Release>, Error> {
        let call = Call::read(format!("list the releases of {}", self.repository()));
        let pages: Vec<Vec<WireRelease>> = self.read_pages(&call, self.api(&["releases"])).await?;
        let mut releases: Vec<Release> = Vec::new();
        for release in pages.into_iter().flatten().map(Release::from) {
            // A release that is made between two pages pushes another one onto the second page, too.
            if releases.iter().all(|known| known.id != release.id) {
                releases.push(release);
            }
        }
        Ok(releases)
    }

    /// A release by its number, draft or not. `None`: there is none that the token may see.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn release(&self, id: u64) -> Result<Option<Release>, Error> {
        let call = Call::read(format!("read release {id} of {}", self.repository()));
        let url = self.api(&["releases", &id.to_string()]);
        self.optional_release(&call, &url).await
    }

    /// The published release of a tag. A draft is never found this way. `None` means that there is none only where the
    /// repository itself can be read ([`Client::access`]).
    ///
    /// # Errors
    /// [`Error`]
    pub async fn release_by_tag(&self, tag: &str) -> Result<Option<Release>, Error> {
        let call = Call::read(format!("read the release `{tag}` of {}", self.repository()));
        let url = self.api(&["releases", "tags", tag]);
        self.optional_release(&call, &url).await
    }

    async fn optional_release(&self, call: &Call, url: &url::Url) -> Result<Option<Release>, Error> {
        match self.read(call, url).await {
            Ok(got) => Ok(Some(got.json::<WireRelease>(call)?.into())),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes a draft. GitHub makes a second one of the same tag without a word, so look first, and after a lost answer
    /// look again by the marker.
    ///
    /// # Errors
    /// [`Error`]; with [`crate::Reason::BurnedTag`] no release of this tag can ever be made again.
    pub async fn create_draft(&self, draft: &NewRelease) -> Result<Release, Error> {
        let call = Call::write(format!("make a draft of `{}` at {}", draft.tag, self.repository()));
        let body = json!({
            "tag_name": draft.tag,
            "name": draft.name,
            "body": draft.body,
            "draft": true,
            "prerelease": draft.prerelease,
        });
        let got = self.write(&call, Method::POST, &self.api(&["releases"]), Some(&body)).await?;
        Ok(got.json::<WireRelease>(&call)?.into())
    }

    /// Changes a release; publishing is `draft: Some(false)`. Repeating it changes nothing more.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn update_release(&self, id: u64, update: &ReleaseUpdate) -> Result<Release, Error> {
        let what = if update.draft == Some(false) { "publish" } else { "change" };
        let call = Call::write(format!("{what} release {id} of {}", self.repository()));
        let url = self.api(&["releases", &id.to_string()]);
        let got = self.write(&call, Method::PATCH, &url, Some(&update.json())).await?;
        Ok(got.json::<WireRelease>(&call)?.into())
    }

    /// Deletes a release. `false`: it was gone already, or the token may not see it.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn delete_release(&self, id: u64) -> Result<bool, Error> {
        let call = Call::write(format!("delete release {id} of {}", self.repository()));
        self.delete(&call, &self.api(&["releases", &id.to_string()])).await
    }

    pub(crate) async fn delete(&self, call: &Call, url: &url::Url) -> Result<bool, Error> {
        match self.write(call, Method::DELETE, url, None).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl ReleaseUpdate {
    /// The change that publishes a draft.
    #[must_use]
    pub fn publish(make_latest: Latest) -> Self {
        Self { draft: Some(false), make_latest: Some(make_latest), ..Self::default() }
    }

    fn json(&self) -> Value {
        let mut fields = Map::new();
        let mut set = |name: &str, value: Option<Value>| {
            fields.extend(value.map(|value| (name.to_owned(), value)));
        };
        set("name", self.name.clone().map(Value::from));
        set("body", self.body.clone().map(Value::from));
        set("draft", self.draft.map(Value::from));
        set("prerelease", self.prerelease.map(Value::from));
        set("make_latest", self.make_latest.map(|latest| latest.word().into()));
        Value::Object(fields)
    }
}

impl Latest {
    /// GitHub takes texts here, not truth values.
    const fn word(self) -> &'static str {
        match self {
            Self::Yes => "true",
            Self::No => "false",
            Self::ByVersion => "legacy",
        }
    }
}
