//! What comes in from the top: nothing in this crate asks the process for it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::endpoints::Endpoints;

/// Everything a configuration depends on besides the files.
#[derive(Clone)]
pub struct Inputs {
    /// The folder of the project. Only this folder is looked at, never those above it.
    pub project_dir: PathBuf,
    /// The environment of the process.
    pub environment: BTreeMap<String, String>,
    /// The command line.
    pub flags: Flags,
    /// The home folder of the user, if there is one.
    pub home: Option<PathBuf>,
    /// What the configuration is for.
    pub purpose: Purpose,
    /// The built-in indexes, or the world that stands in for them.
    pub endpoints: Endpoints,
    /// Reads the names of projects that `[project]` does not state; without it they have to be configured.
    pub name_of: Option<NameOf>,
}

/// The name of a project in a folder and the file that states it, read without running anything: from `setup.py`,
/// `setup.cfg` or a table of a tool.
pub type NameOf = fn(&Path) -> Option<(String, &'static str)>;

impl fmt::Debug for Inputs {
    /// The environment holds secrets: only the names are shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inputs")
            .field("project_dir", &self.project_dir)
            .field("environment", &self.environment.keys().collect::<Vec<_>>())
            .field("home", &self.home)
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

/// What a configuration is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Build and publish a project: there must be one, and every setting must be honoured.
    Release,
    /// Publish files that exist: a project is not needed, but every setting that is there must be honoured.
    Publish,
    /// Look, and change nothing: settings of later versions are shown and not refused.
    Inspect,
}

/// The flags that stand above the configuration files.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--config FILE`
    pub config: Option<PathBuf>,
    /// `--state-dir DIR`
    pub state_dir: Option<PathBuf>,
    /// `--ledger URL`
    pub ledger: Option<String>,
    /// `--dist-dir DIR`
    pub dist_dir: Option<PathBuf>,
    /// `--index NAME|URL` of `publish`: this index alone.
    pub index: Option<String>,
    /// `--to NAME,…`: these targets alone.
    pub to: Vec<String>,
    /// `--skip NAME,…`
    pub skip: Vec<String>,
    /// `--skip-test-pypi`: every index with the role test.
    pub skip_test: bool,
    /// `--skip-pypi`: every index with the role production.
    pub skip_production: bool,
    /// `--skip-github`
    pub skip_github: bool,
    /// `--python LIST|RANGE|auto`
    pub python: Vec<String>,
    /// `--platform LIST`
    pub platform: Vec<String>,
    /// `--on-unknown attempt`
    pub on_unknown_attempt: bool,
    /// `--single-copy`
    pub single_copy: bool,
}

impl fmt::Debug for Flags {
    /// A ledger or index address may hold a password until it has been refused.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flags")
            .field("config", &self.config)
            .field("state_dir", &self.state_dir)
            .field("ledger", &self.ledger.as_deref().map(crate::mask::mask))
            .field("index", &self.index.as_deref().map(crate::mask::mask))
            .field("to", &self.to)
            .field("skip", &self.skip)
            .finish_non_exhaustive()
    }
}
