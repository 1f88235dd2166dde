//! Completion scripts that their shells accept.

use super::help::{COMMANDS, text};
use crate::harness::{Run, Setting};
use std::process::Command;

#[test]
fn every_shell_has_a_script_that_knows_the_commands() {
    let setting = Setting::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = text(&setting, &["completions", shell]);
        for word in COMMANDS.iter().chain(&["--state-dir", "--skip-build"]) {
            assert!(script.contains(word.trim_start_matches('-')), "{shell} does not know {word}");
        }
    }
}

#[test]
fn bash_reads_its_script_and_completes() {
    let setting = Setting::new();
    let path = setting.path("completions.bash");
    fs_err::write(&path, text(&setting, &["completions", "bash"])).unwrap();
    #[expect(clippy::disallowed_methods, reason = "a peer is driven from outside")]
    let mut bash = Command::new("bash");
    // The function bash calls at the Tab key, called as bash calls it.
    bash.args(["--norc", "-euc"]).arg(format!(
        "source {}; COMP_WORDS=(shiponce rel); COMP_CWORD=1; _shiponce shiponce rel shiponce; echo \"${{COMPREPLY[*]}}\"",
        path.display()
    ));
    assert_eq!(Run::of(bash).expect(0).stdout.trim(), "release");
}
