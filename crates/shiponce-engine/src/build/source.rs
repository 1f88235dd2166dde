//! Where a build runs.

use super::Legs;
use crate::problem::short;
use crate::project::{Checkout, git_problem};
use crate::rehearsal_copy::copy_source;
use shiponce_api::{ErrorCode, Problem};
use shiponce_io::git::{CloneKind, ObjectId, Repository};
use std::fmt;
use std::path::{Path, PathBuf};
use tokio::sync::Mutex;

/// The folder a build runs in and what it stands for.
#[derive(Debug)]
pub(crate) struct BuildSource {
    /// The project's folder.
    pub(crate) root: PathBuf,
    /// The commit's time, seconds since the epoch.
    pub(crate) commit_time: Option<i64>,
    label: String,
}

impl fmt::Display for BuildSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label)
    }
}

/// What everything that is built in one press is cloned from: the user's repository is read once, and no build can
/// reach it.
#[derive(Debug)]
pub(crate) struct Workshop {
    folder: PathBuf,
    copy: Mutex<Option<(PathBuf, ObjectId, Repository)>>,
}

impl Workshop {
    /// A workshop that keeps its copy in `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.join("source"), copy: Mutex::new(None) }
    }

    /// A clean clone of the commit in `room`, a folder that does not exist.
    async fn clean_clone(&self, checkout: &Checkout, room: &Path) -> Result<Repository, Problem> {
        let mut copy = self.copy.lock().await;
        let (root, commit) = (checkout.repository.root(), &checkout.commit);
        let made = match copy.as_ref() {
            Some((of, at, made)) if of == root && at == commit => made.clone(),
            // Another repository or commit in one press is rare enough to be copied beside the first.
            other => {
                let folder =
                    if other.is_some() { room.with_extension("source") } else { self.folder.clone() };
                let made = checkout.repository.clone_at(commit, &folder, CloneKind::Source).await;
                let made = made.map_err(|error| git_problem(&error))?;
                *copy = Some((root.to_owned(), commit.clone(), made.clone()));
                made
            }
        };
        drop(copy);
        made.clone_at(commit, room, CloneKind::Working).await.map_err(|error| git_problem(&error))
    }
}

impl BuildSource {
    /// A clean clone of the commit in `room`. Where there is no commit or where uncommitted changes were allowed in,
    /// the user's folder itself; for a variant, which must not change it, a copy of that.
    pub(crate) async fn prepare(legs: &Legs<'_>, room: &Path) -> Result<Self, Problem> {
        let Legs { workshop, project, checkout, .. } = legs;
        let clean = checkout.filter(|checkout| checkout.changes.is_empty());
        let Some(checkout) = clean else {
            let why = if checkout.is_some() { "uncommitted changes" } else { "no commit" };
            return Self::as_it_is(legs, room, why).await;
        };
        let clone = workshop.clean_clone(checkout, room).await?;
        let below = below(checkout, project)?;
        let source = Self {
            root: clone.root().join(&below),
            commit_time: Some(checkout.committed),
            label: format!("a clean clone of {}", short(checkout.commit.as_str())),
        };
        if let Some(patch) = &legs.options.patch
            && patch.apply(&source.root)?
        {
            // The name is no change of the project: a version that is read from git must not say so.
            let unchanged = clone.assume_unchanged(&[&below.join("pyproject.toml")]).await;
            unchanged.map_err(|error| git_problem(&error))?;
        }
        Ok(source)
    }

    async fn as_it_is(legs: &Legs<'_>, room: &Path, why: &str) -> Result<Self, Problem> {
        let commit_time = legs.checkout.map(|checkout| checkout.committed);
        let Some(patch) = &legs.options.patch else {
            let label = format!("the working tree ({why})");
            return Ok(Self { root: legs.project.to_owned(), commit_time, label });
        };
        copy_source(legs.context, legs.project, room).await?;
        patch.apply(room)?;
        Ok(Self { root: room.to_owned(), commit_time, label: format!("a copy of the working tree ({why})") })
    }
}

/// Where a project lies in its repository.
fn below(checkout: &Checkout, project: &Path) -> Result<PathBuf, Problem> {
    let unresolved = |error: std::io::Error| {
        Problem::new(ErrorCode::Usage, "the project's place in its repository could not be found")
            .cause(error.to_string())
    };
    let root = fs_err::canonicalize(checkout.repository.root()).map_err(unresolved)?;
    let project = fs_err::canonicalize(project).map_err(unresolved)?;
    Ok(project.strip_prefix(&root).unwrap_or_else(|_| Path::new("")).to_owned())
}
