//! The checkout a release is made from, and the git rules it must keep.

mod gate;

use crate::context::Context;
use crate::python::interrupted;
use shiponce_api::{ErrorCode, Problem};
use shiponce_io::git::{Git, GitError, ObjectId, Repository};
use std::path::Path;
use std::time::Duration;

pub(crate) use gate::{GitRules, check_git};

/// What git says about the checkout.
#[derive(Debug, Clone)]
pub(crate) struct Checkout {
    /// The repository.
    pub(crate) repository: Repository,
    /// The commit at HEAD.
    pub(crate) commit: ObjectId,
    /// Its time, seconds since the epoch: `SOURCE_DATE_EPOCH`.
    pub(crate) committed: i64,
    /// Tags on that commit.
    pub(crate) tags: Vec<String>,
    /// Paths that differ from the commit, as text.
    pub(crate) changes: Vec<String>,
}

/// Reads the checkout that `project` lies in; `None` when it lies in none, or in one without a commit.
///
/// # Errors
/// When git is there and fails.
pub(crate) async fn read_checkout(context: &Context, project: &Path) -> Result<Option<Checkout>, Problem> {
    let Some((repository, commit)) = repository_at(context, project).await? else { return Ok(None) };
    let info = repository.commit(&commit).await.map_err(|error| git_problem(&error))?;
    let tags = repository.tags_at(&commit).await.map_err(|error| git_problem(&error))?;
    let changes = repository.changes().await.map_err(|error| git_problem(&error))?;
    let changes = changes.iter().map(|change| change.path.display().to_string()).collect();
    Ok(Some(Checkout { repository, commit, committed: info.committed.as_second(), tags, changes }))
}

/// The repository that `project` lies in and the commit at HEAD; `None` when there is none.
///
/// # Errors
/// When git is there and fails.
pub(crate) async fn repository_at(
    context: &Context,
    project: &Path,
) -> Result<Option<(Repository, ObjectId)>, Problem> {
    let git = Git::new(
        context.runner.clone(),
        &context.environment,
        context.cancel.clone(),
        Duration::from_secs(60),
    );
    let found = git.discover(project).await.map_err(|error| git_problem(&error))?;
    let Some(repository) = found.found() else { return Ok(None) };
    let commit = repository.head().await.map_err(|error| git_problem(&error))?;
    Ok(commit.map(|commit| (repository, commit)))
}

pub(crate) fn git_problem(error: &GitError) -> Problem {
    match error {
        GitError::Interrupted { .. } => interrupted(),
        GitError::Untrusted { .. } => Problem::from_error(ErrorCode::Usage, error)
            .hint("run as the owner of the checkout, or add it to git's safe.directory"),
        _ => {
            Problem::from_error(ErrorCode::Usage, error).hint("run the same git command by hand to see more")
        }
    }
}
