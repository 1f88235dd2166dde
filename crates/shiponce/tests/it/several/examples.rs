//! The examples of this repository, released end to end and pressed twice.

use crate::harness::{Run, Setting, repository, world};

#[track_caller]
fn rehearse(example: &str) -> Run {
    let setting = Setting::with(|config| config.upstream = Some(world::upstream()));
    let mut command = setting.command(["rehearse", "--json"]);
    command.arg(repository().join("examples").join(example)).env_remove("SHIPONCE_CONFIG");
    let run = Run::of(command).expect(0);
    assert!(
        run.stderr.contains("Second press: 0 writes to Test PyPI, 0 to PyPI, 0 to GitHub"),
        "{}",
        run.stderr
    );
    run
}

#[test]
fn the_variants_are_released_twice() {
    let run = rehearse("variants");
    let names = serde_json::json!(["shiponce-tempo", "shiponce-tempo-fast", "shiponce-tempo-turbo"]);
    assert_eq!(run.json()["published"], names);
    assert!(run.stderr.contains("First press: 6 writes to Test PyPI, 6 to PyPI"), "{}", run.stderr);
}

#[test]
fn the_workspace_is_released_twice() {
    let run = rehearse("workspace");
    assert_eq!(run.json()["published"], serde_json::json!(["shiponce-units", "shiponce-recipe"]));
    assert!(run.stderr.contains("First press: 4 writes to Test PyPI, 4 to PyPI"), "{}", run.stderr);
}
