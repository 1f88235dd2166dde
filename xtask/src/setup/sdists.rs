//! Source distributions of real projects, by exact hash.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use fs_err as fs;

use super::{stamp, venv};
use crate::process;

/// The folder with every sdist of `list`, fetched when it is not complete.
///
/// pip compares the hashes. It prepares metadata with the build backends of the virtual
/// environment, so nothing but these files is fetched.
pub(super) fn ensure(venv: &Path, list: &Path, dir: &Path, offline: bool) -> Result<Option<PathBuf>> {
    let inputs = fs::read_to_string(list)?;
    let mark = dir.join("shiponce-stamp");
    if stamp::holds(&mark, &inputs) {
        println!("sample sdists: {} (there already)", dir.display());
        return Ok(Some(dir.to_path_buf()));
    }
    if offline {
        println!(
            "sample sdists: not there and --offline given; tests that need them are skipped and counted"
        );
        return Ok(None);
    }
    println!("sample sdists: downloading xtask/sdists.txt into {} ...", dir.display());
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    fs::create_dir_all(dir)?;
    process::output(
        venv::pip(venv)
            .args(["download", "--quiet", "--no-deps", "--no-binary", ":all:"])
            .args(["--require-hashes", "--no-build-isolation", "--dest"])
            .arg(dir)
            .arg("--requirement")
            .arg(list),
    )
    .context(
        "cannot download the sample sdists: is the package index reachable? (`--offline` runs without them)",
    )?;
    stamp::set(&mark, &inputs)?;
    Ok(Some(dir.to_path_buf()))
}
