//! `shiponce`: release Python packages exactly once.
//!
//! The binary is the top of the house: it reads the command line, the environment, the clock and the terminal, hands
//! them to the engine as values, and turns the engine's answer into text, JSON and an exit code.

mod cli;
mod terminal;
mod world;

use clap::Parser as _;
use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    // A build that runs beside us must not read our memory; where the system has no such switch this is no error.
    let hardened = shiponce_io::process::make_undumpable().is_ok();
    let args: Vec<OsString> = std::env::args_os().collect();
    let parsed = match cli::Cli::try_parse_from(&args) {
        Ok(parsed) => parsed,
        Err(error) => return cli::usage::report(&error, &args),
    };
    let terminal = terminal::Terminal::new(&parsed.global, hardened);
    let code = match cli::run(parsed, &terminal) {
        Ok(code) => code,
        Err(problem) => terminal.fail(&problem),
    };
    terminal.finish();
    ExitCode::from(code.number())
}
