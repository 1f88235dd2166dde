//! `help`: the everyday commands, or all of them.

use super::Cli;
use crate::terminal::Terminal;
use clap::{Args, CommandFactory as _};
use shiponce_api::{ErrorCode, ExitCode, Problem};

/// Print help, of one command or of all
#[derive(Debug, Args)]
pub(crate) struct HelpArgs {
    /// The command
    pub(crate) command: Option<String>,
    /// Every command, not only the everyday ones
    #[arg(long)]
    pub(crate) all: bool,
}

pub(crate) fn run(args: &HelpArgs, terminal: &Terminal) -> Result<ExitCode, Problem> {
    let mut cli = Cli::command();
    if args.all {
        cli = cli.after_help("").mut_subcommands(|command| command.hide(false));
    }
    cli.build();
    let Some(name) = &args.command else {
        terminal.data(&cli.render_help().to_string());
        return Ok(ExitCode::Done);
    };
    let command = cli.find_subcommand_mut(name).ok_or_else(|| {
        Problem::new(ErrorCode::Usage, format!("there is no command `{name}`"))
            .hint("shiponce help --all lists them")
    })?;
    terminal.data(&command.render_long_help().to_string());
    Ok(ExitCode::Done)
}
