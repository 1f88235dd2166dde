//! Tags: read, compared, created; never moved, never deleted.

use std::collections::BTreeMap;
use std::path::Path;

use super::{GitError, ObjectId, Repository};

/// What kind of tag to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagKind {
    /// A name only.
    Lightweight,
    /// An object with a message, a tagger and a date; needs a configured identity.
    Annotated {
        /// The message.
        message: String,
    },
}

/// What [`Repository::create_tag`] found or did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagOutcome {
    /// The tag is new.
    Created,
    /// The tag was on this commit already.
    AlreadyThere,
}

impl Repository {
    /// Names of the tags on a commit, annotated ones included, in byte order.
    ///
    /// # Errors
    /// When git fails.
    pub async fn tags_at(&self, commit: &ObjectId) -> Result<Vec<String>, GitError> {
        let output = self
            .call("list the tags")
            .args(["for-each-ref", "--format=%(refname)", "--points-at", commit.as_str(), "refs/tags"])
            .output()
            .await?;
        let names = String::from_utf8_lossy(&output);
        let names = names.lines().filter_map(|name| name.strip_prefix("refs/tags/"));
        Ok(names.map(str::to_owned).collect())
    }

    /// The commit a tag is on, looking through tag objects; `None` without such a tag.
    ///
    /// # Errors
    /// When git fails.
    pub async fn tag_commit(&self, tag: &str) -> Result<Option<ObjectId>, GitError> {
        self.resolve(&format!("refs/tags/{tag}^{{commit}}"), "look for a tag").await
    }

    /// Every tag of this repository with the commit it is on, looking through tag objects.
    ///
    /// # Errors
    /// When git fails.
    pub async fn tags(&self) -> Result<Vec<(String, ObjectId)>, GitError> {
        let format = "--format=%(objectname)%09%(refname)%0a%(*objectname)%09%(refname)^{}";
        let output = self.call("list the tags").args(["for-each-ref", format, "refs/tags"]).output().await?;
        Ok(peeled(&output))
    }

    /// The names of the tags whose commits `HEAD` descends from, or is.
    ///
    /// # Errors
    /// When git fails.
    pub async fn tags_behind_head(&self) -> Result<Vec<String>, GitError> {
        let output = self
            .call("list the tags behind HEAD")
            .args(["for-each-ref", "--format=%(refname)", "--merged=HEAD", "refs/tags"])
            .output()
            .await?;
        let names = String::from_utf8_lossy(&output);
        let names = names.lines().filter_map(|name| name.strip_prefix("refs/tags/"));
        Ok(names.map(str::to_owned).collect())
    }

    /// The messages of the commits after a tag that touch anything below a folder, newest first. In a shallow clone
    /// they end where the history does.
    ///
    /// # Errors
    /// When git fails or there is no such tag.
    pub async fn messages_since(&self, tag: &str, folder: &Path) -> Result<Vec<String>, GitError> {
        let range = format!("refs/tags/{tag}..HEAD");
        let output = self
            .call("read the changes since a tag")
            .args(["log", "-z", "--no-merges", "--format=%B", &range, "--"])
            .args([folder])
            .output()
            .await?;
        let messages = String::from_utf8_lossy(&output);
        Ok(messages.split('\0').map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect())
    }

    /// Every tag of a remote with the commit it is on, looking through tag objects.
    ///
    /// # Errors
    /// When git fails or the remote cannot be asked.
    pub async fn remote_tags(&self, remote: &str) -> Result<Vec<(String, ObjectId)>, GitError> {
        let output = self
            .call("ask the remote for its tags")
            .args(["ls-remote", "--tags", "--end-of-options", remote])
            .output()
            .await?;
        Ok(peeled(&output))
    }

    /// Creates a tag in this repository; it is not pushed.
    ///
    /// # Errors
    /// When git fails, the name is none for a tag, or the tag is on another commit.
    pub async fn create_tag(
        &self,
        tag: &str,
        commit: &ObjectId,
        kind: &TagKind,
    ) -> Result<TagOutcome, GitError> {
        self.check_tag_name(tag).await?;
        if let Some(found) = self.tag_commit(tag).await? {
            return same_commit(tag, found, commit);
        }
        let call = self.call("create a tag").args(["tag", "--no-sign"]);
        let call = match kind {
            TagKind::Lightweight => call,
            TagKind::Annotated { message } => {
                call.args(["--annotate", "--cleanup=verbatim", "--message", message.as_str()])
            }
        };
        let answer = call.args(["--end-of-options", tag, commit.as_str()]).answer().await?;
        if answer.code() == Some(0) {
            return Ok(TagOutcome::Created);
        }
        // Somebody else may have created it in between.
        match self.tag_commit(tag).await? {
            Some(found) => same_commit(tag, found, commit),
            None => Err(answer.failed()),
        }
    }

    async fn check_tag_name(&self, tag: &str) -> Result<(), GitError> {
        let invalid = || GitError::TagName { tag: tag.to_owned() };
        if tag.starts_with('-') || tag.contains('\0') {
            return Err(invalid());
        }
        let name = format!("refs/tags/{tag}");
        let answer = self.call("check a tag name").args(["check-ref-format", name.as_str()]).answer().await?;
        if answer.code() == Some(0) { Ok(()) } else { Err(invalid()) }
    }
}

/// Reads lines of `id<TAB>refs/tags/name`; an annotated tag has a second line, `…^{}`, for the commit it is on.
fn peeled(output: &[u8]) -> Vec<(String, ObjectId)> {
    let mut tags = BTreeMap::new();
    for line in String::from_utf8_lossy(output).lines() {
        let Some((id, name)) = line.split_once('\t') else { continue };
        let (Some(id), Some(name)) = (ObjectId::parse(id), name.strip_prefix("refs/tags/")) else { continue };
        match name.strip_suffix("^{}") {
            Some(name) => drop(tags.insert(name.to_owned(), id)),
            None => drop(tags.entry(name.to_owned()).or_insert(id)),
        }
    }
    tags.into_iter().collect()
}

fn same_commit(tag: &str, found: ObjectId, wanted: &ObjectId) -> Result<TagOutcome, GitError> {
    if found == *wanted {
        Ok(TagOutcome::AlreadyThere)
    } else {
        Err(GitError::TagElsewhere { tag: tag.to_owned(), commit: found })
    }
}
