//! What the tests need besides Rust: a Python with the pinned tools, a compiler, git, sample sdists.
//!
//! Everything lands inside `target/tools`. A step leaves a stamp as its last act, so a run that
//! was killed in the middle is simply done again.

mod github;
mod python;
mod sdists;
mod stamp;
mod venv;

use std::fs::File;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use fs_err as fs;

use crate::{process, repository};

pub(crate) use python::Python;

/// What was set up; a missing part means `--offline` was given and it was not there.
#[derive(Debug, Default)]
pub(crate) struct Tools {
    /// The virtual environment with the pinned Python tools.
    pub(crate) venv: Option<PathBuf>,
    /// The folder of sample source distributions.
    pub(crate) sdists: Option<PathBuf>,
    /// GitHub's description of its API, cut down to what releases need.
    pub(crate) github: Option<PathBuf>,
}

/// Finds or installs everything, saying in one line each what happens and where.
///
/// # Errors
///
/// When something is missing that this task cannot install, or the network is needed and not there.
pub(crate) fn tools(offline: bool) -> Result<Tools> {
    let dir = repository::tools();
    fs::create_dir_all(&dir)?;
    let _lock = lock(&dir.join("lock"))?;
    needs_git()?;
    let python = Python::find()?;
    println!("python: {} at {} (found)", python.version, python.executable.display());
    needs_compiler(&python)?;
    let requirements = repository::root().join("xtask/requirements.txt");
    let venv = venv::ensure(&python, &requirements, &dir.join("venv"), offline)?;
    let sdists = match &venv {
        Some(venv) => {
            let list = repository::root().join("xtask/sdists.txt");
            sdists::ensure(venv, &list, &dir.join("sdists"), offline)?
        }
        None => None,
    };
    let github = github::ensure(&dir.join("github"), offline)?;
    Ok(Tools { venv, sdists, github })
}

/// Two runs at once share one `target/tools`: the second waits for the first.
fn lock(path: &std::path::Path) -> Result<File> {
    let file = File::create(path).with_context(|| format!("cannot create {}", path.display()))?;
    if file.try_lock().is_err() {
        println!("waiting for another `cargo xtask` that is installing tools ...");
        file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    }
    Ok(file)
}

fn needs_git() -> Result<()> {
    if !process::exists("git") {
        bail!("git is missing: the tests release projects from real repositories. Install the package `git`");
    }
    Ok(())
}

/// The native example has a C extension, so a compiler and Python's headers are part of the world.
fn needs_compiler(python: &Python) -> Result<()> {
    if !process::exists("cc") {
        bail!("a C compiler (`cc`) is missing: examples/native needs one. Install the package `gcc`");
    }
    if !python.headers.join("Python.h").is_file() {
        bail!(
            "Python.h is missing from {}: examples/native needs it. Install the package `python3-dev`",
            python.headers.display()
        );
    }
    Ok(())
}
