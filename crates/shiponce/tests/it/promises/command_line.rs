//! Flags that leave something out, and what is said about it.

use super::nothing_sent;
use crate::harness::{Setting, wheel};
use shiponce_rehearsal::Index;

/// The tiny project with a wheel of it in another folder, and a build that leaves a mark.
fn with_files() -> Setting {
    let setting = Setting::tiny();
    wheel(&setting.path("files"), "tiny", "1.0.0", "py3-none-any", "one");
    let mark = setting.path("built");
    setting.write_config(&format!("[build]\ncommand = [\"touch\", \"{}\"]\n", mark.display()));
    setting
}

#[test]
fn skip_build_starts_no_build() {
    let setting = with_files();
    let folder = setting.path("files");
    let args = ["release", "--yes", "--skip-build", "--dist-dir", folder.to_str().unwrap()];
    for _ in 0..2 {
        let run = setting.shiponce(args).expect(0);
        assert!(!run.stderr.contains("Building"), "{}", run.stderr);
    }
    assert!(!setting.path("built").exists());
    assert_eq!(setting.stores(Index::Pypi), 1);
    // The command is the one that would have run.
    let mut other = with_files();
    other.set("SHIPONCE_STATE_DIR", other.path("fresh"));
    other.shiponce(["release", "--yes"]).expect(1);
    assert!(other.path("built").exists());
    nothing_sent(&other);
}

/// A target that is left out is not even read, and both the log and the document say that it was.
#[test]
fn a_skipped_target_is_said_and_not_asked() {
    for (flag, left_out, index) in
        [("--skip-test-pypi", "testpypi", Index::TestPypi), ("--skip-pypi", "pypi", Index::Pypi)]
    {
        let setting = Setting::tiny();
        let run = setting.shiponce(["release", "--yes", "--single-copy", "--json", flag]).expect(0);
        let heard = setting.world().log().iter().any(|entry| entry.index == Some(index) && entry.is_write);
        assert!(!heard, "{flag}: {:#?}", setting.world().log());
        assert!(run.stderr.contains(left_out), "{flag}: {}", run.stderr);
        let steps = run.json()["steps"].as_array().unwrap().clone();
        let recorded = format!("{left_out} is left out (flag {flag})");
        let skipped = |step: &serde_json::Value| step["status"] == "skipped" && step["detail"] == *recorded;
        assert!(steps.iter().any(skipped), "{flag}: {steps:#?}");
        assert_eq!(setting.files(index).len(), 0);
    }
}

/// `DEBUG=1` says what `-v` says, and debug lines name the process, so that two presses in one log can be told apart.
#[test]
fn debug_lines_name_the_process() {
    let mut setting = Setting::tiny();
    let line = regex::Regex::new(r"(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \[DEBUG\] \[pid \d+\] \S").unwrap();
    let plain = setting.shiponce(["versions", "tiny"]).expect(0);
    assert!(!plain.stderr.contains("[DEBUG]"), "{}", plain.stderr);
    let loud = setting.shiponce(["versions", "tiny", "-v"]).expect(0);
    assert!(line.is_match(&loud.stderr), "{}", loud.stderr);
    for (value, speaks) in [("1", true), ("true", true), ("0", false), ("", false), ("express:*", false)] {
        setting.set("DEBUG", value);
        let run = setting.shiponce(["versions", "tiny"]).expect(0);
        assert_eq!(line.is_match(&run.stderr), speaks, "{value:?}: {}", run.stderr);
    }
    setting.set("DEBUG", "1");
    assert_eq!(setting.shiponce(["versions", "tiny", "--quiet"]).expect(0).stderr, "");
}
