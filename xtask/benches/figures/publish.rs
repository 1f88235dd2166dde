//! Publishing wheels to an index far away, against `uv publish` and `twine upload`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};
use fs_err as fs;
use shiponce_rehearsal::{BlockingServer, Index, TokenSpec, World, WorldConfig};

use crate::measure::{Taken, measure};
use crate::stats::{Times, ratio};

const SIZE_BYTES: u64 = 10 * 1000 * 1000;
const ROUND_TRIP: Duration = Duration::from_millis(80);
const PER_UPLOAD: Duration = Duration::from_millis(300);
/// Of every connection: 80 Mbit/s.
const BYTES_PER_SECOND: u64 = 10 * 1000 * 1000;
/// How many wheels, and how often.
const SERIES: [(usize, usize); 2] = [(10, 3), (40, 1)];
/// Uploads at a time that are tried to choose the default.
const AT_ONCE: [usize; 4] = [2, 4, 6, 8];

/// Every program publishes the same wheels into an empty world of its own, in turns.
pub(crate) fn run() -> Result<()> {
    println!(
        "{} ms round trip, {} ms per upload, {} MB/s per connection, wheels of {} MB",
        ROUND_TRIP.as_millis(),
        PER_UPLOAD.as_millis(),
        BYTES_PER_SECOND / 1_000_000,
        SIZE_BYTES / 1_000_000
    );
    for (count, rounds) in SERIES {
        let dir = tempfile::tempdir()?;
        let wheels = crate::make_wheels(dir.path(), count, SIZE_BYTES)?;
        compare(dir.path(), &wheels, rounds)?;
        for at_once in AT_ONCE {
            let taken = one(dir.path(), &wheels, Program::Shiponce { at_once: Some(at_once) })?;
            println!("{count} wheels, shiponce, {at_once} at a time: {:.2} s", taken.time.as_secs_f64());
        }
    }
    Ok(())
}

fn compare(dir: &Path, wheels: &[PathBuf], rounds: usize) -> Result<()> {
    let count = wheels.len();
    let programs = [Program::Shiponce { at_once: None }, Program::Uv, Program::Twine];
    let mut taken: [Vec<Taken>; 3] = Default::default();
    for _ in 0..rounds {
        for (program, taken) in programs.into_iter().zip(&mut taken) {
            taken.push(one(dir, wheels, program)?);
        }
    }
    let times = taken.each_ref().map(|runs| Times::new(runs.iter().map(|run| run.time).collect()));
    let peaks = taken.map(|runs| runs.iter().map(|run| run.peak_bytes).fold(0.0, f64::max));
    for (program, (times, peak)) in programs.into_iter().zip(times.iter().zip(peaks)) {
        times.print(&format!("{count} wheels, {}, peak {:.1} MiB", program.name(), peak / (1024.0 * 1024.0)));
    }
    let [ours, uv, twine] = &times;
    println!(
        "{count} wheels: uv takes {:.2} times as long, twine {:.2} times; memory {:.2} times uv's",
        ratio(uv, ours),
        ratio(twine, ours),
        peaks[0] / peaks[1]
    );
    Ok(())
}

#[derive(Debug, Clone, Copy)]
enum Program {
    Shiponce { at_once: Option<usize> },
    Uv,
    Twine,
}

impl Program {
    fn name(self) -> &'static str {
        match self {
            Self::Shiponce { .. } => "shiponce",
            Self::Uv => "uv",
            Self::Twine => "twine",
        }
    }

    fn command(self, dir: &Path, upload: &str, simple: &str, token: &str) -> Result<Command> {
        Ok(match self {
            Self::Shiponce { at_once } => {
                let config = crate::configuration(dir, upload, simple)?;
                if let Some(at_once) = at_once {
                    let text = fs::read_to_string(&config)?;
                    fs::write(&config, format!("{text}parallel-uploads = {at_once}\n"))?;
                }
                let mut command = Command::new(crate::binary()?);
                command.args(["publish", "--yes", "--index", "bench", "--config"]).arg(&config);
                command.arg("--state-dir").arg(dir.join("state")).env(crate::TOKEN_VARIABLE, token);
                command
            }
            Self::Uv => {
                let mut command = crate::tool("uv")?;
                command.args(["publish", "--no-config", "--publish-url", upload, "--token", token]);
                command
            }
            Self::Twine => {
                let mut command = crate::tool("twine")?;
                command.args([
                    "upload",
                    "--non-interactive",
                    "--disable-progress-bar",
                    "--repository-url",
                    upload,
                ]);
                command.args(["--username", "__token__", "--password", token]);
                command
            }
        })
    }
}

fn one(dir: &Path, wheels: &[PathBuf], program: Program) -> Result<Taken> {
    let mut config = WorldConfig::new();
    let token = config.token(Index::Pypi, &TokenSpec::user("alice"));
    config.latency = ROUND_TRIP;
    config.upload_time = PER_UPLOAD;
    config.bytes_per_second = Some(BYTES_PER_SECOND);
    // More than any program sends at a time: the service is not what is measured.
    config.workers = 16;
    let server = BlockingServer::start(World::new(config))?;
    let (upload, simple) = (server.addresses(Index::Pypi).upload(), server.addresses(Index::Pypi).simple());
    let state = dir.join("state");
    if state.exists() {
        fs::remove_dir_all(&state)?;
    }
    let mut command = program.command(dir, &upload, &simple, &token)?;
    command.args(wheels).current_dir(dir);
    let taken = measure(&command)?;
    let stored = server.world().files(Index::Pypi).len();
    ensure!(stored == wheels.len(), "{} left {stored} of {} files there", program.name(), wheels.len());
    Ok(taken)
}
