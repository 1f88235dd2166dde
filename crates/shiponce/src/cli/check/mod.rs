//! `check`: the gates on their own.

mod files;
mod publisher;
mod show;

use super::Global;
use super::selection::not_a_workspace;
use super::shared::{Resolved, context, current_dir, offline_context, temp_dir};
use crate::terminal::Terminal;
use clap::{Args, Subcommand, ValueEnum};
use shiponce_api::v1::{CheckDocument, GateRow, GateStatus, IssueSeverity, Level};
use shiponce_api::{ExitCode, Problem};
use shiponce_config::{Endpoints, Flags, Purpose, Rules, Variant};
use shiponce_core::PackageName;
use shiponce_engine::report::Reporter as _;
use shiponce_engine::wiring::{self, Use};
use shiponce_engine::{CheckRequest, TagRule, VersionCheck, check, files_of_folder, fix_versions};
use std::path::{Path, PathBuf};

/// Run the gates of a release; bare `check` runs all of them
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct CheckArgs {
    #[command(subcommand)]
    pub(crate) gate: Option<GateCommand>,
    /// Only these gates
    #[arg(long, value_name = "GATE,...", value_delimiter = ',')]
    pub(crate) only: Vec<GateName>,
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
    /// Say who this CI job is to the indexes, and what to register there
    Publisher(publisher::PublisherArgs),
}

/// Options of `check version`.
#[derive(Debug, Args)]
pub(crate) struct VersionArgs {
    /// The project's folder
    pub(crate) path: Option<PathBuf>,
    /// The tag to compare with, such as v1.2.3 or refs/tags/v1.2.3; by default those on HEAD
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Option<String>,
    /// Only these projects of the workspace; all by default
    #[arg(long, short = 'p', value_name = "NAME,...", value_delimiter = ',')]
    pub(crate) package: Vec<String>,
    /// Built files: their metadata is the authority
    #[arg(long, value_name = "DIR")]
    pub(crate) dist_dir: Option<PathBuf>,
    /// Do not ask the indexes whether the version is free
    #[arg(long)]
    pub(crate) offline: bool,
    /// Write the version into every place that states another one, showing each line: that of --tag, else that of the
    /// place the build uses
    #[arg(long)]
    pub(crate) fix: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// How findings count and are printed.
#[derive(Debug, Args)]
pub(crate) struct OutputArgs {
    /// Let warnings fail too
    #[arg(long)]
    pub(crate) strict: bool,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// The gates by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GateName {
    /// The version
    Version,
    /// The files
    Dist,
    /// The trusted publisher
    Publisher,
}

/// Options of `check dist`.
#[derive(Debug, Args)]
pub(crate) struct DistArgs {
    /// Files, folders or patterns such as `dist/*.whl`; by default the dist folder
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// The document of `--json`
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

pub(crate) async fn run(args: &CheckArgs, global: &Global, terminal: &Terminal) -> Result<ExitCode, Problem> {
    let all = [GateName::Version, GateName::Dist, GateName::Publisher];
    let every = if args.only.is_empty() { &all } else { args.only.as_slice() };
    let (mut document, output) = match &args.gate {
        None => (gates(&args.all, every, global, terminal).await?, &args.all.output),
        Some(GateCommand::Version(version)) => {
            (gates(version, &[GateName::Version], global, terminal).await?, &version.output)
        }
        Some(GateCommand::Dist(dist)) => (dist_gate(dist, global, terminal).await?, &dist.output),
        Some(GateCommand::Publisher(args)) => (publisher::gate(args, global, terminal).await?, &args.output),
    };
    if output.strict {
        let warned =
            |gate: &GateRow| gate.issues.iter().any(|issue| issue.severity == IssueSeverity::Warning);
        for gate in document.gates.iter_mut().filter(|gate| warned(gate)) {
            gate.status = GateStatus::Fail;
        }
    }
    let format = if terminal.json() { Format::Json } else { output.format };
    terminal.data(&show::render(&document, format)?);
    Ok(exit_code(&document))
}

async fn gates(
    args: &VersionArgs,
    wanted: &[GateName],
    global: &Global,
    terminal: &Terminal,
) -> Result<CheckDocument, Problem> {
    let path = args.path.clone().map_or_else(current_dir, Ok)?;
    let flags = Flags { dist_dir: args.dist_dir.clone(), ..Flags::default() };
    let root = Resolved::load(global, &path, flags, Purpose::Inspect, Endpoints::built_in())?;
    let config = &root.config;
    let version = if wanted.contains(&GateName::Version) {
        let projects = projects(&root, args)?;
        projects.iter().map(|resolved| version_check(args, &root, resolved)).collect::<Result<_, _>>()?
    } else {
        Vec::new()
    };
    let with_files = wanted.contains(&GateName::Dist);
    let dist = if with_files { files_of_folder(&config.dist_dir.value).ok() } else { None };
    if with_files && dist.is_none() {
        let folder = config.dist_dir.value.display();
        terminal.line(Level::Info, &format!("No built files in {folder}: the gate dist did not run"));
    }
    let request = CheckRequest { version, dist, permissive: permissive(&root) };
    let temp = temp_dir()?;
    let state = root.state(&temp)?;
    let context = if args.offline {
        offline_context(terminal, state)?
    } else {
        context(terminal, state, Some(config))?
    };
    if args.fix {
        request.version.iter().try_for_each(|check| fix_versions(&context, check))?;
    }
    let mut document = check(&context, &request).await?;
    if wanted.contains(&GateName::Publisher)
        && !args.offline
        && let Some((row, status)) = publisher::among_others(&root, &context).await?
    {
        document.gates.push(row);
        document.publisher = Some(status);
    }
    Ok(document)
}

/// The projects of the folder: itself, or the members of its workspace.
fn projects(root: &Resolved, args: &VersionArgs) -> Result<Vec<Resolved>, Problem> {
    let Some(workspace) = &root.config.workspace else {
        not_a_workspace(root, &args.package)?;
        return Ok(vec![root.clone()]);
    };
    let members = workspace.select(&args.package).map_err(|error| error.problem())?;
    members.into_iter().map(|member| root.member(member)).collect()
}

fn version_check(args: &VersionArgs, root: &Resolved, resolved: &Resolved) -> Result<VersionCheck, Problem> {
    let config = &resolved.config;
    let targets =
        (!args.offline).then(|| wiring::targets(config, &resolved.credentials()?, Use::Read)).transpose()?;
    let own = config.package.as_ref().map(|package| package.value.clone());
    let of_variants: Vec<PackageName> =
        config.variants.iter().map(|variant| variant.package.value.clone()).collect();
    let rule = |package: Option<&PackageName>, variant: Option<&Variant>| TagRule {
        template: config.tag.value.clone(),
        package: package.map(|name| name.normalized().to_owned()).unwrap_or_default(),
        variant: variant.map(|variant| variant.name.value.clone()),
    };
    let rules = if config.variants.is_empty() {
        vec![rule(own.as_ref(), None)]
    } else {
        config.variants.iter().map(|one| rule(Some(&one.package.value), Some(one))).collect()
    };
    let built = args.dist_dir.as_ref().map(|folder| files_of_folder(folder)).transpose()?.unwrap_or_default();
    let project_dir = resolved.inputs.project_dir.clone();
    Ok(VersionCheck {
        below: project_dir.strip_prefix(&root.inputs.project_dir).unwrap_or(Path::new("")).to_owned(),
        project_dir,
        rules,
        gate: wiring::version_gate_of(config),
        tag: args.tag.clone(),
        built,
        targets,
        published_as: if of_variants.is_empty() { own.clone().into_iter().collect() } else { of_variants },
        project: own,
    })
}

async fn dist_gate(args: &DistArgs, global: &Global, terminal: &Terminal) -> Result<CheckDocument, Problem> {
    let folder = current_dir()?;
    let resolved =
        Resolved::load(global, &folder, Flags::default(), Purpose::Inspect, Endpoints::built_in())?;
    let files = if args.files.is_empty() {
        files_of_folder(&resolved.config.dist_dir.value)?
    } else {
        files::expand(&args.files)?
    };
    let request = CheckRequest { version: Vec::new(), dist: Some(files), permissive: permissive(&resolved) };
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
