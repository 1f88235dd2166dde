//! `verify`: install and import what is published. It cannot publish.

use super::Global;
use super::release::{declared_version, project_name};
use super::shared::{Resolved, context, current_dir, temp_dir};
use crate::terminal::Terminal;
use clap::Args;
use shiponce_api::v1::{VerifyStatus, to_text};
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_config::{Endpoints, Flags, Purpose};
use shiponce_core::{PackageName, Version};
use shiponce_engine::wiring::{self, Use};
use shiponce_engine::{VerifyFrom, VerifyRequest, files_of_folder, verify};
use std::path::PathBuf;

/// Install and import what an index holds of a release; can never publish
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The project's folder
    pub(crate) path: Option<PathBuf>,
    /// The project; by default the one of the folder
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<PackageName>,
    /// The version; by default the project's own, else the newest
    #[arg(long, value_name = "VERSION")]
    pub(crate) version: Option<Version>,
    /// The index to install from; by default the first production index
    #[arg(long, value_name = "NAME|URL", conflicts_with = "dist_dir")]
    pub(crate) index: Option<String>,
    /// Verify the files of this folder instead of an index
    #[arg(long, value_name = "DIR")]
    pub(crate) dist_dir: Option<PathBuf>,
}

pub(crate) async fn run(
    args: &VerifyArgs,
    global: &Global,
    terminal: &Terminal,
) -> Result<ExitCode, Problem> {
    let folder = args.path.clone().map_or_else(current_dir, Ok)?;
    let flags = Flags { index: args.index.clone(), ..Flags::default() };
    let endpoints = Endpoints::built_in();
    let built_in_simple = endpoints.production.simple.clone();
    let resolved = Resolved::load(global, &folder, flags, Purpose::Inspect, endpoints)?;
    let project = match &args.name {
        Some(name) => name.clone(),
        None => project_name(&resolved)?,
    };
    let own = if args.name.is_none() { declared_version(&resolved) } else { None };
    let mut from = match &args.dist_dir {
        Some(dir) => VerifyFrom::Files(files_of_folder(dir)?),
        None => {
            let targets = wiring::targets(&resolved.config, &resolved.credentials()?, Use::Read)?;
            let mut targets = targets.into_iter().rev();
            let target = targets
                .next()
                .ok_or_else(|| Problem::new(ErrorCode::Usage, "there is no index to verify"))?;
            VerifyFrom::Index(Box::new(target))
        }
    };
    let options = wiring::verify_options(&resolved.config, &built_in_simple);
    let temp = temp_dir()?;
    let context = context(terminal, resolved.state(&temp)?, Some(&resolved.config))?;
    if let VerifyFrom::Index(target) = &mut from {
        target.sign_in(&context).await?;
    }
    let request = VerifyRequest { project, version: args.version.clone().or(own), from, options };
    let report = verify(&context, &request).await?;
    if terminal.json() {
        let text =
            to_text(&report.document).map_err(|error| Problem::from_error(ErrorCode::Internal, &error))?;
        terminal.data(&text);
    } else {
        for row in &report.document.files {
            let word = match row.status {
                VerifyStatus::Verified => "verified",
                VerifyStatus::Failed => "failed",
                VerifyStatus::NotVerifiableHere => "not verifiable here",
            };
            terminal.data(&format!("{}  {word}  {}\n", row.filename, row.detail));
        }
    }
    match &report.problem {
        Some(problem) => {
            terminal.show_problem(problem);
            Ok(problem.exit_code())
        }
        None => Ok(ExitCode::Done),
    }
}
