//! `plan`: what a release would do, without doing it.

use super::Global;
use super::press::press;
use super::release::ReleaseOptions;
use super::shared::{conclude, current_dir};
use crate::terminal::Terminal;
use clap::Args;
use shiponce_api::v1::Outcome;
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_io::files::{Access, write_atomic};
use std::path::{Path, PathBuf};

/// Read everything, write nothing, print what a release would do
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// The project's folder
    pub(crate) path: Option<PathBuf>,
    /// Write the plan to FILE as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Exit 10 when there is something to do, 0 when there is not
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    #[command(flatten)]
    pub(crate) options: ReleaseOptions,
}

pub(crate) async fn run(args: &PlanArgs, global: &Global, terminal: &Terminal) -> Result<ExitCode, Problem> {
    let path = args.path.clone().map_or_else(current_dir, Ok)?;
    let pressed = press(&path, &args.options, false, "plan", global, terminal).await?;
    if let Some(out) = &args.out {
        keep(&pressed.text()?, out)?;
    }
    let code = conclude(&pressed, terminal)?;
    let changes = pressed.outcome() == Outcome::Changes;
    Ok(if args.detailed_exitcode && changes { ExitCode::Changes } else { code })
}

/// The file is there whole or not at all: a later step must never read half a plan.
fn keep(text: &str, out: &Path) -> Result<(), Problem> {
    write_atomic(out, text.as_bytes(), Access::Shared)
        .map_err(|error| Problem::from_error(ErrorCode::Usage, &error).hint("name another file with --out"))
}
