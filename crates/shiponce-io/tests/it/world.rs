//! What the tests need from the machine: its environment, and a way to see whether a process lives.

use std::ffi::OsString;
use std::time::Duration;

use shiponce_io::process::Environment;

/// The environment of the test process.
pub(crate) fn environment() -> Environment {
    #[expect(clippy::disallowed_methods, reason = "a test is its own binary")]
    std::env::vars_os().collect()
}

/// The path of a program that the test cannot do without.
pub(crate) fn program(name: &str) -> std::path::PathBuf {
    let path = environment().get("PATH").map(OsString::from).unwrap();
    shiponce_io::process::find_program(name, &path).unwrap_or_else(|| panic!("`{name}` is needed"))
}

/// Waits until `condition` holds; panics when that takes absurdly long.
pub(crate) fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    for _ in 0..2_000 {
        if condition() {
            return;
        }
        #[expect(clippy::disallowed_methods, reason = "polls a state that nothing announces")]
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("still waiting: {what}");
}

/// Whether a process runs. A zombie does not: it has ended, and only its number is left.
pub(crate) fn is_alive(pid: u32) -> bool {
    let Ok(stat) = fs_err::read_to_string(format!("/proc/{pid}/stat")) else { return false };
    let state = stat.rsplit(')').next().unwrap().trim_start();
    !state.starts_with('Z') && !state.starts_with('X')
}
