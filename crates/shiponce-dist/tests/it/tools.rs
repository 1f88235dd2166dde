//! The Python tools that `cargo xtask test` installs.

use std::path::{Path, PathBuf};
use std::process::Command;

fn tool_folder(variable: &str, name: &str) -> PathBuf {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools").join(name);
    let folder = std::env::var_os(variable).map_or_else(default, PathBuf::from);
    assert!(folder.is_dir(), "{} is missing: run `cargo xtask test`, which makes it", folder.display());
    folder
}

pub(crate) fn python() -> PathBuf {
    tool_folder("SHIPONCE_TEST_VENV", "venv").join("bin/python")
}

pub(crate) fn sdists() -> PathBuf {
    tool_folder("SHIPONCE_TEST_SDISTS", "sdists")
}

/// Runs a script and gives what it printed.
pub(crate) fn run_python(script: &str, arguments: &[&Path]) -> Vec<u8> {
    let output = Command::new(python()).arg("-c").arg(script).args(arguments).output().unwrap();
    assert!(output.status.success(), "python: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Runs a script that prints JSON.
pub(crate) fn python_json(script: &str, arguments: &[&Path]) -> serde_json::Value {
    serde_json::from_slice(&run_python(script, arguments)).unwrap()
}
