//! The gate inside `release`.

use super::{change, head, said, tagged, unheard, untagged};
use crate::harness::{Setting, git, project::TINY_CONFIG};
use insta::assert_snapshot;
use shiponce_rehearsal::Index;

const RELEASE: [&str; 2] = ["release", "--yes"];

/// Commits a file and puts this tag on the new commit, here and on the remote.
fn commit_tagged(setting: &Setting, tag: &str, path: &str, text: &str) {
    git(&setting.project(), ["tag", "--delete", "v1.0.0"]);
    git(&setting.project(), ["push", "--quiet", "origin", "--delete", "v1.0.0"]);
    change(setting, path, text);
    git(&setting.project(), ["tag", tag]);
    git(&setting.project(), ["push", "--quiet", "origin", tag]);
}

#[test]
fn a_tag_of_another_version_stops_before_the_build_and_before_any_request() {
    let setting = Setting::tiny();
    commit_tagged(&setting, "v1.1.0", "notes.txt", "next");
    for args in [&RELEASE[..], &["plan"], &["release", "--dry-run"]] {
        let run = setting.shiponce(args).expect(1);
        unheard(&setting, &run);
        assert!(run.stderr.contains("error[version-mismatch]: the tag v1.1.0 says 1.1.0"), "{}", run.stderr);
    }
    assert_snapshot!(said(&setting, &setting.shiponce(RELEASE)), @"
    error[version-mismatch]: the tag v1.1.0 says 1.1.0, pyproject.toml:3 says 1.0.0
      pyproject.toml:3 1.0.0 ([project] version)
    Nothing was built or uploaded by this run.
    hint: a tag is never moved: set the version to 1.1.1 or later, commit, and tag that commit
    ");
}

/// The package says another version than its metadata: what users see when they ask the installed package.
#[test]
fn a_package_that_lags_behind_stops_before_the_build_and_before_any_request() {
    let setting = Setting::tiny();
    commit_tagged(&setting, "v1.0.0", "tiny/__init__.py", "__version__ = \"0.9.0\"\n");
    let run = setting.shiponce(RELEASE).expect(1);
    unheard(&setting, &run);
    assert_snapshot!(said(&setting, &run), @"
    error[version-mismatch]: tiny/__init__.py:1 says 0.9.0, pyproject.toml:3 says 1.0.0
      pyproject.toml:3   1.0.0 ([project] version)
      tiny/__init__.py:1 0.9.0 (__version__)
    Nothing was built or uploaded by this run.
    hint: make the places that state the version equal, and commit
    ");
}

#[test]
fn a_file_that_the_user_names_counts_and_one_that_is_left_out_does_not() {
    let setting = Setting::tiny();
    commit_tagged(&setting, "v1.0.0", "docs/conf.py", "release = '0.9'\n");
    setting.write_config(&format!("[gates]\nversion-files = [\"docs/conf.py#release\"]\n{TINY_CONFIG}"));
    let run = setting.shiponce(RELEASE).expect(1);
    unheard(&setting, &run);
    assert!(run.stderr.contains("docs/conf.py:1 says 0.9, pyproject.toml:3 says 1.0.0"), "{}", run.stderr);
    setting.write_config(TINY_CONFIG);
    setting.shiponce(RELEASE).expect(0);
}

#[test]
fn synchronised_versions_are_published_whatever_their_spelling() {
    let setting = Setting::tiny();
    commit_tagged(&setting, "v1.0", "tiny/__init__.py", "__version__ = \"1.0\"\n");
    change(&setting, "CITATION.cff", "version: v1.0.0\n");
    git(&setting.project(), ["tag", "v1.0.0.0"]);
    git(&setting.project(), ["push", "--quiet", "origin", "v1.0.0.0"]);
    let run = setting.shiponce(["release", "--yes", "--json"]).expect(0);
    assert_eq!(run.json()["tag"], "v1.0.0.0");
    assert_eq!(run.json()["is_tagged"], true);
    assert_eq!(setting.stores(Index::Pypi), 1);
}

#[test]
fn without_the_gate_tag_and_project_must_still_agree() {
    let setting = Setting::tiny();
    setting.write_config(&format!("[gates]\nrequired = [\"dist\"]\n{TINY_CONFIG}"));
    commit_tagged(&setting, "v1.0.0", "tiny/__init__.py", "__version__ = \"0.9.0\"\n");
    setting.shiponce(RELEASE).expect(0);
    let setting = Setting::tiny();
    setting.write_config(&format!("[gates]\nrequired = [\"dist\"]\n{TINY_CONFIG}"));
    commit_tagged(&setting, "v1.1.0", "notes.txt", "next");
    unheard(&setting, &setting.shiponce(RELEASE).expect(1));
}

#[test]
fn create_tag_tags_pushes_and_releases_and_does_so_once() {
    let setting = untagged();
    let first = setting.shiponce(RELEASE).expect(1);
    unheard(&setting, &first);
    assert!(first.stderr.contains("error[head-not-tag]"), "{}", first.stderr);

    let dry = setting.shiponce(["release", "--dry-run", "--create-tag"]).expect(0);
    assert!(dry.stderr.contains("Tag v1.0.0 would be created"), "{}", dry.stderr);
    assert_eq!(tagged(&setting, "v1.0.0"), ["", ""]);

    let run = setting.shiponce(["release", "--yes", "--create-tag", "--json"]).expect(0);
    assert_eq!(run.json()["is_tagged"], true);
    assert_eq!(tagged(&setting, "v1.0.0"), [head(&setting), head(&setting)]);
    let again = setting.shiponce(["release", "--yes", "--create-tag", "--json"]).expect(0);
    assert_eq!(again.json()["outcome"], "nothing-to-do");
    assert_eq!(setting.stores(Index::Pypi), 1);
}

#[test]
fn create_tag_keeps_the_rules_of_tag() {
    let setting = untagged();
    git(&setting.project(), ["switch", "--quiet", "--create", "feature"]);
    change(&setting, "x.txt", "x");
    let run = setting.shiponce(["release", "--yes", "--create-tag"]).expect(1);
    unheard(&setting, &run);
    assert!(run.stderr.contains("error[wrong-branch]"), "{}", run.stderr);
    assert_eq!(tagged(&setting, "v1.0.0"), ["", ""]);
}

/// The tag that was there before is on an older commit: its version is used up.
#[test]
fn create_tag_moves_no_tag() {
    let setting = untagged();
    setting.shiponce(["tag", "1.0.0", "--push"]).expect(0);
    let before = head(&setting);
    change(&setting, "x.txt", "x");
    let run = setting.shiponce(["release", "--yes", "--create-tag"]).expect(4);
    unheard(&setting, &run);
    assert!(run.stderr.contains("error[moved-tag]"), "{}", run.stderr);
    assert_eq!(tagged(&setting, "v1.0.0"), [before.clone(), before]);
}
