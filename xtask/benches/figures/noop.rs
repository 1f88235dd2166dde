//! Publishing what is all there, against `uv publish --check-url`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use shiponce_rehearsal::{BlockingServer, Index, TokenSpec, World, WorldConfig};

use crate::stats::{Times, ratio};

const WHEELS: usize = 50;
const SIZE_BYTES: u64 = 1 << 20;
const ROUNDS: usize = 15;

/// Both programs meet the same world in turns.
pub(crate) fn run() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let wheels = crate::make_wheels(dir.path(), WHEELS, SIZE_BYTES)?;
    let mut config = WorldConfig::new();
    let token = config.token(Index::Pypi, &TokenSpec::user("alice"));
    let server = BlockingServer::start(World::new(config))?;
    let (upload, simple) = (server.addresses(Index::Pypi).upload(), server.addresses(Index::Pypi).simple());
    let ours = Ours {
        binary: crate::binary()?,
        config: crate::configuration(dir.path(), &upload, &simple)?,
        dir: dir.path(),
        token: &token,
        wheels: &wheels,
    };
    let uv = || -> Result<Command> {
        let mut command = crate::tool("uv")?;
        command.args([
            "publish",
            "--no-config",
            "--publish-url",
            &upload,
            "--check-url",
            &simple,
            "--token",
            &token,
        ]);
        command.args(&wheels).current_dir(dir.path());
        Ok(command)
    };
    println!("publishing {WHEELS} wheels once ...");
    time(uv()?)?;
    // The first press of ours after that writes its manifest; what is measured is a repetition.
    time(ours.command())?;
    let (mut our_times, mut uv_times) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        our_times.push(observed(&server, "shiponce", || time(ours.command()))?);
        uv_times.push(observed(&server, "uv", || time(uv()?))?);
    }
    let (our_times, uv_times) = (Times::new(our_times), Times::new(uv_times));
    our_times.print("shiponce publish, 50 wheels all there");
    uv_times.print("uv publish --check-url, the same");
    println!("uv takes {:.2} times as long (ratio of the medians)", ratio(&uv_times, &our_times));
    Ok(())
}

struct Ours<'a> {
    binary: PathBuf,
    config: PathBuf,
    dir: &'a Path,
    token: &'a str,
    wheels: &'a [PathBuf],
}

impl Ours<'_> {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(["publish", "--yes", "--index", "bench", "--config"])
            .arg(&self.config)
            .arg("--state-dir")
            .arg(self.dir.join("state"))
            .args(self.wheels)
            .env(crate::TOKEN_VARIABLE, self.token)
            .current_dir(self.dir);
        command
    }
}

fn time(mut command: Command) -> Result<Duration> {
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let start = Instant::now();
    let done = command.output().context("cannot start the program to measure")?;
    let took = start.elapsed();
    if !done.status.success() {
        bail!("it failed ({}): {}", done.status, String::from_utf8_lossy(&done.stderr).trim());
    }
    Ok(took)
}

/// Runs `act` and says what it asked the index for; a request body would make the figure worthless.
fn observed(server: &BlockingServer, who: &str, act: impl FnOnce() -> Result<Duration>) -> Result<Duration> {
    let before = server.world().log().len();
    let took = act()?;
    let log = server.world().log();
    let new = &log[before..];
    let bodies = new.iter().filter(|entry| entry.bytes_in > 0).count();
    if who == "shiponce" && (bodies > 0 || new.len() != 1) {
        bail!("expected one observation and no body, saw {} requests, {bodies} with a body", new.len());
    }
    println!("{who}: {} requests, {bodies} with a body, {:.2} ms", new.len(), took.as_secs_f64() * 1000.0);
    Ok(took)
}
