//! `repack`: files under a suffixed version or with another description, without a rebuild.

use crate::terminal::Terminal;
use clap::{ArgGroup, Args};
use shiponce_api::v1::to_text;
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_core::VersionSuffix;
use shiponce_engine::{RepackRequest, repack};
use std::path::PathBuf;

/// Make files anew under a version suffix or with another description; no rebuild
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("change").required(true).multiple(true).args(["version_suffix", "readme"])))]
pub(crate) struct RepackArgs {
    /// The wheels and sdists
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Put this behind the version: .postN, or .devN
    #[arg(long, value_name = ".postN|.devN")]
    pub(crate) version_suffix: Option<VersionSuffix>,
    /// The new long description: Markdown (.md), reStructuredText (.rst) or plain text (.txt)
    #[arg(long, value_name = "FILE")]
    pub(crate) readme: Option<PathBuf>,
    /// Put the new files here; by default each beside the old one
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out_dir: Option<PathBuf>,
}

pub(crate) fn run(args: &RepackArgs, terminal: &Terminal) -> Result<ExitCode, Problem> {
    let request = RepackRequest {
        files: args.files.clone(),
        suffix: args.version_suffix,
        readme: args.readme.clone(),
        out: args.out_dir.clone(),
    };
    let document = repack(terminal, &request)?;
    if terminal.json() {
        terminal.data(&to_text(&document).map_err(|error| Problem::from_error(ErrorCode::Internal, &error))?);
    } else {
        for row in &document.files {
            terminal.data(&format!("{}  {}\n", row.sha256, row.path));
        }
    }
    Ok(ExitCode::Done)
}
