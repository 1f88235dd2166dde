//! Which words go where, in which colour, and how many of them.

use super::demo;
use crate::harness::{Run, Setting};
use std::process::{Command, Stdio};

const PUBLISH: [&str; 2] = ["publish", "--yes"];

#[test]
fn words_go_to_standard_error_and_data_to_standard_output() {
    let setting = demo();
    let run = setting.shiponce(PUBLISH).expect(0);
    assert_eq!(run.stdout, "");
    let run = setting.shiponce(["versions", "demo"]).expect(0);
    assert_eq!(run.stderr, "");
    assert!(run.stdout.contains("1.0"), "{}", run.stdout);
}

/// Off a terminal every line begins with a time stamp and a level, so that a log can be searched.
#[test]
fn lines_of_a_log() {
    let line =
        regex::Regex::new(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \[(INFO|SUCCESS|WARNING|ERROR)\] +\S").unwrap();
    let setting = demo();
    let run = setting.shiponce(PUBLISH).expect(0);
    for said in run.stderr.lines() {
        assert!(line.is_match(said), "{said}");
    }
    assert!(!run.stderr.contains('\u{1b}'), "no colour off a terminal");
}

#[test]
fn quiet_and_verbose() {
    let setting = demo();
    let quiet = setting.shiponce(["publish", "--yes", "--quiet"]).expect(0);
    assert_eq!(quiet.stderr, "");
    // Warnings are not silenced.
    let again = setting.shiponce(["publish", "--yes", "-q"]).expect(0);
    assert!(again.stderr.contains("[WARNING] Version 1.0 already exists on"), "{}", again.stderr);
    assert!(!again.stderr.contains("[INFO]"), "{}", again.stderr);
    let setting = Setting::tiny();
    let loud = setting.shiponce(["release", "--yes", "-v"]).expect(0);
    assert!(loud.stderr.contains("[DEBUG]"), "{}", loud.stderr);
    setting.shiponce(["release", "-q", "-v"]).expect(2);
}

#[test]
fn colour() {
    let mut setting = demo();
    let coloured = |run: &Run| run.stderr.contains('\u{1b}');
    assert!(coloured(&setting.shiponce(["publish", "--yes", "--color", "always"]).expect(0)));
    assert!(!coloured(&setting.shiponce(["publish", "--yes", "--color", "never"]).expect(0)));
    let on_terminal =
        |setting: &Setting, args: &[&str]| crate::peers::on_a_terminal(&setting.command(args), "yes\n");
    setting.set("TERM", "xterm");
    let run = on_terminal(&setting, &["publish"]).expect(0);
    assert!(run.stdout.contains("\u{1b}["), "{}", run.stdout);
    setting.set("NO_COLOR", "1");
    let run = on_terminal(&setting, &["publish"]).expect(0);
    assert!(!run.stdout.contains("\u{1b}[3"), "{:?}", run.stdout);
    // The flag is the later word.
    let run = on_terminal(&setting, &["publish", "--color", "always"]).expect(0);
    assert!(run.stdout.contains("\u{1b}[3"), "{:?}", run.stdout);
}

/// `shiponce … | head -1`: the reader has left, and that is no error.
#[test]
fn a_reader_that_leaves() {
    let setting = demo();
    setting.shiponce(PUBLISH).expect(0);
    for args in
        [&["explain"][..], &["help", "--all"], &["--help"], &["completions", "bash"], &["config", "show"]]
    {
        let mut command = setting.command(args);
        command.stdin(Stdio::null()).stdout(closed_pipe()).stderr(Stdio::piped());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{args:?}: {output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    }
    // A release goes on to its end when nobody reads its log any more.
    let setting = demo();
    let mut command = setting.command(PUBLISH);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(closed_pipe());
    assert!(command.status().unwrap().success());
    assert_eq!(setting.stores(shiponce_rehearsal::Index::Pypi), 2);
}

/// A pipe without a reader.
fn closed_pipe() -> Stdio {
    #[expect(clippy::disallowed_methods, reason = "a peer is driven from outside")]
    let mut reader = Command::new("true").stdin(Stdio::piped()).spawn().unwrap();
    let pipe = reader.stdin.take().unwrap();
    reader.wait().unwrap();
    pipe.into()
}

#[test]
fn events_are_lines_of_json() {
    let setting = demo();
    let path = setting.path("events.jsonl");
    let args = ["publish", "--yes", "--events", path.to_str().unwrap()];
    setting.shiponce(args).expect(0);
    let first = fs_err::read_to_string(&path).unwrap();
    let events: Vec<shiponce_api::v1::Event> =
        first.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<&str> =
        events.iter().map(|event| event.event.as_str()).filter(|name| *name != "log").collect();
    insta::assert_snapshot!(names.join(" "), @"step.started upload.intent upload.answer file.present upload.intent upload.answer file.present step.finished step.started upload.intent upload.answer file.present upload.intent upload.answer file.present step.finished");
    // A second run appends.
    fs_err::remove_dir_all(setting.project().join("dist")).unwrap();
    setting.shiponce(args).expect(1);
    let both = fs_err::read_to_string(&path).unwrap();
    assert!(both.starts_with(&first) && both.len() > first.len());
    let last: shiponce_api::v1::Event = serde_json::from_str(both.lines().last().unwrap()).unwrap();
    assert_eq!((last.event.as_str(), &last.fields["code"]), ("run.failed", &"no-wheels".into()));
}

/// Events that cannot be written are said and stop nothing.
#[test]
fn events_without_a_place() {
    let setting = demo();
    let run = setting.shiponce(["publish", "--yes", "--events", "/dev/full"]).expect(0);
    assert!(run.stderr.contains("the events file could not be written"), "{}", run.stderr);
}
