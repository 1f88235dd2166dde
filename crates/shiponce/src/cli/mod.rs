//! The command line: one command, one file.

mod build;
mod check;
mod completions;
mod config;
mod explain;
mod help;
mod plan;
mod press;
mod publish;
mod rehearse;
mod release;
mod repack;
mod selection;
mod shared;
mod status;
mod tag;
mod transport;
pub(crate) mod usage;
mod verify;
mod versions;

use crate::terminal::{Terminal, color::ColorChoice};
use clap::{Args, Parser, Subcommand};
use shiponce_api::{ExitCode, Problem};
use std::path::PathBuf;

/// Press release twice, PyPI gets it once.
#[derive(Debug, Parser)]
#[command(
    name = "shiponce",
    version,
    about,
    after_help = "More commands: shiponce help --all",
    disable_help_subcommand = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch a user types")]
pub(crate) struct Global {
    /// Print one JSON object on stdout
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say less
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
    /// No progress bars
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,
    /// Read this configuration file instead of the project's; also `SHIPONCE_CONFIG`
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Keep ledger, store and caches here; also `SHIPONCE_STATE_DIR`
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
    /// Where leases, manifests and the journal live, `sqlite:PATH`; also `SHIPONCE_LEDGER`
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) ledger: Option<String>,
    /// Append events to FILE, one JSON object a line
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) events: Option<PathBuf>,
}

/// The commands, everyday ones first.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(check::CheckArgs),
    Status(status::StatusArgs),
    Publish(publish::PublishArgs),
    Release(release::ReleaseArgs),
    Rehearse(rehearse::RehearseArgs),
    #[command(hide = true)]
    Plan(plan::PlanArgs),
    #[command(hide = true)]
    Tag(tag::TagArgs),
    #[command(hide = true)]
    Build(build::BuildArgs),
    #[command(hide = true)]
    Repack(repack::RepackArgs),
    #[command(hide = true)]
    Verify(verify::VerifyArgs),
    #[command(hide = true)]
    Versions(versions::VersionsArgs),
    #[command(hide = true, subcommand)]
    Config(config::ConfigCommand),
    #[command(hide = true)]
    Explain(explain::ExplainArgs),
    #[command(hide = true)]
    Completions(completions::CompletionsArgs),
    #[command(hide = true)]
    Help(help::HelpArgs),
}

pub(crate) use shared::environment_text;

/// Runs the parsed command to its exit code.
pub(crate) fn run(cli: Cli, terminal: &Terminal) -> Result<ExitCode, Problem> {
    match cli.command {
        Command::Check(args) => shared::block_on(check::run(&args, &cli.global, terminal)),
        Command::Tag(args) => shared::block_on(tag::run(&args, &cli.global, terminal)),
        Command::Status(args) => shared::block_on(status::run(&args, &cli.global, terminal)),
        Command::Publish(args) => shared::block_on(publish::run(&args, &cli.global, terminal)),
        Command::Release(args) => shared::block_on(release::run(&args, &cli.global, terminal)),
        Command::Rehearse(args) => shared::block_on(rehearse::run(&args, &cli.global, terminal)),
        Command::Plan(args) => shared::block_on(plan::run(&args, &cli.global, terminal)),
        Command::Build(args) => shared::block_on(build::run(&args, &cli.global, terminal)),
        Command::Repack(args) => repack::run(&args, terminal),
        Command::Verify(args) => shared::block_on(verify::run(&args, &cli.global, terminal)),
        Command::Versions(args) => shared::block_on(versions::run(&args, &cli.global, terminal)),
        Command::Config(command) => config::run(&command, &cli.global, terminal),
        Command::Explain(args) => explain::run(&args, terminal),
        Command::Completions(args) => completions::run(&args, terminal),
        Command::Help(args) => help::run(&args, terminal),
    }
}
