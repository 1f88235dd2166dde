//! Questions about a repository.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::invoke::{line, path_from};
use super::{Discovery, Git, GitError, ObjectId, Repository};

/// What a commit says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitInfo {
    /// The commit.
    pub id: ObjectId,
    /// Its tree: two commits with one tree have the same files.
    pub tree: ObjectId,
    /// Its parents.
    pub parents: Vec<ObjectId>,
    /// When it was committed: `SOURCE_DATE_EPOCH`.
    pub committed: Timestamp,
}

impl Git {
    /// Finds the repository that `path` (a folder) lies in.
    ///
    /// # Errors
    /// When git fails, or does not trust the repository.
    pub async fn discover(&self, path: &Path) -> Result<Discovery, GitError> {
        const WHAT: &str = "find the repository";
        let Some(program) = &self.program else { return Ok(Discovery::NoGit) };
        let answer = self.call(program, path, WHAT).args(["rev-parse", "--show-toplevel"]).answer().await?;
        if answer.code() == Some(0) {
            let root = path_from(line(&answer.stdout()?));
            return Ok(Discovery::Found(Repository { git: self.clone(), program: program.clone(), root }));
        }
        if answer.complains("not a git repository") || answer.complains("must be run in a work tree") {
            return Ok(Discovery::NoRepository);
        }
        if answer.complains("dubious ownership") {
            return Err(GitError::Untrusted { path: path.to_owned() });
        }
        Err(answer.failed())
    }
}

impl Repository {
    /// The commit that `HEAD` is at; `None` before the first one.
    ///
    /// # Errors
    /// When git fails.
    pub async fn head(&self) -> Result<Option<ObjectId>, GitError> {
        self.resolve("HEAD^{commit}", "read HEAD").await
    }

    /// The branch that `HEAD` is on; `None` when it is detached, as in most CI checkouts.
    ///
    /// # Errors
    /// When git fails.
    pub async fn branch(&self) -> Result<Option<String>, GitError> {
        let answer = self
            .call("read the branch")
            .args(["symbolic-ref", "--quiet", "--short", "HEAD"])
            .answer()
            .await?;
        if answer.code() == Some(1) {
            return Ok(None);
        }
        let name = answer.expect_success()?.stdout()?;
        Ok(Some(String::from_utf8_lossy(line(&name)).into_owned()))
    }

    /// Reads a commit.
    ///
    /// # Errors
    /// When git fails or the id is no commit.
    pub async fn commit(&self, id: &ObjectId) -> Result<CommitInfo, GitError> {
        const WHAT: &str = "read a commit";
        let raw = self.call(WHAT).args(["cat-file", "commit", id.as_str()]).output().await?;
        let text = String::from_utf8_lossy(&raw);
        let unexpected = || GitError::Unexpected { what: WHAT, answer: id.to_string() };
        let header = text.split("\n\n").next().unwrap_or_default();
        let (mut tree, mut parents, mut committed) = (None, Vec::new(), None);
        for field in header.lines() {
            match field.split_once(' ') {
                Some(("tree", value)) => tree = ObjectId::parse(value),
                Some(("parent", value)) => parents.push(ObjectId::parse(value).ok_or_else(unexpected)?),
                // `Name <mail> 1700000000 +0100`: the zone does not matter to the moment.
                Some(("committer", value)) => {
                    let second = value.rsplit(' ').nth(1).and_then(|text| text.parse().ok());
                    committed = second.and_then(|second| Timestamp::from_second(second).ok());
                }
                _ => {}
            }
        }
        let (Some(tree), Some(committed)) = (tree, committed) else { return Err(unexpected()) };
        Ok(CommitInfo { id: id.clone(), tree, parents, committed })
    }

    /// Files that belong to the project: tracked ones, and untracked ones that are not ignored. Relative to
    /// the root, in byte order. A tracked file that was deleted is listed too.
    ///
    /// # Errors
    /// When git fails.
    pub async fn files(&self) -> Result<Vec<PathBuf>, GitError> {
        let listing = self
            .call("list the files")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .output()
            .await?;
        let mut files: Vec<_> =
            listing.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(path_from).collect();
        files.sort();
        // A path in an unfinished merge comes several times.
        files.dedup();
        Ok(files)
    }

    /// The object a name stands for, if there is one.
    pub(super) async fn resolve(&self, name: &str, what: &'static str) -> Result<Option<ObjectId>, GitError> {
        let answer = self
            .call(what)
            .args(["rev-parse", "--verify", "--quiet", "--end-of-options", name])
            .answer()
            .await?;
        if answer.code() == Some(1) {
            return Ok(None);
        }
        let output = answer.expect_success()?.stdout()?;
        let text = String::from_utf8_lossy(line(&output)).into_owned();
        ObjectId::parse(&text).map(Some).ok_or(GitError::Unexpected { what, answer: text })
    }
}
