//! Branches of a remote: which one is the default, and whether a commit is on one.

use super::{GitError, ObjectId, Repository};

/// Whether a commit is on a branch of a remote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnBranch {
    /// The branch contains it.
    Yes,
    /// It does not, as far as this clone and the remote say.
    No,
    /// The remote could not be asked.
    Unknown {
        /// Why.
        reason: String,
    },
}

impl Repository {
    /// The default branch of a remote: what a clone of it checks out. Without the network where this clone knows it.
    ///
    /// # Errors
    /// When git fails; `Ok(None)` when neither the clone nor the remote tells.
    pub async fn default_branch(&self, remote: &str) -> Result<Option<String>, GitError> {
        let head = format!("refs/remotes/{remote}/HEAD");
        let answer =
            self.call("read the remote's HEAD").args(["symbolic-ref", "--quiet", &head]).answer().await?;
        if answer.code() == Some(0) {
            let output = answer.stdout()?;
            let text = String::from_utf8_lossy(&output);
            return Ok(text.trim().strip_prefix(&format!("refs/remotes/{remote}/")).map(str::to_owned));
        }
        let asked = self
            .call("ask the remote for its HEAD")
            .args(["ls-remote", "--symref", "--end-of-options", remote, "HEAD"])
            .output()
            .await?;
        let text = String::from_utf8_lossy(&asked);
        // `ref: refs/heads/main<TAB>HEAD`
        let mut targets = text.lines().filter_map(|line| line.strip_prefix("ref: ")?.split_once('\t'));
        let target = targets.find(|(_, name)| *name == "HEAD");
        Ok(target.and_then(|(branch, _)| branch.strip_prefix("refs/heads/")).map(str::to_owned))
    }

    /// Whether a branch of a remote contains a commit: as this clone knows it from its last fetch or push, else
    /// whether the remote's branch is at that very commit.
    ///
    /// # Errors
    /// When git fails, except at asking the remote.
    pub async fn on_branch(
        &self,
        remote: &str,
        branch: &str,
        commit: &ObjectId,
    ) -> Result<OnBranch, GitError> {
        let reference = format!("refs/remotes/{remote}/{branch}");
        let known = self
            .call("look for a commit in a branch")
            .args(["for-each-ref", "--format=%(refname)", "--contains", commit.as_str(), &reference])
            .output()
            .await?;
        // The pattern also matches `main/x`; the name must be the whole one.
        if String::from_utf8_lossy(&known).lines().any(|line| line == reference) {
            return Ok(OnBranch::Yes);
        }
        let asked = self
            .call("ask the remote for a branch")
            .args(["ls-remote", "--end-of-options", remote, &format!("refs/heads/{branch}")])
            .output()
            .await;
        match asked {
            Ok(output) => {
                let text = String::from_utf8_lossy(&output);
                let mut tips = text.lines().filter_map(|line| line.split_once('\t'));
                let here = tips.any(|(id, _)| id == commit.as_str());
                Ok(if here { OnBranch::Yes } else { OnBranch::No })
            }
            Err(error @ GitError::Interrupted { .. }) => Err(error),
            Err(error) => Ok(OnBranch::Unknown { reason: error.to_string() }),
        }
    }
}
