//! How long the program takes to start and say its version.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::stats::Times;

const RUNS: usize = 50;

/// Times new processes from the start to their end.
pub(crate) fn run() -> Result<()> {
    let binary = crate::binary()?;
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let start = Instant::now();
        let status = Command::new(&binary)
            .arg("--version")
            .stdout(Stdio::null())
            .status()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        times.push(start.elapsed());
        if !status.success() {
            bail!("`shiponce --version` failed ({status})");
        }
    }
    Times::new(times).print("shiponce --version");
    Ok(())
}
