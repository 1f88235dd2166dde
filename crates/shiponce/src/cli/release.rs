//! `release`: from source to every target.

use super::Global;
use super::shared::{Resolved, conclude, context, current_dir, parse_duration, temp_dir};
use crate::terminal::Terminal;
use clap::{Args, ValueEnum};
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_config::{Endpoints, Flags, ProjectVersion, Purpose};
use shiponce_core::{PackageName, Version};
use shiponce_engine::wiring::{self, Use};
use shiponce_engine::{Expectation, Finished, Input, ReleaseRequest, ReleaseTarget, VerifyOptions, release};
use std::path::{Path, PathBuf};
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
            skip_test: self.skip_test_pypi,
            skip_production: self.skip_pypi,
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
    let finished = press(&path, &args.options, !args.dry_run, "release", global, terminal).await?;
    conclude(&finished, terminal)
}

/// One press against the configured world; `write` is false for a dry run.
pub(crate) async fn press(
    path: &Path,
    options: &ReleaseOptions,
    write: bool,
    command: &'static str,
    global: &Global,
    terminal: &Terminal,
) -> Result<Finished, Problem> {
    let endpoints = Endpoints::built_in();
    let built_in_simple = endpoints.production.simple.clone();
    let resolved = Resolved::load(global, path, options.flags(), Purpose::Release, endpoints)?;
    let credentials = resolved.credentials()?;
    let purpose = if write { Use::Write } else { Use::Read };
    let targets = wiring::targets(&resolved.config, &credentials, purpose)?;
    let mut request = request(&resolved, options, targets, write, command)?;
    request.verify = wiring::verify_options(&resolved.config, &built_in_simple);
    if options.yes {
        terminal.answer_yes();
    }
    let temp = temp_dir()?;
    let context = context(terminal, resolved.state(&temp)?, Some(&resolved.config))?;
    wiring::sign_in(&context, &mut request.targets).await?;
    Ok(release(&context, &request).await)
}

/// The request of a resolved configuration.
pub(crate) fn request(
    resolved: &Resolved,
    options: &ReleaseOptions,
    targets: Vec<ReleaseTarget>,
    write: bool,
    command: &'static str,
) -> Result<ReleaseRequest, Problem> {
    let config = &resolved.config;
    let project = project_name(resolved)?;
    let input = if options.skip_build {
        Input::Folder(config.dist_dir.value.clone())
    } else {
        Input::Build(wiring::build_options(config))
    };
    Ok(ReleaseRequest {
        project_dir: resolved.inputs.project_dir.clone(),
        declared_version: declared_version(resolved),
        tag: wiring::tag_rule(config, &project),
        version_gate: wiring::version_gate(config),
        create_tag: options.create_tag.then(|| wiring::create_tag(config)),
        project,
        expect: Expectation::Anything,
        legs: Vec::new(),
        max_jobs: 1,
        input,
        verify: VerifyOptions::none(),
        targets,
        left_out: wiring::left_out(config),
        allow_dirty: options.allow_dirty,
        single_copy: config.single_copy.value,
        force: options.force,
        write,
        wait: options.wait,
        command,
        credentials_in_environment: resolved.credentials()?.exposed_variables(),
    })
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
