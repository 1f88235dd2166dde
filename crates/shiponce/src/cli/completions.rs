//! `completions`: a script for the user's shell.

use super::Cli;
use crate::terminal::Terminal;
use clap::{Args, CommandFactory as _};
use clap_complete::Shell;
use shiponce_api::{ExitCode, Problem};

/// Print a completion script for a shell
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: Shell,
}

pub(crate) fn run(args: &CompletionsArgs, terminal: &Terminal) -> Result<ExitCode, Problem> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "shiponce", &mut script);
    terminal.data(&String::from_utf8_lossy(&script));
    Ok(ExitCode::Done)
}
