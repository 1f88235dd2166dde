//! `plan`: what a release would do, without doing it.

use super::Global;
use super::release::{ReleaseOptions, press};
use super::shared::current_dir;
use crate::terminal::Terminal;
use clap::Args;
use shiponce_api::{ErrorCode, ExitCode, Problem};
use std::path::PathBuf;

/// Read everything, write nothing, print what a release would do
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// The project's folder
    pub(crate) path: Option<PathBuf>,
    /// Exit 10 when there is something to do, 0 when there is not
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    #[command(flatten)]
    pub(crate) options: ReleaseOptions,
}

pub(crate) async fn run(args: &PlanArgs, global: &Global, terminal: &Terminal) -> Result<ExitCode, Problem> {
    let path = args.path.clone().map_or_else(current_dir, Ok)?;
    let code = press(&path, &args.options, false, "plan", global, terminal).await?;
    if !args.detailed_exitcode || code != ExitCode::Done {
        return Ok(code);
    }
    match terminal.last_outcome() {
        Some(shiponce_api::v1::Outcome::Changes) => Ok(ExitCode::Changes),
        Some(_) => Ok(ExitCode::Done),
        None => Err(Problem::new(ErrorCode::Internal, "a plan without an outcome")),
    }
}
