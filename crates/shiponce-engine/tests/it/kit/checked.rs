//! A lab with a checkout at a tag, and nothing on any forge.

use super::git::{WithGit, checkout};
use super::lab::Lab;
use super::runner::Python;
use shiponce_engine::{Finished, ReleaseRequest, release};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) struct Checked {
    pub(crate) lab: Lab,
    pub(crate) project: PathBuf,
    pub(crate) commit: String,
    git: Arc<WithGit>,
}

impl Checked {
    pub(crate) async fn new() -> Self {
        let lab = Lab::new();
        let commit = checkout(lab.dir.path()).await;
        let project = lab.folder("project");
        let git = Arc::new(WithGit::new(lab.python.clone()));
        Self { lab, project, commit, git }
    }

    /// Says where the checkout comes from. What was pushed stays known.
    pub(crate) fn origin(&self, address: &str) {
        let config = self.project.join(".git/config");
        let text = fs_err::read_to_string(&config).unwrap();
        fs_err::write(&config, text.replace("../origin.git", address)).unwrap();
    }

    pub(crate) async fn press(&self, request: &ReleaseRequest) -> Finished {
        let bin = Python::path(self.lab.dir.path());
        let path = format!("{}:{}", bin.display(), super::variable("PATH").unwrap());
        release(&self.lab.context_with(self.git.clone(), Path::new(&path)), request).await
    }
}
