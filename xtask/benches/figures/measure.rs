//! How long a program runs and how much memory it needs at most.

use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

/// `wait4` tells the peak of a child that has ended; Python can call it without unsafe code.
const MEASURE: &str = "import os, sys, time
begun = time.monotonic()
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
_, status, usage = os.wait4(pid, 0)
scale = 1 if sys.platform == 'darwin' else 1024
print(usage.ru_maxrss * scale, time.monotonic() - begun)
sys.exit(os.waitstatus_to_exitcode(status))
";

/// What one run took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    /// The greatest resident memory, in bytes.
    pub(crate) peak_bytes: f64,
    /// From start to end.
    pub(crate) time: Duration,
}

/// Runs a command to its successful end.
pub(crate) fn measure(command: &Command) -> Result<Taken> {
    let mut python = crate::tool("python")?;
    python.arg("-c").arg(MEASURE).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => python.env(name, value),
            None => python.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        python.current_dir(folder);
    }
    python.stdin(Stdio::null());
    let done = python.output().context("cannot start python")?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        bail!("{} failed ({}): {}", command.get_program().display(), done.status, said.trim());
    }
    let text = String::from_utf8_lossy(&done.stdout);
    let (peak, seconds) = text.trim().split_once(' ').context("python printed no two numbers")?;
    Ok(Taken { peak_bytes: peak.parse()?, time: Duration::from_secs_f64(seconds.parse()?) })
}
