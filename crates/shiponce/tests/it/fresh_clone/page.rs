//! Our release page on the forge is a second place, and knows what was frozen.

use super::{BUILD, Begun, NATIVE, PRESS, PURE};
use crate::harness::{Run, Setting, wheel};
use shiponce_rehearsal::Index::{Pypi, TestPypi};

/// A release with a page; production refuses the upload of this number.
fn begun(refused: u32, files: &[&str], args: &[&str]) -> (Begun, Run) {
    let setting = Setting::with(|config| {
        config.released_here("tiny");
        config.faults.push(format!("prod.upload:{refused}:read-only").parse().unwrap());
    });
    crate::harness::project::tiny(&setting.project());
    setting.write_config(&format!("{BUILD}{}", setting.github()));
    let dist = setting.path("dist");
    for name in files {
        let tag = name.strip_prefix("tiny-1.0.0-").unwrap().strip_suffix(".whl").unwrap();
        wheel(&dist, "tiny", "1.0.0", tag, "one");
    }
    let given = ["--skip-build", "--dist-dir", dist.to_str().unwrap()];
    let given: &[&str] = if files.is_empty() { &[] } else { &given };
    let run = setting.shiponce(["release", "--yes"].iter().chain(given).chain(args));
    (Begun::of(setting), run)
}

#[test]
fn a_press_that_died_before_production_is_finished_elsewhere_with_its_bytes() {
    let (begun, run) = begun(1, &[], &[]);
    assert_ne!(run.code, Some(0), "{}", run.stderr);
    assert!(begun.setting.files(Pypi).is_empty());
    let elsewhere = begun.elsewhere_with(&begun.setting.github());
    let plan = elsewhere.silent(10, &["plan", "--json", "--detailed-exitcode"]);
    assert_eq!(plan.json()["files"][0]["sha256"], begun.setting.files(TestPypi)[PURE].as_str());
    let run = elsewhere.run(&PRESS).expect(0);
    assert!(run.stderr.contains("1 file frozen on another machine, nothing built"), "{}", run.stderr);
    assert_eq!(begun.setting.files(Pypi), begun.setting.files(TestPypi));
    assert!(!begun.setting.releases()[0].draft);
    elsewhere.silent(0, &PRESS);
}

#[test]
fn the_draft_gives_the_bytes_where_there_is_no_test_index() {
    let (begun, _) = begun(1, &[], &["--skip", "testpypi"]);
    assert!(begun.setting.files(Pypi).is_empty() && begun.setting.files(TestPypi).is_empty());
    let elsewhere = begun.elsewhere_with(&begun.setting.github());
    let run = elsewhere.run(&["release", "--yes", "--json", "--skip", "testpypi"]).expect(0);
    let said = format!("Fetching {PURE} from the GitHub release by its digest");
    assert!(run.stderr.contains(&said), "{}", run.stderr);
    assert_eq!(begun.setting.stores(Pypi), 1);
}

#[test]
fn half_a_release_of_given_files_is_finished_from_the_draft() {
    // Files that were given have no inputs, and no index here has provenance: the page is the proof.
    let (begun, run) = begun(2, &[PURE, NATIVE], &["--skip", "testpypi"]);
    assert_eq!(run.code, Some(6), "{}", run.stderr);
    assert_eq!(begun.setting.files(Pypi).len(), 1);
    let elsewhere = begun.elsewhere_with(&begun.setting.github());
    let press = ["release", "--yes", "--json", "--skip", "testpypi"];
    elsewhere.run(&press).expect(0);
    assert_eq!(begun.setting.files(Pypi).len(), 2);
    elsewhere.silent(0, &press);
}

#[test]
fn what_was_frozen_with_other_settings_is_said_before_anything_is_built() {
    let (begun, _) = begun(1, &[], &[]);
    let more = format!("env = {{ OTHER = \"1\" }}\n{}", begun.setting.github());
    let run = begun.elsewhere_with(&more).silent(4, &PRESS);
    assert_eq!(run.json()["error"]["code"], "manifest-mismatch");
    assert!(run.stderr.contains("was frozen from this commit with other settings"), "{}", run.stderr);
}

#[test]
fn a_finished_release_with_its_page_is_adopted() {
    let (begun, run) = begun(99, &[], &[]);
    run.expect(0);
    let run = begun.elsewhere_with(&begun.setting.github()).silent(0, &PRESS);
    assert_eq!(run.json()["outcome"], "nothing-to-do");
    assert!(run.stderr.contains("1 file frozen on another machine, nothing built"), "{}", run.stderr);
    let unknown = begun.elsewhere_again("").silent(4, &PRESS);
    assert_eq!(unknown.json()["error"]["code"], "unproven-source", "without the page nothing is proven");
}
