//! Clean clones of a commit, submodules included, on the same disk: nothing goes over a network.

use std::path::{Path, PathBuf};
use std::pin::Pin;

use super::invoke::path_from;
use super::{Discovery, GitError, ObjectId, Repository};

/// What a clone is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloneKind {
    /// To be cloned from: it has objects of its own, shares no file with the original, and no file is checked out.
    Source,
    /// To be worked in: its files are checked out, its objects are those of the original, which must stay as it is
    /// meanwhile. For clones of a [`CloneKind::Source`] of our own.
    Working,
}

impl Repository {
    /// Makes a clean clone of this repository in `folder`, with its tags, for `commit`. It has no remote but the
    /// original's own folder. Submodules that the original has checked out come from there, each at the commit
    /// that its parent records; others are empty folders, as in the original.
    ///
    /// # Errors
    /// When git fails.
    pub async fn clone_at(
        &self,
        commit: &ObjectId,
        folder: &Path,
        kind: CloneKind,
    ) -> Result<Self, GitError> {
        let clone = self.clone_without_submodules(commit, folder, kind).await?;
        for (path, wanted) in self.submodules(commit).await? {
            let from = self.root.join(&path);
            let Some(submodule) = self.submodule_at(&from).await? else { continue };
            submodule.nested_clone(&wanted, &folder.join(&path), kind).await?;
        }
        Ok(clone)
    }

    /// Submodules have submodules, and an async function that calls itself needs a place for its state.
    fn nested_clone<'a>(
        &'a self,
        commit: &'a ObjectId,
        folder: &'a Path,
        kind: CloneKind,
    ) -> Pin<Box<dyn Future<Output = Result<Self, GitError>> + Send + 'a>> {
        Box::pin(self.clone_at(commit, folder, kind))
    }

    async fn clone_without_submodules(
        &self,
        commit: &ObjectId,
        folder: &Path,
        kind: CloneKind,
    ) -> Result<Self, GitError> {
        const WHAT: &str = "make a clean clone";
        let sharing = match kind {
            CloneKind::Source => "--no-hardlinks",
            CloneKind::Working => "--shared",
        };
        self.call(WHAT)
            .args(["clone", "--quiet", sharing, "--no-checkout", "--template=", "--"])
            .args([self.root.as_os_str(), folder.as_os_str()])
            .output()
            .await?;
        let clone = Self { git: self.git.clone(), program: self.program.clone(), root: folder.to_owned() };
        if kind == CloneKind::Working {
            clone.call(WHAT).args(["checkout", "--quiet", "--detach", commit.as_str()]).output().await?;
        }
        Ok(clone)
    }

    /// The submodules of a commit and the commits it records for them.
    async fn submodules(&self, commit: &ObjectId) -> Result<Vec<(PathBuf, ObjectId)>, GitError> {
        let output =
            self.call("list the submodules").args(["ls-tree", "-r", "-z", commit.as_str()]).output().await?;
        // `160000 commit ID<TAB>PATH`: a gitlink (gitmodules(5)).
        let gitlink = |record: &[u8]| {
            let rest = record.strip_prefix(b"160000 commit ")?;
            let tab = rest.iter().position(|byte| *byte == b'\t')?;
            let id = ObjectId::parse(std::str::from_utf8(&rest[..tab]).ok()?)?;
            Some((path_from(&rest[tab + 1..]), id))
        };
        Ok(output.split(|byte| *byte == 0).filter_map(gitlink).collect())
    }

    /// The repository of a submodule; `None` when it is not checked out, where git would find the one around it.
    async fn submodule_at(&self, folder: &Path) -> Result<Option<Self>, GitError> {
        if !folder.join(".git").exists() {
            return Ok(None);
        }
        match self.git.discover(folder).await? {
            Discovery::Found(repository) => Ok(Some(repository)),
            Discovery::NoGit | Discovery::NoRepository => Ok(None),
        }
    }

    /// Lets git take tracked files for unchanged, whatever stands in them from now on: tools that derive a version
    /// from git call a tree with changes dirty and give it another one.
    ///
    /// # Errors
    /// When git fails, or does not track a file.
    pub async fn assume_unchanged(&self, paths: &[&Path]) -> Result<(), GitError> {
        self.call("set a file's state")
            .args(["update-index", "--assume-unchanged", "--"])
            .args(paths.iter().map(|path| path.as_os_str()))
            .output()
            .await?;
        Ok(())
    }
}
