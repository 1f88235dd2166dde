//! The project's own git, through the `git` program.
//!
//! It asks and it makes tags; it never fetches, never moves a tag and never touches the working tree,
//! except in repositories it made itself for a rehearsal. Hooks, file system monitors, signing and every
//! kind of prompt are off, the language is fixed, and names are read with `-z`, so a file called
//! `a\nb` cannot lie. The ledger's own git lives elsewhere.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::Cancel;
use crate::process::{Environment, Runner, find_program};

mod branch;
mod clone;
mod environment;
mod error;
mod invoke;
mod make;
mod read;
mod remote;
mod status;
mod tags;

pub use branch::OnBranch;
pub use clone::CloneKind;
pub use error::GitError;
pub use make::Identity;
pub use read::CommitInfo;
pub use remote::Pushed;
pub use status::{Change, ChangeKind};
pub use tags::{TagKind, TagOutcome};

use crate::process::ChildEnv;

/// The `git` program of this machine, if there is one.
#[derive(Clone, Debug)]
pub struct Git {
    program: Option<PathBuf>,
    env: ChildEnv,
    runner: Arc<dyn Runner>,
    cancel: Cancel,
    deadline: Duration,
}

/// What [`Git::discover`] found.
#[derive(Clone, Debug)]
pub enum Discovery {
    /// This machine has no git.
    NoGit,
    /// The path lies in no repository with a working tree.
    NoRepository,
    /// The repository.
    Found(Repository),
}

impl Discovery {
    /// The repository, if one was found.
    #[must_use]
    pub fn found(self) -> Option<Repository> {
        match self {
            Self::Found(repository) => Some(repository),
            Self::NoGit | Self::NoRepository => None,
        }
    }
}

/// A repository with a working tree.
#[derive(Clone, Debug)]
pub struct Repository {
    git: Git,
    program: PathBuf,
    root: PathBuf,
}

impl Repository {
    /// The top folder of the working tree.
    #[must_use]
    pub fn root(&self) -> &std::path::Path {
        &self.root
    }
}

impl Git {
    /// Looks for `git` in `environment`'s `PATH`. Each call of git may take `deadline` at most; raising
    /// `cancel` ends a running one.
    #[must_use]
    pub fn new(
        runner: Arc<dyn Runner>,
        environment: &Environment,
        cancel: Cancel,
        deadline: Duration,
    ) -> Self {
        let program = environment.get("PATH").and_then(|path| find_program("git", path));
        Self { program, env: environment::for_git(environment), runner, cancel, deadline }
    }

    /// The program, if there is one.
    #[must_use]
    pub fn program(&self) -> Option<&std::path::Path> {
        self.program.as_deref()
    }
}

/// The id of a git object: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId(String);

impl ObjectId {
    /// Takes a full id; anything else is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (matches!(text.len(), 40 | 64) && text.bytes().all(hex)).then(|| Self(text.to_owned()))
    }

    /// Its digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its first twelve digits, for people.
    #[must_use]
    pub fn short(&self) -> &str {
        &self.0[..12]
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ObjectId({self})")
    }
}
