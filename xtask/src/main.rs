//! The tasks of this repository: `cargo xtask test`, `tidy`, `bench`, `conform`, `soak`, `docs`, `lists`.
//!
//! A developer's tool, not part of the product: it starts processes, reads the environment and
//! writes to the terminal itself, which the crates under `crates/` may not do.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the rooms for processes, clock, environment and terminal are rules of the product; this is a tool beside it"
)]

mod bench;
mod conform;
mod docs;
mod lists;
mod process;
mod repository;
mod setup;
mod soak;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The tasks of the shiponce repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Run every check and every test; sets up what they need inside target/.
    Test(test::Args),
    /// Check the rules of the house: floors, lengths, rooms, pages, links.
    Tidy,
    /// Measure one figure of docs/performance.md with the release binary.
    Bench(bench::Args),
    /// Replay the recorded answers of the real service against an index, and print where they differ.
    Conform(conform::Args),
    /// Run the property and torture tests for a long time, with new seeds.
    Soak(soak::Args),
    /// Build the book under docs/.
    Docs,
    /// Write anew the lists of classifiers and licences that `check dist` compares with.
    Lists,
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Test(args) => test::run(&args),
        Task::Tidy => tidy::run(),
        Task::Bench(args) => bench::run(&args),
        Task::Conform(args) => conform::run(&args),
        Task::Soak(args) => soak::run(&args),
        Task::Docs => docs::run(),
        Task::Lists => lists::run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
