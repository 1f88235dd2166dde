//! `cargo xtask soak`: the property and torture tests with a large budget and new seeds.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};

use crate::{process, setup, test};

/// How long and from where.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Start no new round after this many seconds.
    #[arg(long)]
    seconds: u64,
    /// Cases per property and round.
    #[arg(long, default_value_t = 10_000)]
    cases: u32,
    /// The first seed; each round adds one. A failure names the seed that repeats it.
    #[arg(long)]
    seed: Option<u64>,
}

/// Tests whose path contains one of these words take part.
const WORDS: [&str; 3] = ["propert", "torture", "soak"];

/// Runs rounds until the time is over.
pub(crate) fn run(args: &Args) -> Result<()> {
    let tools = setup::tools(false)?;
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
    let first = args.seed.unwrap_or(since_epoch.as_secs());
    let start = Instant::now();
    let budget = Duration::from_secs(args.seconds);
    let mut round = 0;
    let mut passed = 0;
    while round == 0 || start.elapsed() < budget {
        let seed = first.wrapping_add(round);
        println!("round {}: seed {seed}, {} cases per property", round + 1, args.cases);
        let left = budget.saturating_sub(start.elapsed()).as_secs().max(1);
        let mut tests = process::cargo();
        tests
            .args(["test", "--workspace", "--no-fail-fast", "--"])
            .args(WORDS)
            .env("PROPTEST_CASES", args.cases.to_string())
            .env("PROPTEST_RNG_SEED", seed.to_string())
            .env("SHIPONCE_TORTURE_SECONDS", left.to_string())
            .env("SHIPONCE_TORTURE_SEED", seed.to_string());
        test::environment(&mut tests, &tools, false);
        let mut ran = 0;
        let passed_all = process::stream(&mut tests, |line| {
            ran += u64::from(line.starts_with("test ") && line.ends_with("... ok"));
        })?;
        if !passed_all {
            bail!(
                "a test failed in round {}; `cargo xtask soak --seconds 1 --cases {} --seed {seed}` repeats it",
                round + 1,
                args.cases
            );
        }
        passed += ran;
        round += 1;
    }
    println!(
        "{round} rounds, {passed} test runs of {} cases each, seeds {first} to {}, {} seconds",
        args.cases,
        first.wrapping_add(round - 1),
        start.elapsed().as_secs()
    );
    Ok(())
}
