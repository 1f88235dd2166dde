//! The resolved configuration: what every setting means for this run, each with its source.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use shiponce_core::PackageName;
use shiponce_core::decide::OnUnknown;

use crate::credentials::Bindings;
use crate::fallback::{Dotenv, Pypirc};
use crate::github::GitHub;
use crate::index::Index;
use crate::matrix::{Expect, Matrix};
use crate::policy::Policy;
use crate::project::Project;
use crate::source::{Source, Sourced};
use crate::values::{Ledger, TagTemplate, VersionFile};
use crate::variants::Variant;
use crate::workspace::Workspace;

/// Everything a run depends on besides the files it releases.
#[derive(Debug, Clone)]
pub struct Config {
    /// The project; always there for [`Purpose::Release`](crate::Purpose::Release), but for a workspace that only
    /// holds others.
    pub project: Option<Project>,
    /// `package`, by default the name of the project. `None` when only the build tells.
    pub package: Option<Sourced<PackageName>>,
    /// `tag`
    pub tag: Sourced<TagTemplate>,
    /// `[variants.NAME]` and `build_config.json`, in this order.
    pub variants: Vec<Variant>,
    /// `matrix`. `None`: the build decides what it builds.
    pub matrix: Option<Matrix>,
    /// `[expect]`
    pub expect: Expect,
    /// `[workspace]`
    pub workspace: Option<Workspace>,
    /// `--dist-dir`, by default `dist` in the project folder.
    pub dist_dir: Sourced<PathBuf>,
    /// `[build]`
    pub build: Build,
    /// The indexes of the run: test indexes first, then production, each in order of their names.
    pub indexes: Vec<Index>,
    /// `[github]`
    pub github: GitHub,
    /// What leaves the release page out: `--skip-github`, `--skip github`, `--to` without it, `--index`, or a
    /// policy.
    pub skip_github: Option<Source>,
    /// `[verify]`
    pub verify: Verify,
    /// `[gates] required`
    pub gates: Sourced<Vec<Gate>>,
    /// `[gates] version-files`
    pub version_files: Sourced<Vec<VersionFile>>,
    /// `[git] branch`. `None`: the default branch of the remote.
    pub branch: Option<Sourced<String>>,
    /// `[concurrency] group`
    pub group: Sourced<GroupTemplate>,
    /// Where state is kept. `None` when there is neither a flag nor a home folder.
    pub state_dir: Option<Sourced<PathBuf>>,
    /// The ledger. Its source tells whether somebody chose it, which for some indexes is a statement.
    pub ledger: Option<Sourced<Ledger>>,
    /// `--on-unknown`
    pub on_unknown: Sourced<OnUnknown>,
    /// `--single-copy`
    pub single_copy: Sourced<bool>,
    /// The policy, with the variable that named it.
    pub policy: Option<Sourced<Policy>>,
    pub(crate) dotenv: Option<Dotenv>,
    pub(crate) pypirc: Option<Pypirc>,
    pub(crate) bindings: Bindings,
}

/// `[build]`
#[derive(Clone, PartialEq, Eq)]
pub struct Build {
    /// The command and its arguments; `{dist}` stands for the folder to write to. `None`: detect the tool.
    pub command: Option<Sourced<Vec<String>>>,
    /// Variables for the build. They are part of the inputs of a release and never secret.
    pub env: BTreeMap<String, Sourced<String>>,
    /// How long the build may take.
    pub timeout: Sourced<Duration>,
}

impl fmt::Debug for Build {
    /// People put secrets into build variables although they are told not to: only the names are shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Build")
            .field("command", &self.command)
            .field("env", &self.env.keys().collect::<Vec<_>>())
            .field("timeout", &self.timeout)
            .finish()
    }
}

/// `[verify]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verify {
    /// The modules to import. `None`: the top-level modules of the wheel.
    pub import: Option<Sourced<Vec<String>>>,
    /// Where the installed version is read.
    pub version: Sourced<VersionProbe>,
    /// Commands to run in the clean environment, each a list of arguments.
    pub commands: Sourced<Vec<Vec<String>>>,
    /// The Simple API that dependencies come from. `None`: the production index.
    pub dependencies: Option<Sourced<shiponce_core::redact::SafeUrl>>,
    /// How long installing and testing one file may take.
    pub timeout: Sourced<Duration>,
}

/// Where the version of an installed package is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionProbe {
    /// `importlib.metadata`
    Metadata,
    /// An attribute of a module: `demo.__version__`.
    Attribute {
        /// The module.
        module: String,
        /// The attribute.
        name: String,
    },
}

/// A gate that must pass before anything is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// All places that state the version agree.
    Version,
    /// The files obey the rules of their formats and of the index.
    Dist,
    /// The metadata is complete and renders.
    Package,
    /// Linters, type checkers and tests of the project.
    Quality,
    /// The trusted publisher fits the workflow.
    Publisher,
}

impl Gate {
    /// Every gate with its name.
    pub(crate) const WORDS: [(&'static str, Self); 5] = [
        ("version", Self::Version),
        ("dist", Self::Dist),
        ("package", Self::Package),
        ("quality", Self::Quality),
        ("publisher", Self::Publisher),
    ];

    /// The name in the configuration.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Dist => "dist",
            Self::Package => "package",
            Self::Quality => "quality",
            Self::Publisher => "publisher",
        }
    }
}

/// The name of the lease a release holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupTemplate(pub(crate) String);

impl GroupTemplate {
    /// The group of a package, in its normalised spelling.
    #[must_use]
    pub fn render(&self, package: &PackageName) -> String {
        self.0.replace("{package}", package.normalized())
    }
}

impl Config {
    /// The index of a name.
    #[must_use]
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| index.name == name)
    }

    /// The indexes this run writes to, in the order they are visited.
    pub fn targets(&self) -> impl Iterator<Item = &Index> {
        self.indexes.iter().filter(|index| index.left_out.is_none())
    }
}
