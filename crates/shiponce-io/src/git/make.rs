//! Repositories of our own making: a rehearsal works in a copy of the project, with a commit, a tag and a
//! local remote, so that the git rules hold for real.

use std::path::Path;

use jiff::Timestamp;

use super::{Git, GitError, ObjectId, Repository};

/// Who commits, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// A name.
    pub name: String,
    /// A mail address.
    pub email: String,
    /// Both the author's and the committer's date.
    pub when: Timestamp,
}

impl Git {
    /// Makes a repository in a folder that exists; its branch is `main`. `None` without git.
    ///
    /// # Errors
    /// When git fails.
    pub async fn init(&self, folder: &Path) -> Result<Option<Repository>, GitError> {
        const WHAT: &str = "make a repository";
        let Some(program) = self.program.clone() else { return Ok(None) };
        let repository = Repository { git: self.clone(), program, root: folder.to_owned() };
        repository.call(WHAT).args(["init", "--quiet", "--template="]).output().await?;
        // `--initial-branch` needs git 2.28.
        repository.call(WHAT).args(["symbolic-ref", "HEAD", "refs/heads/main"]).output().await?;
        Ok(Some(repository))
    }
}

impl Repository {
    /// Commits everything in the working tree that is not ignored, even when nothing changed.
    ///
    /// # Errors
    /// When git fails.
    pub async fn commit_all(&self, message: &str, identity: &Identity) -> Result<ObjectId, GitError> {
        const WHAT: &str = "commit";
        self.call(WHAT).args(["add", "--all"]).output().await?;
        let date = format!("@{} +0000", identity.when.as_second());
        self.call(WHAT)
            .env(|env| {
                env.with("GIT_AUTHOR_NAME", &identity.name)
                    .with("GIT_AUTHOR_EMAIL", &identity.email)
                    .with("GIT_AUTHOR_DATE", &date)
                    .with("GIT_COMMITTER_NAME", &identity.name)
                    .with("GIT_COMMITTER_EMAIL", &identity.email)
                    .with("GIT_COMMITTER_DATE", &date)
            })
            .args(["commit", "--quiet", "--no-verify", "--allow-empty", "--message", message])
            .output()
            .await?;
        let head = self.head().await?;
        head.ok_or_else(|| GitError::Unexpected { what: WHAT, answer: "no HEAD".to_owned() })
    }

    /// Makes an empty bare repository in `folder` and adds it as a remote.
    ///
    /// # Errors
    /// When git fails.
    pub async fn add_local_remote(&self, name: &str, folder: &Path) -> Result<(), GitError> {
        const WHAT: &str = "make a local remote";
        let folder = folder.as_os_str();
        self.call(WHAT)
            .args(["init", "--quiet", "--bare", "--template=", "--"])
            .args([folder])
            .output()
            .await?;
        self.call(WHAT).args(["remote", "add", "--", name]).args([folder]).output().await?;
        Ok(())
    }

    /// Pushes references to a remote, never by force.
    ///
    /// # Errors
    /// When git fails or the remote refuses.
    pub async fn push(&self, remote: &str, references: &[&str]) -> Result<(), GitError> {
        self.call("push")
            .args(["push", "--quiet", "--no-verify", "--end-of-options", remote])
            .args(references.iter().copied())
            .output()
            .await?;
        Ok(())
    }
}
