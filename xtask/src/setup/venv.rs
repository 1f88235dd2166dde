//! The virtual environment with the pinned Python tools.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use fs_err as fs;

use super::{Python, stamp};
use crate::process;

/// The environment at `venv`, made anew when the requirements or the interpreter changed.
///
/// It is built in its final place, because a virtual environment writes its own path into its
/// scripts and cannot be moved; the stamp inside is written last.
/// `None` means `offline` and nothing usable there.
pub(super) fn ensure(
    python: &Python,
    requirements: &Path,
    venv: &Path,
    offline: bool,
) -> Result<Option<PathBuf>> {
    let inputs = format!(
        "{} {}\n{}\n{}",
        python.executable.display(),
        python.version,
        venv.display(),
        fs::read_to_string(requirements)?
    );
    let mark = venv.join("shiponce-stamp");
    if stamp::holds(&mark, &inputs) {
        println!("python tools: {} (there already)", venv.display());
        return Ok(Some(venv.to_path_buf()));
    }
    if offline {
        println!("python tools: not there and --offline given; tests that need them are skipped and counted");
        return Ok(None);
    }
    println!("python tools: installing xtask/requirements.txt into {} ...", venv.display());
    if venv.exists() {
        fs::remove_dir_all(venv)?;
    }
    process::output(process::program(&python.executable).args(["-m", "venv"]).arg(venv))
        .context("cannot make a virtual environment")?;
    process::output(pip(venv).args(["install", "--quiet", "--requirement"]).arg(requirements)).context(
        "cannot install the Python tools: is the package index reachable? (`--offline` runs without them)",
    )?;
    stamp::set(&mark, &inputs)?;
    Ok(Some(venv.to_path_buf()))
}

/// pip of the environment, deaf to settings that would send its work elsewhere.
pub(super) fn pip(venv: &Path) -> std::process::Command {
    let mut command = process::program(venv.join("bin/python"));
    command
        .args(["-m", "pip", "--disable-pip-version-check", "--no-input"])
        .env("PIP_USER", "0")
        .env_remove("PIP_TARGET")
        .env_remove("PIP_PREFIX")
        .env_remove("PYTHONPATH")
        .env_remove("PYTHONHOME");
    command
}
