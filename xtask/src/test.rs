//! `cargo xtask test`: every check and every test, with one line of figures at the end.

use std::process::Command;

use anyhow::{Context as _, Result, bail};
use fs_err as fs;

use crate::{process, repository, setup, tidy};

/// What to leave out.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Use no network: tests whose peers are not there are skipped and counted.
    #[arg(long)]
    offline: bool,
    /// Only the tests: no formatting, no lints, no documentation build.
    #[arg(long)]
    quick: bool,
    /// Run only the tests whose names contain this.
    filter: Option<String>,
}

/// Runs the steps in order; the first that fails ends the run.
pub(crate) fn run(args: &Args) -> Result<()> {
    let tools = setup::tools(args.offline)?;
    if !args.quick && args.filter.is_none() {
        checks(args.offline)?;
    }
    process::run(cargo(args.offline).args(["test", "--workspace", "--no-run"]))
        .context("the tests do not compile")?;
    let skips = repository::tools().join("skipped");
    fs::write(&skips, "")?;
    let mut tests = cargo(args.offline);
    tests.args(["test", "--workspace", "--no-fail-fast"]).env("SHIPONCE_TEST_SKIPPED", &skips);
    if let Some(filter) = &args.filter {
        tests.arg(filter);
    }
    environment(&mut tests, &tools, args.offline);
    let mut count = Count::default();
    let passed = process::stream(&mut tests, |line| count.read(line))?;
    count.skipped(&fs::read_to_string(&skips)?);
    println!("{}", count.line());
    if !passed {
        bail!("tests failed, their names and output are above");
    }
    if count.passed == 0 {
        bail!("no test ran: the filter matches none");
    }
    Ok(())
}

/// Everything that needs no test run.
///
/// Warnings are denied through clippy's own arguments: `RUSTFLAGS` would make cargo compile every
/// dependency a second time for the tests.
fn checks(offline: bool) -> Result<()> {
    process::run(cargo(false).args(["fmt", "--all", "--check"]))
        .context("the code is not formatted: run `cargo fmt --all` (from the package `rustfmt` of rustup)")?;
    tidy::run()?;
    process::run(cargo(offline).args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
        .context("clippy has complaints (or is missing: `rustup component add clippy`)")?;
    process::run(
        cargo(offline)
            .args(["doc", "--workspace", "--no-deps", "--document-private-items"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )
    .context("the code documentation has warnings")
}

fn cargo(offline: bool) -> Command {
    let mut command = process::cargo();
    if offline {
        command.env("CARGO_NET_OFFLINE", "true");
    }
    command
}

/// Tells the tests where their peers are.
pub(crate) fn environment(command: &mut Command, tools: &setup::Tools, offline: bool) {
    let peers = [
        ("SHIPONCE_TEST_VENV", &tools.venv),
        ("SHIPONCE_TEST_SDISTS", &tools.sdists),
        ("SHIPONCE_TEST_GITHUB", &tools.github),
    ];
    for (name, path) in peers {
        match path {
            Some(path) => command.env(name, path),
            None => command.env_remove(name),
        };
    }
    if offline {
        command.env("SHIPONCE_TEST_OFFLINE", "1");
    } else {
        command.env_remove("SHIPONCE_TEST_OFFLINE");
    }
}

/// Sums over all test binaries.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Count {
    /// Takes in one line of output, which may be a summary such as
    /// `test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s`.
    fn read(&mut self, line: &str) {
        let Some(summary) = line.strip_prefix("test result: ") else { return };
        let number = |what: &str| {
            summary
                .split([';', '.'])
                .find_map(|part| part.trim().strip_suffix(what)?.trim().parse::<u64>().ok())
                .unwrap_or(0)
        };
        self.passed += number("passed");
        self.failed += number("failed");
        self.skipped += number("ignored");
    }

    /// A test that finds its peer missing under `--offline` writes its name into the file of
    /// `SHIPONCE_TEST_SKIPPED` and returns: the harness called it passed, which it is not.
    fn skipped(&mut self, names: &str) {
        let skipped = names.lines().filter(|name| !name.trim().is_empty()).count() as u64;
        self.passed = self.passed.saturating_sub(skipped);
        self.skipped += skipped;
    }

    fn line(&self) -> String {
        format!("{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_added_up() {
        let mut count = Count::default();
        for line in [
            "running 3 tests",
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test passes_in_prose ... ok. 99 passed;",
            "test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured; 7 filtered out; finished in 1.20s",
        ] {
            count.read(line);
        }
        assert_eq!(count.line(), "15 passed, 2 failed, 1 skipped");
    }

    #[test]
    fn a_skipped_test_did_not_pass() {
        let mut count = Count { passed: 5, failed: 0, skipped: 0 };
        count.skipped("held_against_uv\n\nheld_against_twine\n");
        assert_eq!(count.line(), "3 passed, 0 failed, 2 skipped");
    }

    #[test]
    fn the_tests_learn_where_their_peers_are() {
        let mut command = Command::new("true");
        let tools = setup::Tools { venv: Some("/there/venv".into()), ..setup::Tools::default() };
        environment(&mut command, &tools, true);
        let set: Vec<_> = command
            .get_envs()
            .map(|(name, value)| (name.to_string_lossy(), value.map(|value| value.to_string_lossy())))
            .collect();
        assert_eq!(
            set,
            [
                ("SHIPONCE_TEST_GITHUB".into(), None),
                ("SHIPONCE_TEST_OFFLINE".into(), Some("1".into())),
                ("SHIPONCE_TEST_SDISTS".into(), None),
                ("SHIPONCE_TEST_VENV".into(), Some("/there/venv".into())),
            ]
        );
    }
}
