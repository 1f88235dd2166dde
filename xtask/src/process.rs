//! Starting other programs, with sentences for the ways that fails.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// `cargo`, in the workspace root, without the variables cargo set for this task itself.
pub(crate) fn cargo() -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(crate::repository::root());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    command
}

/// Any other program, in the workspace root.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(crate::repository::root());
    command
}

/// The command as one would type it, for messages. Arguments with blanks are quoted, scripts shortened.
pub(crate) fn shown(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(name)
        .chain(command.get_args())
        .map(|word| {
            let word = word.to_string_lossy();
            match word.lines().next() {
                Some(first) if first.len() < word.len() => format!("'{} ...'", first.trim()),
                _ if word.contains(' ') => format!("'{word}'"),
                _ => word.into_owned(),
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Runs `command` with the terminal as its output; fails unless it exits 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let words = shown(command);
    println!("$ {words}");
    let status = command.status().with_context(|| format!("cannot start `{words}`"))?;
    if !status.success() {
        bail!("`{words}` failed ({status})");
    }
    Ok(())
}

/// Runs `command`, hands every line of its standard output to `seen` while it runs and prints it.
///
/// Returns whether the command exited 0; the caller decides what a failure means.
pub(crate) fn stream(command: &mut Command, mut seen: impl FnMut(&str)) -> Result<bool> {
    let words = shown(command);
    println!("$ {words}");
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start `{words}`"))?;
    if let Some(out) = child.stdout.take() {
        let mut out = BufReader::new(out);
        let mut line = Vec::new();
        // Test output is bytes, not always UTF-8: read lines as bytes and show what can be shown.
        while out.read_until(b'\n', &mut line).with_context(|| format!("cannot read from `{words}`"))? > 0 {
            let text = String::from_utf8_lossy(&line);
            print!("{text}");
            seen(text.trim_end());
            line.clear();
        }
    }
    let status = child.wait().with_context(|| format!("cannot wait for `{words}`"))?;
    Ok(status.success())
}

/// Runs `command` quietly and returns its standard output; fails with its standard error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let words = shown(command);
    let done = command.output().with_context(|| format!("cannot start `{words}`"))?;
    if !done.status.success() {
        bail!("`{words}` failed ({}): {}", done.status, String::from_utf8_lossy(&done.stderr).trim());
    }
    String::from_utf8(done.stdout).with_context(|| format!("`{words}` printed something that is not UTF-8"))
}

/// Whether a program of this name can be started at all.
pub(crate) fn exists(name: &str) -> bool {
    Command::new(name)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_blanks_are_quoted() {
        let mut command = Command::new("/usr/bin/python3");
        command.args(["-c", "import venv", "x", "import sys\nprint(1)\n"]);
        assert_eq!(shown(&command), "python3 -c 'import venv' x 'import sys ...'");
    }

    #[test]
    fn a_failing_command_is_named_with_its_words() {
        let error = output(program("sh").args(["-c", "echo no such thing >&2; exit 3"])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`sh -c 'echo no such thing >&2; exit 3'` failed (exit status: 3): no such thing"
        );
    }

    #[test]
    fn a_missing_command_is_named() {
        let error = run(&mut program("no-such-program-anywhere")).unwrap_err();
        assert_eq!(error.to_string(), "cannot start `no-such-program-anywhere`");
        assert!(!exists("no-such-program-anywhere"));
    }

    #[test]
    fn lines_arrive_even_when_they_are_not_text() {
        let mut lines = Vec::new();
        let ok = stream(program("printf").arg(r"one\n\377two\nthree"), |line| lines.push(line.to_owned()))
            .unwrap();
        assert!(ok);
        assert_eq!(lines, ["one", "\u{fffd}two", "three"]);
    }
}
