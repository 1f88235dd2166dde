//! `check`: the gates on their own.

mod show;

use super::Global;
use super::shared::{Resolved, context, current_dir, offline_context, temp_dir};
use crate::terminal::Terminal;
use clap::{Args, Subcommand, ValueEnum};
use shiponce_api::v1::{CheckDocument, GateStatus, Level};
use shiponce_api::{ExitCode, Problem};
use shiponce_config::{Endpoints, Flags, Purpose, Rules};
use shiponce_engine::report::Reporter as _;
use shiponce_engine::wiring::{self, Use};
use shiponce_engine::{CheckRequest, TagRule, VersionCheck, check, files_of_folder};
use std::path::PathBuf;

/// Run the gates of a release; bare `check` runs all of them
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct CheckArgs {
    #[command(subcommand)]
    pub(crate) gate: Option<GateCommand>,
    #[command(flatten)]
    pub(crate) all: VersionArgs,
}

/// One gate.
#[derive(Debug, Subcommand)]
pub(crate) enum GateCommand {
    /// Compare every place that states the version with the tag and with each other
    Version(VersionArgs),
    /// Hold files against the rules of their formats and of the index
    Dist(DistArgs),
}

/// Options of `check version`.
#[derive(Debug, Args)]
pub(crate) struct VersionArgs {
    /// The project's folder
    pub(crate) path: Option<PathBuf>,
    /// The tag to compare with, such as v1.2.3 or refs/tags/v1.2.3; by default those on HEAD
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Option<String>,
    /// Built files: their metadata is the authority
    #[arg(long, value_name = "DIR")]
    pub(crate) dist_dir: Option<PathBuf>,
    /// Do not ask the indexes whether the version is free
    #[arg(long)]
    pub(crate) offline: bool,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// Options of `check dist`.
#[derive(Debug, Args)]
pub(crate) struct DistArgs {
    /// The files, by default those of the dist folder
    pub(crate) files: Vec<PathBuf>,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// The document of `--json`
    Json,
    /// Annotations of GitHub Actions
    Github,
}

pub(crate) async fn run(args: &CheckArgs, global: &Global, terminal: &Terminal) -> Result<ExitCode, Problem> {
    let (document, format) = match &args.gate {
        None => (gates(&args.all, true, global, terminal).await?, args.all.format),
        Some(GateCommand::Version(version)) => {
            (gates(version, false, global, terminal).await?, version.format)
        }
        Some(GateCommand::Dist(dist)) => (dist_gate(dist, global, terminal).await?, dist.format),
    };
    let format = if terminal.json() { Format::Json } else { format };
    terminal.data(&show::render(&document, format)?);
    Ok(exit_code(&document))
}

async fn gates(
    args: &VersionArgs,
    all: bool,
    global: &Global,
    terminal: &Terminal,
) -> Result<CheckDocument, Problem> {
    let path = args.path.clone().map_or_else(current_dir, Ok)?;
    let flags = Flags { dist_dir: args.dist_dir.clone(), ..Flags::default() };
    let resolved = Resolved::load(global, &path, flags, Purpose::Inspect, Endpoints::built_in())?;
    let config = &resolved.config;
    let built = args.dist_dir.as_ref().map(|folder| files_of_folder(folder)).transpose()?.unwrap_or_default();
    let targets =
        if args.offline { None } else { Some(wiring::targets(config, &resolved.credentials()?, Use::Read)?) };
    let project = config.package.as_ref().map(|package| package.value.clone());
    let version = VersionCheck {
        project_dir: resolved.inputs.project_dir.clone(),
        rule: TagRule {
            template: config.tag.value.clone(),
            package: project.as_ref().map(|name| name.normalized().to_owned()).unwrap_or_default(),
            variant: None,
        },
        gate: wiring::version_gate_of(config),
        tag: args.tag.clone(),
        built,
        targets,
        project,
    };
    let dist = if all { files_of_folder(&config.dist_dir.value).ok() } else { None };
    if all && dist.is_none() {
        let folder = config.dist_dir.value.display();
        terminal.line(Level::Info, &format!("No built files in {folder}: the gate dist did not run"));
    }
    let request = CheckRequest { version: Some(version), dist, permissive: permissive(&resolved) };
    let temp = temp_dir()?;
    let state = resolved.state(&temp)?;
    let context = if args.offline {
        offline_context(terminal, state)?
    } else {
        context(terminal, state, Some(config))?
    };
    check(&context, &request).await
}

async fn dist_gate(args: &DistArgs, global: &Global, terminal: &Terminal) -> Result<CheckDocument, Problem> {
    let folder = current_dir()?;
    let resolved =
        Resolved::load(global, &folder, Flags::default(), Purpose::Inspect, Endpoints::built_in())?;
    let files = if args.files.is_empty() {
        files_of_folder(&resolved.config.dist_dir.value)?
    } else {
        args.files.clone()
    };
    let request = CheckRequest { version: None, dist: Some(files), permissive: permissive(&resolved) };
    let temp = temp_dir()?;
    check(&offline_context(terminal, resolved.state(&temp)?)?, &request).await
}

/// Whether every index of the run takes what PyPI refuses.
fn permissive(resolved: &Resolved) -> bool {
    resolved.config.targets().all(|index| index.rules.value == Rules::Permissive)
}

fn exit_code(document: &CheckDocument) -> ExitCode {
    let has = |status: GateStatus| document.gates.iter().any(|gate| gate.status == status);
    if has(GateStatus::Fail) {
        ExitCode::Failed
    } else if has(GateStatus::Unknown) {
        ExitCode::Unknown
    } else {
        ExitCode::Done
    }
}
