//! `build`: the build of a release on its own. It holds no credential and publishes nothing.

use super::Global;
use super::selection::{Chosen, SelectionArgs, choose};
use super::shared::{Resolved, current_dir, offline_context, temp_dir};
use crate::terminal::Terminal;
use clap::Args;
use shiponce_api::v1::{BuildDocument, to_text};
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_config::{Endpoints, Flags, Purpose};
use shiponce_core::matrix::Leg;
use shiponce_engine::report::Reporter as _;
use shiponce_engine::wiring::{self, Use};
use shiponce_engine::{BuildRequest, build_project};
use std::path::PathBuf;
use std::sync::Arc;

/// Build as a release does, into the dist folder; publishes nothing
#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    /// The project's folder
    pub(crate) path: Option<PathBuf>,
    /// Build twice, in two folders and at two times, and say what differs
    #[arg(long)]
    pub(crate) twice: bool,
    /// Build this leg of the matrix alone, such as cp312-linux-x86_64; for one job of a CI matrix
    #[arg(long, value_name = "ID", conflicts_with_all = ["variant", "python", "platform"])]
    pub(crate) leg: Option<Leg>,
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
}

pub(crate) async fn run(args: &BuildArgs, global: &Global, terminal: &Terminal) -> Result<ExitCode, Problem> {
    let path = args.path.clone().map_or_else(current_dir, Ok)?;
    let flags = Flags {
        dist_dir: args.dist_dir.clone(),
        python: args.python.clone(),
        platform: args.platform.clone(),
        ..Flags::default()
    };
    let root = Resolved::load(global, &path, flags, Purpose::Inspect, Endpoints::built_in())?;
    let root = Arc::new(root);
    let mut selection = args.selection.clone();
    selection.variant.extend(args.leg.as_ref().and_then(|leg| leg.variant.clone()));
    let chosen = choose(&root, &selection)?;
    let temp = temp_dir()?;
    let context = offline_context(terminal, root.state(&temp)?)?;
    let (mut packages, mut first) = (Vec::new(), None);
    for one in &chosen {
        let built = build_project(&context, &request(one, args, terminal)?).await;
        if let Some(problem) = &built.problem {
            terminal.show_problem(problem);
        }
        let stop = built.problem.as_ref().is_some_and(|problem| problem.code == ErrorCode::Interrupted);
        first = first.or_else(|| built.problem.as_ref().map(Problem::exit_code));
        packages.push(built.package);
        if stop {
            break;
        }
    }
    let document = BuildDocument { packages };
    if terminal.json() {
        terminal.data(&to_text(&document).map_err(|error| Problem::from_error(ErrorCode::Internal, &error))?);
    } else {
        terminal.data(&lines(&document));
    }
    Ok(first.unwrap_or(ExitCode::Done))
}

/// Digest, size in bytes and path of every file that is in the dist folder.
fn lines(document: &BuildDocument) -> String {
    let files = document.packages.iter().flat_map(|package| &package.files);
    let placed = files.filter_map(|file| Some((file, file.path.as_ref()?)));
    placed.map(|(file, path)| format!("{}  {:>10}  {path}\n", file.sha256, file.size)).collect()
}

fn request(one: &Chosen, args: &BuildArgs, terminal: &Terminal) -> Result<BuildRequest, Problem> {
    let (config, variant) = (&one.resolved.config, one.variant.as_ref());
    let of_variant: Vec<_> = variant.into_iter().collect();
    let (legs, sdist) = match &args.leg {
        Some(leg) => {
            let owed = config.owed_legs(variant);
            (vec![known(leg, &owed)?], owed.first() == Some(leg))
        }
        None => {
            let expansion = config.legs(&of_variant).unwrap_or_default();
            for skipped in &expansion.skipped {
                terminal.line(shiponce_api::v1::Level::Warning, &skipped.to_string());
            }
            (expansion.legs, true)
        }
    };
    let credentials = one.resolved.credentials()?;
    Ok(BuildRequest {
        project_dir: one.resolved.inputs.project_dir.clone(),
        project: one.package.clone(),
        variant: variant.map(|variant| variant.name.value.clone()),
        options: wiring::build_options(config, variant),
        legs,
        sdist,
        max_jobs: args.max_jobs.into(),
        dist_dir: config.dist_dir.value.clone(),
        twice: args.twice,
        targets: wiring::targets(config, &credentials, Use::Read)?,
        credentials_in_environment: credentials.exposed_variables(),
    })
}

/// A leg that the release needs.
fn known(leg: &Leg, owed: &[Leg]) -> Result<Leg, Problem> {
    if owed.contains(leg) {
        return Ok(leg.clone());
    }
    let problem = Problem::new(ErrorCode::Usage, format!("{leg} is no leg of this project's matrix"));
    if owed.is_empty() {
        return Err(
            problem.hint("there is no matrix: matrix = { python = \"auto\", platform = [...] } makes one")
        );
    }
    let names: Vec<String> = owed.iter().map(ToString::to_string).collect();
    Err(problem.fact("legs", names.join(", ")))
}
