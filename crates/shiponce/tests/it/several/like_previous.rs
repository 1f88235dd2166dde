//! `[expect] like = "previous"`: a release has the files that the one before it had.

use super::write_project;
use crate::harness::{Setting, git, project, wheel};
use shiponce_rehearsal::Index;

/// What every release of the project has.
const TAGS: [&str; 2] = ["py3-none-any", "cp312-cp312-manylinux_2_17_s390x"];
/// The line about a release without an earlier one.
const FIRST: &str = "[expect] like = \"previous\" asks for nothing: pypi has no release before 1.0.0";

/// A project at the tag of a version, with a wheel of it in `dist` for each of `tags`.
fn at(setting: &Setting, version: &str, tags: &[&str]) {
    let root = setting.project();
    write_project(&root, "pack", version, "");
    fs_err::write(root.join(".gitignore"), "dist\n").unwrap();
    let tag = format!("v{version}");
    if root.join(".git").exists() {
        git(&root, ["commit", "--quiet", "--all", "--message", "The next version"]);
        git(&root, ["tag", &tag]);
        git(&root, ["push", "--quiet", "origin", "main", &tag]);
    } else {
        project::commit(&root, &tag);
    }
    for tag in tags {
        wheel(&root.join("dist"), "pack", version, tag, version);
    }
}

#[test]
fn a_release_lacks_nothing_that_the_one_before_it_had() {
    let setting = Setting::with(|config| {
        config.released_here("pack");
    });
    setting.write_config("[expect]\nlike = \"previous\"\n");
    let press = ["release", "--yes", "--skip-build", "--json"];

    at(&setting, "1.0.0", &TAGS);
    let first = setting.shiponce(press).expect(0);
    assert!(first.stderr.contains(FIRST), "{}", first.stderr);
    assert_eq!(setting.stores(Index::Pypi), 2);

    fs_err::remove_dir_all(setting.project().join("dist")).unwrap();
    at(&setting, "1.1.0", &TAGS[..1]);
    let writes = [Index::TestPypi, Index::Pypi].map(|index| setting.world().writes(index));
    let run = setting.shiponce(press).expect(1);
    let error = &run.json()["error"];
    assert_eq!(error["code"], "incomplete-release");
    assert_eq!(error["message"], "1 of 2 files that the release must have are missing");
    let facts = error["facts"].as_array().unwrap();
    let missing: Vec<_> = facts.iter().filter(|fact| fact["label"] == "missing").collect();
    assert_eq!(missing.len(), 1, "{facts:?}");
    assert_eq!(missing[0]["text"], "cp312-cp312 manylinux_s390x");
    assert_eq!(writes, [Index::TestPypi, Index::Pypi].map(|index| setting.world().writes(index)));

    wheel(&setting.project().join("dist"), "pack", "1.1.0", TAGS[1], "1.1.0");
    let run = setting.shiponce(press).expect(0);
    assert!(!run.stderr.contains("asks for nothing"), "{}", run.stderr);
    assert_eq!(setting.stores(Index::Pypi), 4);
    let again = setting.shiponce(press).expect(0);
    assert_eq!(again.json()["outcome"], "nothing-to-do");
}

#[test]
fn without_production_in_the_run_it_asks_for_nothing_and_says_so() {
    let setting = Setting::with(|config| {
        config.released_here("pack");
    });
    setting.write_config("[expect]\nlike = \"previous\"\n");
    at(&setting, "1.0.0", &TAGS[..1]);
    let run = setting.shiponce(["release", "--yes", "--skip-build", "--skip-pypi"]).expect(0);
    assert!(run.stderr.contains("asks for nothing: production is not part of this run"), "{}", run.stderr);
}
