//! Peak memory of publishing a large wheel.

use std::process::Command;

use anyhow::Result;

use crate::measure::measure;

const SIZE_BYTES: u64 = 2 << 30;

/// Publishes a wheel of 2 GiB to a sink on loopback.
pub(crate) fn run() -> Result<()> {
    let dir = tempfile::tempdir()?;
    println!("making a wheel of 2 GiB in {} ...", dir.path().display());
    let wheels = crate::make_wheels(dir.path(), 1, SIZE_BYTES)?;
    let address = crate::sink::start()?;
    let url = format!("http://{address}");
    let config = crate::configuration(dir.path(), &format!("{url}/legacy/"), &format!("{url}/simple/"))?;
    let mut command = Command::new(crate::binary()?);
    command
        .args(["publish", "--yes", "--index", "bench", "--config"])
        .arg(&config)
        .arg("--state-dir")
        .arg(dir.path().join("state"))
        .args(&wheels)
        .env(crate::TOKEN_VARIABLE, "bench-token")
        .current_dir(dir.path());
    let bytes = measure(&command)?.peak_bytes;
    println!("peak memory of `shiponce publish` of a 2 GiB wheel: {:.1} MiB", bytes / (1024.0 * 1024.0));
    Ok(())
}
