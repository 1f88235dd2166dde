//! Where a build runs.

use crate::context::Context;
use crate::problem::short;
use crate::project::{Checkout, git_problem};
use crate::report::Say as _;
use shiponce_api::{ErrorCode, Problem};
use std::fmt;
use std::path::{Path, PathBuf};

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

impl BuildSource {
    /// A clean clone of the commit. The user's folder itself where there is no commit, where uncommitted changes
    /// were allowed in, or where submodules would have to be fetched.
    pub(crate) async fn prepare(
        context: &Context,
        project: &Path,
        checkout: Option<&Checkout>,
    ) -> Result<Self, Problem> {
        let in_place = |why: &str| Self {
            root: project.to_owned(),
            commit_time: checkout.map(|checkout| checkout.committed),
            label: format!("the working tree ({why})"),
        };
        let Some(checkout) = checkout else { return Ok(in_place("no commit")) };
        if !checkout.changes.is_empty() {
            return Ok(in_place("uncommitted changes"));
        }
        if checkout.repository.root().join(".gitmodules").exists() {
            context.report.warning("The project has git submodules; building in the working tree");
            return Ok(in_place("submodules"));
        }
        let clone = context.state.temp.join("source");
        checkout.repository.clone_at(&checkout.commit, &clone).await.map_err(|error| git_problem(&error))?;
        let unresolved = |error: std::io::Error| {
            Problem::new(ErrorCode::Usage, "the project's place in its repository could not be found")
                .cause(error.to_string())
        };
        let root = fs_err::canonicalize(checkout.repository.root()).map_err(unresolved)?;
        let project = fs_err::canonicalize(project).map_err(unresolved)?;
        let below = project.strip_prefix(&root).unwrap_or_else(|_| Path::new(""));
        Ok(Self {
            root: clone.join(below),
            commit_time: Some(checkout.committed),
            label: format!("a clean clone of {}", short(checkout.commit.as_str())),
        })
    }
}
