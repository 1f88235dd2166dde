//! Whether a commit is where others can get it.

use super::invoke::without_userinfo;
use super::{GitError, ObjectId, Repository};

/// Whether a commit is on a remote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It is, by this reference.
    Yes {
        /// `refs/remotes/origin/main`, or `origin refs/tags/v1` when the remote itself was asked.
        reference: String,
    },
    /// It is not: no remote branch we know of contains it, and no branch or tag of a remote points at it.
    No,
    /// The repository has no remote.
    NoRemote,
    /// A remote that would have to be asked could not be.
    Unknown {
        /// Why.
        reason: String,
    },
}

impl Repository {
    /// Names of the remotes.
    ///
    /// # Errors
    /// When git fails.
    pub async fn remotes(&self) -> Result<Vec<String>, GitError> {
        let output = self.call("list the remotes").args(["remote"]).output().await?;
        Ok(String::from_utf8_lossy(&output).lines().map(str::to_owned).collect())
    }

    /// The addresses a remote is fetched from, without user names and passwords: as the configuration writes them,
    /// and as git uses them (`url.….insteadOf` may put another in their place). Empty when there is no such remote.
    ///
    /// # Errors
    /// When git fails.
    pub async fn remote_addresses(&self, remote: &str) -> Result<Vec<String>, GitError> {
        let key = format!("remote.{remote}.url");
        let written = self.call("read the address of a remote").args(["config", "--get-all", &key]);
        let written = written.answer().await?;
        if written.code() == Some(1) {
            return Ok(Vec::new());
        }
        let written = written.expect_success()?.stdout()?;
        let used = self.call("read the address of a remote").args(["remote", "get-url", "--all", remote]);
        let used = used.output().await?;
        let mut addresses: Vec<String> = Vec::new();
        for output in [written, used] {
            let lines = String::from_utf8_lossy(&output);
            for address in lines.lines().map(without_userinfo) {
                if !addresses.contains(&address) {
                    addresses.push(address);
                }
            }
        }
        Ok(addresses)
    }

    /// Whether a commit is on a remote.
    ///
    /// First what this clone knows from its last push or fetch, without the network. Only when that says
    /// no, the remotes are asked: the checkout of a tag in CI knows no remote branches at all.
    ///
    /// # Errors
    /// When git fails, except at asking a remote ([`Pushed::Unknown`]).
    pub async fn pushed(&self, commit: &ObjectId) -> Result<Pushed, GitError> {
        let known = self
            .call("look for a commit in remote branches")
            .args(["for-each-ref", "--count=1", "--format=%(refname)", "--contains", commit.as_str()])
            .args(["refs/remotes"])
            .output()
            .await?;
        if let Some(reference) = String::from_utf8_lossy(&known).lines().next() {
            return Ok(Pushed::Yes { reference: reference.to_owned() });
        }
        let remotes = self.remotes().await?;
        if remotes.is_empty() {
            return Ok(Pushed::NoRemote);
        }
        let mut unknown = None;
        for remote in remotes {
            match self.remote_tip(&remote, commit).await {
                Ok(Some(reference)) => {
                    return Ok(Pushed::Yes { reference: format!("{remote} {reference}") });
                }
                Ok(None) => {}
                Err(error @ GitError::Interrupted { .. }) => return Err(error),
                Err(error) => unknown = Some(error.to_string()),
            }
        }
        Ok(unknown.map_or(Pushed::No, |reason| Pushed::Unknown { reason }))
    }

    /// The branch or tag of a remote that points at a commit.
    async fn remote_tip(&self, remote: &str, commit: &ObjectId) -> Result<Option<String>, GitError> {
        let output = self
            .call("ask the remote")
            .args(["ls-remote", "--heads", "--tags", "--end-of-options", remote])
            .output()
            .await?;
        let listing = String::from_utf8_lossy(&output);
        let mut tips = listing.lines().filter_map(|line| line.split_once('\t'));
        let tip = tips.find(|(id, _)| *id == commit.as_str());
        // An annotated tag has a second line, `refs/tags/v1^{}`, for the commit it is on.
        Ok(tip.map(|(_, name)| name.strip_suffix("^{}").unwrap_or(name).to_owned()))
    }
}
