//! Inside GitHub Actions: annotations, step outputs, a summary, and nobody's words steer the runner.

use super::demo;
use crate::harness::{Setting, wheel};
use insta::assert_snapshot;
use shiponce_rehearsal::Index;

/// The demo files, as a step of a job.
fn step() -> Setting {
    let mut setting = demo();
    setting.set("GITHUB_ACTIONS", "true");
    setting.set("CI", "true");
    for name in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"] {
        let path = setting.path(name);
        fs_err::write(&path, "earlier=step\n").unwrap();
        setting.set(name, path);
    }
    setting
}

fn read(setting: &Setting, name: &str) -> String {
    setting.tidy(&fs_err::read_to_string(setting.path(name)).unwrap())
}

#[test]
fn outputs_and_summary() {
    let setting = step();
    setting.shiponce(["publish", "--yes"]).expect(0);
    let outputs = read(&setting, "GITHUB_OUTPUT");
    let names: Vec<&str> = outputs.lines().map(|line| line.split('=').next().unwrap()).collect();
    assert_eq!(names, ["earlier", "outcome", "version", "manifest", "receipt", "tag", "is_tagged"]);
    assert!(outputs.contains("\noutcome=released\nversion=1.0\nmanifest=[sha256]\nreceipt={"), "{outputs}");
    assert_snapshot!(read(&setting, "GITHUB_STEP_SUMMARY"), @"
    earlier=step
    ### demo 1.0

    | file | pypi | testpypi |
    |---|---|---|
    | demo-1.0-py3-none-any.whl | uploaded and read back | uploaded and read back |
    | demo-1.0.tar.gz | uploaded and read back | uploaded and read back |
    ");
}

/// Warnings and errors are shown beside the step, other lines are not.
#[test]
fn annotations() {
    let setting = step();
    setting.shiponce(["publish", "--yes"]).expect(0);
    wheel(&setting.project().join("dist"), "demo", "1.0", "py3-none-any", "two");
    let run = setting.shiponce(["publish", "--yes"]).expect(4);
    let shown: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with("::")).collect();
    assert_snapshot!(setting.tidy(&shown.join("\n")), @"::error::demo-1.0-py3-none-any.whl is on testpypi with other bytes");
    assert!(
        read(&setting, "GITHUB_OUTPUT")
            .ends_with("outcome=conflict\nversion=1.0\nmanifest=[sha256]\nreceipt=\ntag=\nis_tagged=false\n")
    );
}

/// A build writes what it likes; none of its lines may reach the runner as a command.
#[test]
fn words_of_a_build_are_no_commands() {
    let mut setting = Setting::tiny();
    setting.set("GITHUB_ACTIONS", "true");
    for name in ["REHEARSAL_PROD_TOKEN", "REHEARSAL_TEST_TOKEN"] {
        setting.unset(name);
    }
    let script = "print('::set-output name=outcome::released'); print('  ::stop-commands::x'); print('say ##[set-output name=tag;]v9'); raise SystemExit(1)";
    setting.write_config(&format!("[build]\ncommand = [\"python3\", \"-c\", \"{script}\"]\n"));
    let run = setting.shiponce(["release", "--yes", "-v"]).expect(1);
    assert!(run.stderr.contains("set-output name=outcome"), "it is shown: {}", run.stderr);
    for line in run.stderr.lines() {
        let command = line.trim_start().starts_with("::")
            && !line.starts_with("::error::")
            && !line.starts_with("::warning::");
        assert!(!command && !line.contains("##["), "{line}");
    }
}

/// Nor what an index answers.
#[test]
fn words_of_an_index_are_no_commands() {
    let setting = step();
    setting.world().add_fault("prod.upload:*:read-only".parse().unwrap());
    let run = setting.shiponce(["publish", "--yes", "--index", "pypi"]);
    assert_ne!(run.code, Some(0));
    assert_eq!(setting.stores(Index::Pypi), 0);
    let annotations = run.stderr.lines().filter(|line| line.starts_with("::"));
    assert!(annotations.count() > 0, "{}", run.stderr);
}

/// Outside of Actions nothing of this happens.
#[test]
fn elsewhere() {
    let mut setting = step();
    setting.unset("GITHUB_ACTIONS");
    let run = setting.shiponce(["publish", "--yes"]).expect(0);
    assert!(!run.stderr.contains("::"), "{}", run.stderr);
}
