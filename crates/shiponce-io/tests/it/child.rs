//! This test binary started again as a child, for what needs a process of its own: to be killed, to hold a
//! lock, to have its memory measured, to live in another environment.

use std::io::{BufRead as _, BufReader, Lines, Read as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::world::environment;

const ROLE: &str = "SHIPONCE_IO_TEST_ROLE";
const ARGUMENT: &str = "SHIPONCE_IO_TEST_ARGUMENT";

/// A running child; killed when dropped.
pub(crate) struct Role {
    pub(crate) child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Role {
    /// Starts the child with extra environment variables.
    pub(crate) fn start(role: &str, argument: &str, extra: &[(&str, &str)]) -> Self {
        #[expect(clippy::disallowed_methods, reason = "the child is killed and watched from outside")]
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut child = command
            .args(["--exact", "child::plays_its_role", "--nocapture", "--quiet"])
            .env(ROLE, role)
            .env(ARGUMENT, argument)
            .envs(extra.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// What the child says after `say:` in its next such line; `None` when it has ended.
    pub(crate) fn hear(&mut self) -> Option<String> {
        loop {
            let line = self.lines.next()?.unwrap();
            if let Some((_, said)) = line.split_once("say:") {
                return Some(said.to_owned());
            }
        }
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        // Fails when it has ended already, which is as well.
        if self.child.kill().is_ok() {
            self.child.wait().unwrap();
        }
    }
}

/// Says something to the parent.
pub(crate) fn say(what: &str) {
    println!("say:{what}");
}

/// Waits for the parent to close the pipe or die.
pub(crate) fn wait_for_parent() {
    let mut nothing = Vec::new();
    std::io::stdin().read_to_end(&mut nothing).unwrap();
}

/// Without a role there is nothing to play; with one, an unknown one fails.
#[test]
fn plays_its_role() {
    let environment = environment();
    let Some(role) = environment.get(ROLE) else { return };
    let argument = environment.get(ARGUMENT).unwrap().to_str().unwrap();
    match role.to_str().unwrap() {
        "rewrite-for-ever" => crate::files::rewrite_for_ever(argument),
        "hold-lock" => crate::files::hold_lock(argument),
        "show-grandchild-environment" => crate::process::show_grandchild_environment(),
        "upload-flat" => crate::http::upload::upload_flat(argument),
        "roots" => crate::http::tls::tell_roots(),
        other => panic!("no role `{other}`"),
    }
}
