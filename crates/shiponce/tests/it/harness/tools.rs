//! Where the pinned tools are, and the `PATH` the binary sees.

use std::env::{join_paths, split_paths};
use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A variable of the test run.
#[expect(clippy::disallowed_methods, reason = "a test is its own binary")]
pub(crate) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// All variables of the test run.
#[expect(clippy::disallowed_methods, reason = "a test is its own binary")]
pub(crate) fn variables() -> impl Iterator<Item = (OsString, OsString)> {
    std::env::vars_os()
}

/// The repository's root.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The virtual environment with the pinned tools.
pub(crate) fn venv() -> PathBuf {
    let usual = repository().join("target/tools/venv");
    let venv = variable("SHIPONCE_TEST_VENV").map_or(usual, PathBuf::from);
    let python = venv.join("bin/python3");
    assert!(
        python.is_file(),
        "{} is missing: the tests need Python tools; run them with `cargo xtask test`",
        python.display()
    );
    venv
}

/// The folder with the source distributions of real projects.
pub(crate) fn sdists() -> PathBuf {
    let folder =
        variable("SHIPONCE_TEST_SDISTS").map_or(repository().join("target/tools/sdists"), PathBuf::from);
    assert!(
        folder.is_dir(),
        "{} is missing: the tests need sample projects; run them with `cargo xtask test`",
        folder.display()
    );
    folder
}

/// The interpreter of the tools.
pub(crate) fn python() -> PathBuf {
    venv().join("bin/python3")
}

/// The tools first, then what the test run has.
pub(crate) fn path_with_uv() -> OsString {
    let uv = venv().join("bin/uv");
    assert!(uv.is_file(), "{} is missing; run the tests with `cargo xtask test`", uv.display());
    let rest = variable("PATH").unwrap_or_default();
    join_paths([venv().join("bin")].into_iter().chain(split_paths(&rest))).unwrap()
}

/// The same Python, and no uv: `folder` gets a `python3` that starts the one of the tools, and every folder of the
/// test run's `PATH` that holds uv is left out.
pub(crate) fn path_without_uv(folder: &Path) -> OsString {
    fs_err::create_dir_all(folder).unwrap();
    let script = folder.join("python3");
    fs_err::write(&script, format!("#!/bin/sh\nexec '{}' \"$@\"\n", python().display())).unwrap();
    fs_err::set_permissions(&script, PermissionsExt::from_mode(0o755)).unwrap();
    let rest = variable("PATH").unwrap_or_default();
    let rest = split_paths(&rest).filter(|folder| !folder.join("uv").exists());
    join_paths([folder.to_owned()].into_iter().chain(rest)).unwrap()
}
