//! Private indexes: real servers with passwords, certificates, mirrors and habits of their own.

mod devpi;
mod duplicates;
mod members;
mod pypiserver;
mod read_auth;
mod servers;
mod test_index;
mod tls;

use crate::harness::{Run, Setting, wheel};
use std::path::{Path, PathBuf};

/// The one file of most tests.
const NAME: &str = "demo-1.0-py3-none-any.whl";
/// Where the password stands.
const VARIABLE: &str = "COMPANY_PASSWORD";

/// A setting whose user knows the password.
fn setting() -> Setting {
    let mut setting = Setting::new();
    setting.set(VARIABLE, servers::PASSWORD);
    setting
}

/// The line that names the variable.
fn token_env() -> String {
    format!("token-env = [\"{VARIABLE}\"]")
}

/// A wheel of demo 1.0; two contents are two files of one name.
fn demo(setting: &Setting, content: &str) -> PathBuf {
    wheel(&setting.path(content), "demo", "1.0", "py3-none-any", content)
}

/// Writes the configuration file: these tables alone.
fn configure(setting: &Setting, tables: &str) {
    fs_err::write(setting.path("shiponce.toml"), tables).unwrap();
}

/// Publishes a file.
fn publish(setting: &Setting, file: &Path) -> Run {
    setting.shiponce(["publish".as_ref(), file.as_os_str(), "--yes".as_ref()])
}
