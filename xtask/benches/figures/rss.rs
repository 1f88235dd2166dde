//! Peak memory of publishing a large wheel.

use anyhow::{Context as _, Result, bail};
use fs_err as fs;

const SIZE_BYTES: u64 = 2 << 30;

/// `wait4` tells the peak of a child that has ended; Python can call it without unsafe code.
const MEASURE: &str = "import os, sys
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(pid, 0)
scale = 1 if sys.platform == 'darwin' else 1024
open(sys.argv[1], 'w').write(str(usage.ru_maxrss * scale))
sys.exit(os.waitstatus_to_exitcode(status))
";

/// Publishes a wheel of 2 GiB to a sink on loopback.
pub(crate) fn run() -> Result<()> {
    let dir = tempfile::tempdir()?;
    println!("making a wheel of 2 GiB in {} ...", dir.path().display());
    let wheels = crate::make_wheels(dir.path(), 1, SIZE_BYTES)?;
    let address = crate::sink::start()?;
    let url = format!("http://{address}");
    let config = crate::configuration(dir.path(), &format!("{url}/legacy/"), &format!("{url}/simple/"))?;
    let peak = dir.path().join("peak");
    let status = crate::tool("python")?
        .arg("-c")
        .arg(MEASURE)
        .arg(&peak)
        .arg(crate::binary()?)
        .args(["publish", "--yes", "--index", "bench", "--config"])
        .arg(&config)
        .arg("--state-dir")
        .arg(dir.path().join("state"))
        .args(&wheels)
        .env(crate::TOKEN_VARIABLE, "bench-token")
        .current_dir(dir.path())
        .status()
        .context("cannot start python")?;
    if !status.success() {
        bail!("`shiponce publish` failed ({status})");
    }
    let bytes: f64 = fs::read_to_string(&peak)?.parse().context("no number of bytes")?;
    println!("peak memory of `shiponce publish` of a 2 GiB wheel: {:.1} MiB", bytes / (1024.0 * 1024.0));
    Ok(())
}
