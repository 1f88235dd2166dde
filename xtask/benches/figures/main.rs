//! The measuring program behind `cargo xtask bench NAME`, compiled in the release profile.
//!
//! It measures the release binary from outside, and compares within one run: the machine, its load
//! and its caches are then the same for both sides.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's tool: it starts processes, reads clock and environment, and prints"
)]

mod check;
mod check_version;
mod faults;
mod hash;
mod measure;
mod noop;
mod publish;
mod rss;
mod sink;
mod stats;
mod version;

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};
use fs_err as fs;

fn main() -> ExitCode {
    // `cargo bench` adds `--bench` to whatever follows `--`.
    let name = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let done = match name.as_deref() {
        Some("version") => version::run(),
        Some("check-version") => check_version::run(),
        Some("check") => check::run(),
        Some("hash") => hash::run(),
        Some("rss") => rss::run(),
        Some("publish-noop") => noop::run(),
        Some("faults") => faults::run(),
        Some("publish") => publish::run(),
        other => Err(anyhow::anyhow!(
            "no figure {other:?}: version, check-version, check, hash, rss, publish-noop, publish, faults"
        )),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The release binary, built by `cargo xtask bench` before.
fn binary() -> Result<PathBuf> {
    std::env::var_os("SHIPONCE_BENCH_BINARY")
        .map(PathBuf::from)
        .context("run this by `cargo xtask bench NAME`")
}

/// A program of the virtual environment.
fn tool(name: &str) -> Result<Command> {
    let venv = std::env::var_os("SHIPONCE_TEST_VENV").context("run this by `cargo xtask bench NAME`")?;
    Ok(Command::new(PathBuf::from(venv).join("bin").join(name)))
}

/// Makes valid wheels of one project and version that differ in tag and content.
fn make_wheels(dir: &std::path::Path, count: usize, size_bytes: u64) -> Result<Vec<PathBuf>> {
    wheels(dir, &[count.to_string(), size_bytes.to_string()])
}

/// The same with a deflated payload; `size_bytes` is what a wheel unpacks to.
fn make_packed_wheels(dir: &std::path::Path, count: usize, size_bytes: u64) -> Result<Vec<PathBuf>> {
    wheels(dir, &[count.to_string(), size_bytes.to_string(), "packed".to_owned()])
}

fn wheels(dir: &std::path::Path, arguments: &[String]) -> Result<Vec<PathBuf>> {
    let made = tool("python")?
        .arg("-c")
        .arg(include_str!("wheels.py"))
        .arg(dir)
        .args(arguments)
        .status()
        .context("cannot start python")?;
    if !made.success() {
        bail!("making the wheels failed");
    }
    let mut wheels = Vec::new();
    for entry in fs::read_dir(dir)? {
        wheels.push(entry?.path());
    }
    wheels.retain(|path| path.extension().is_some_and(|extension| extension == "whl"));
    wheels.sort();
    Ok(wheels)
}

/// The name of the variable that holds the token of [`configuration`]'s index.
const TOKEN_VARIABLE: &str = "SHIPONCE_BENCH_TOKEN";

/// A configuration with one production index, named `bench`, on loopback.
fn configuration(dir: &std::path::Path, upload: &str, simple: &str) -> Result<PathBuf> {
    let file = dir.join("shiponce.toml");
    let text = format!(
        "[index.bench]\nrole = \"production\"\nupload = \"{upload}\"\nsimple = \"{simple}\"\nimmutable = \"yes\"\ntoken-env = [\"{TOKEN_VARIABLE}\"]\n"
    );
    fs::write(&file, text)?;
    Ok(file)
}
