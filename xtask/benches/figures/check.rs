//! `check dist` of many wheels with every digest of RECORD, against unpacking and hashing the same bytes and nothing
//! else, and against `twine check --strict`; and its peak memory.

use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use flate2::read::DeflateDecoder;
use fs_err as fs;
use sha2::{Digest as _, Sha256};

use crate::measure::measure;
use crate::stats::{Times, ratio};

const WHEELS: usize = 100;
/// Unpacked; the payload packs to half of it, so that a wheel has about 1 MB.
const SIZE_BYTES: u64 = 2_000_000;
const LARGE_BYTES: u64 = 1 << 30;
const ROUNDS: usize = 9;

pub(crate) fn run() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let folder = dir.path().join("small");
    fs::create_dir(&folder)?;
    let wheels = crate::make_packed_wheels(&folder, WHEELS, SIZE_BYTES)?;
    let packed: u64 = wheels.iter().map(|path| fs::metadata(path).map_or(0, |about| about.len())).sum();
    println!("{WHEELS} wheels of {} bytes each", packed / WHEELS as u64);
    let (mut ours, mut bare, mut twine) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let times = (check(&wheels)?, unpack_and_hash(&wheels)?);
        // The first round warms the caches of the file system.
        if round > 0 {
            ours.push(times.0);
            bare.push(times.1);
        }
    }
    for _ in 0..3 {
        twine.push(twine_check(&wheels)?);
    }
    let (ours, bare, twine) = (Times::new(ours), Times::new(bare), Times::new(twine));
    ours.print("shiponce check dist, every digest of RECORD");
    bare.print("unpacking and SHA-256 of the same bytes on every core");
    twine.print("twine check --strict");
    println!("speed against unpacking and hashing alone: {:.0} %", 100.0 * ratio(&bare, &ours));
    println!("twine takes {:.1} times as long", ratio(&twine, &ours));
    let folder = dir.path().join("large");
    fs::create_dir(&folder)?;
    let large = crate::make_wheels(&folder, 1, LARGE_BYTES)?;
    let peak = measure(&command(&large)?)?.peak_bytes;
    println!("peak memory of a wheel of 1 GiB: {:.1} MiB", peak / (1024.0 * 1024.0));
    Ok(())
}

fn command(wheels: &[PathBuf]) -> Result<Command> {
    let mut command = Command::new(crate::binary()?);
    command.args(["check", "dist"]).args(wheels).current_dir(wheels[0].parent().context("no folder")?);
    Ok(command)
}

fn timed(mut command: Command) -> Result<Duration> {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    let time = start.elapsed();
    ensure!(status.success(), "{} ended with {status}", command.get_program().display());
    Ok(time)
}

fn check(wheels: &[PathBuf]) -> Result<Duration> {
    timed(command(wheels)?)
}

fn twine_check(wheels: &[PathBuf]) -> Result<Duration> {
    let mut command = crate::tool("twine")?;
    command.args(["check", "--strict"]).args(wheels);
    timed(command)
}

fn unpack_and_hash(wheels: &[PathBuf]) -> Result<Duration> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<()> {
        while let Some(path) = wheels.get(next.fetch_add(1, Ordering::Relaxed)) {
            unpack_one(&fs::read(path)?)?;
        }
        Ok(())
    };
    let start = Instant::now();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| -> Result<()> {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().map_err(|_| anyhow::anyhow!("a worker died"))?)
    })?;
    Ok(start.elapsed())
}

/// Follows the local headers of a wheel, whose writer put sizes in them.
fn unpack_one(data: &[u8]) -> Result<()> {
    let short = |at: usize| usize::from(u16::from_le_bytes([data[at], data[at + 1]]));
    let mut at = 0;
    let mut buffer = vec![0; 64 * 1024];
    while data[at..].starts_with(b"PK\x03\x04") {
        let size = short(at + 18) + (short(at + 20) << 16);
        let begin = at + 30 + short(at + 26) + short(at + 28);
        let packed = data.get(begin..begin + size).context("an entry is cut off")?;
        let mut hasher = Sha256::new();
        if short(at + 8) == 8 {
            let mut decoder = DeflateDecoder::new(packed);
            loop {
                let length = decoder.read(&mut buffer)?;
                if length == 0 {
                    break;
                }
                hasher.update(&buffer[..length]);
            }
        } else {
            hasher.update(packed);
        }
        std::hint::black_box(hasher.finalize());
        at = begin + size;
    }
    ensure!(at > 0, "no entry was found");
    Ok(())
}
