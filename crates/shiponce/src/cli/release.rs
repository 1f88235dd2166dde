//! `release`: from source to every target.

use super::Global;
use super::press::press;
use super::selection::SelectionArgs;
use super::shared::{Resolved, conclude, current_dir, parse_duration};
use crate::terminal::Terminal;
use clap::{Args, ValueEnum};
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_config::{Flags, ProjectVersion};
use shiponce_core::{PackageName, Version, VersionSuffix};
use std::path::PathBuf;
use std::time::Duration;

/// Build, check, publish and verify a project, exactly once
#[derive(Debug, Args)]
pub(crate) struct ReleaseArgs {
    /// The project's folder
    pub(crate) path: Option<PathBuf>,
    /// Do every read and no write
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) options: ReleaseOptions,
}

/// What to do about an index that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnUnknownArg {
    /// Write nothing
    Stop,
    /// Go on as if the files were absent
    Attempt,
}

/// Flags that `release`, `plan` and `rehearse` share.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch a user types")]
pub(crate) struct ReleaseOptions {
    /// Do not ask before production
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
    /// Take the files of the dist folder instead of building
    #[arg(long)]
    pub(crate) skip_build: bool,
    /// The dist folder
    #[arg(long, value_name = "DIR")]
    pub(crate) dist_dir: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) selection: SelectionArgs,
    /// The Pythons of the matrix to build for: 3.12, 3.10-3.14 or auto
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(crate) python: Vec<String>,
    /// The platforms of the matrix to build for, such as linux-x86_64
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(crate) platform: Vec<String>,
    /// How many legs of the matrix are built side by side
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) max_jobs: u16,
    /// Release what is built under its version with this behind it, for burned file names
    #[arg(long, value_name = ".postN|.devN")]
    pub(crate) version_suffix: Option<VersionSuffix>,
    /// Leave these targets out
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,
    /// Publish to these targets only
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub(crate) to: Vec<String>,
    /// Leave the test index out
    #[arg(long)]
    pub(crate) skip_test_pypi: bool,
    /// Leave production out
    #[arg(long)]
    pub(crate) skip_pypi: bool,
    /// Leave the release page on GitHub out
    #[arg(long)]
    pub(crate) skip_github: bool,
    /// Accept that files have no second place
    #[arg(long)]
    pub(crate) single_copy: bool,
    /// Accept a tree with changes that are not committed
    #[arg(long)]
    pub(crate) allow_dirty: bool,
    /// Create the release tag on HEAD and push it, where `shiponce tag` would
    #[arg(long)]
    pub(crate) create_tag: bool,
    /// Skip caches and the nothing-to-do short cut; no check is skipped and no published file is replaced
    #[arg(long)]
    pub(crate) force: bool,
    /// What to do about an index that cannot be read
    #[arg(long, value_name = "WHAT", default_value = "stop")]
    pub(crate) on_unknown: OnUnknownArg,
    /// How long to wait for another press of the same project
    #[arg(long, value_name = "D", default_value = "1h", value_parser = parse_duration)]
    pub(crate) wait: Duration,
}

impl ReleaseOptions {
    pub(crate) fn flags(&self) -> Flags {
        Flags {
            dist_dir: self.dist_dir.clone(),
            to: self.to.clone(),
            skip: self.skip.clone(),
            python: self.python.clone(),
            platform: self.platform.clone(),
            skip_test: self.skip_test_pypi,
            skip_production: self.skip_pypi,
            skip_github: self.skip_github,
            on_unknown_attempt: self.on_unknown == OnUnknownArg::Attempt,
            single_copy: self.single_copy,
            ..Flags::default()
        }
    }
}

pub(crate) async fn run(
    args: &ReleaseArgs,
    global: &Global,
    terminal: &Terminal,
) -> Result<ExitCode, Problem> {
    let path = args.path.clone().map_or_else(current_dir, Ok)?;
    let pressed = press(&path, &args.options, !args.dry_run, "release", global, terminal).await?;
    conclude(&pressed, terminal)
}

/// The project's name from the configuration.
pub(crate) fn project_name(resolved: &Resolved) -> Result<PackageName, Problem> {
    let package = resolved.config.package.as_ref().map(|package| package.value.clone());
    package.ok_or_else(|| {
        Problem::new(ErrorCode::NoProject, "the project's name is not known before a build")
            .hint("add package = \"NAME\" to shiponce.toml, or [project] name to pyproject.toml")
    })
}

/// The version pyproject.toml states, unless it is dynamic.
pub(crate) fn declared_version(resolved: &Resolved) -> Option<Version> {
    match &resolved.config.project.as_ref()?.version {
        ProjectVersion::Static(version) => Some(version.value.clone()),
        ProjectVersion::Dynamic(_) | ProjectVersion::Unknown => None,
    }
}
