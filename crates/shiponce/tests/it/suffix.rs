//! Burned names, and the way out: the same source under a version with a suffix.

use crate::harness::{Setting, git, wheel};
use shiponce_rehearsal::Index;

fn burn(setting: &Setting, project: &str, filename: &str) {
    let now = jiff::Timestamp::now();
    assert!(setting.world().delete_file(Index::Pypi, project, filename, now));
}

#[test]
fn a_project_whose_names_are_burned_is_released_under_a_suffix_and_twice_is_once() {
    let mut setting = Setting::tiny();
    setting.shiponce(["release", "--yes"]).expect(0);
    burn(&setting, "tiny", "tiny-1.0.0-py3-none-any.whl");
    // Another machine, which does not know the bytes, builds other ones and is told about the name.
    setting.set("SHIPONCE_STATE_DIR", setting.path("other-state"));
    let args = ["release", "--yes", "--skip-test-pypi", "--single-copy"];
    let burned = setting.shiponce(args).expect(4);
    assert!(burned.stderr.contains("error[file-name-burned]"), "{}", burned.stderr);
    assert!(
        burned.stderr.contains("hint: from the same source: shiponce release --version-suffix .post1"),
        "{}",
        burned.stderr
    );

    let press = ["release", "--yes", "--version-suffix", ".post1"];
    let untagged = setting.shiponce(press).expect(1);
    assert!(untagged.stderr.contains("error[head-not-tag]"), "{}", untagged.stderr);
    assert!(untagged.stderr.contains("v1.0.0.post1"), "{}", untagged.stderr);
    git(&setting.project(), ["tag", "v1.0.0.post1"]);
    git(&setting.project(), ["push", "--quiet", "--tags"]);
    let first = setting.shiponce(press).expect(0);
    assert!(
        first.stderr.contains("modules are not changed: a __version__ inside them still says 1.0.0"),
        "{}",
        first.stderr
    );
    let new = "tiny-1.0.0.post1-py3-none-any.whl";
    for index in Index::ALL {
        assert!(setting.files(index).contains_key(new), "{index}");
    }
    let writes = Index::ALL.map(|index| setting.world().writes(index));
    let second = setting.shiponce(press).expect(0);
    assert!(second.stderr.contains("frozen before, nothing built"), "{}", second.stderr);
    assert_eq!(Index::ALL.map(|index| setting.world().writes(index)), writes, "the second press wrote");
    // The suffix is an input: without it this is another release, whose tag the commit also has.
    setting.shiponce(["plan", "--version-suffix", ".post1"]).expect(0);
    let impossible = setting.shiponce(["release", "--yes", "--version-suffix", ".post1.dev1"]).expect(2);
    assert!(impossible.stderr.contains("is no version suffix"), "{}", impossible.stderr);
}

#[test]
fn files_in_hand_are_published_under_a_suffix() {
    let setting = Setting::new();
    let dist = setting.project().join("dist");
    wheel(&dist, "demo", "1.0", "py3-none-any", "one");
    setting.shiponce(["publish", "--yes"]).expect(0);
    burn(&setting, "demo", "demo-1.0-py3-none-any.whl");
    let args = ["publish", "--yes", "--version-suffix", ".post1"];
    let preview = setting.shiponce(["publish", "--dry-run", "--version-suffix", ".post1"]);
    assert!(preview.stderr.contains("demo-1.0.post1-py3-none-any.whl"), "{}", preview.stderr);
    assert_eq!(fs_err::read_dir(&dist).unwrap().count(), 1, "a dry run leaves no file");
    setting.shiponce(args).expect(0);
    assert!(dist.join("demo-1.0.post1-py3-none-any.whl").is_file(), "what is published stays in hand");
    let writes = setting.world().writes(Index::Pypi);
    setting.shiponce(args).expect(0);
    assert_eq!(setting.world().writes(Index::Pypi), writes, "the second press wrote");
    assert_eq!(setting.files(Index::Pypi).len(), 1);
}

#[test]
fn files_of_a_folder_are_repacked_on_the_way_to_a_release() {
    let setting = Setting::tiny();
    setting.shiponce(["build"]).expect(0);
    git(&setting.project(), ["tag", "v1.0.0.post1"]);
    git(&setting.project(), ["push", "--quiet", "--tags"]);
    let args = ["--skip-build", "--version-suffix", ".post1"];
    let mut plan = vec!["plan", "--json"];
    plan.extend(args);
    let planned = setting.shiponce(&plan).expect(0);
    let mut press = vec!["release", "--yes", "--json"];
    press.extend(args);
    let released = setting.shiponce(&press).expect(0);
    let digest = |text: &str| {
        let document: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(document["version"], "1.0.0.post1");
        document["files"][0]["sha256"].as_str().unwrap().to_owned()
    };
    assert_eq!(digest(&planned.stdout), digest(&released.stdout), "a plan knows the very bytes");
}

#[test]
fn a_rehearsal_takes_the_suffix_too() {
    let setting = Setting::tiny();
    let run = setting.shiponce(["rehearse", "--version-suffix", ".dev1", "--json"]).expect(0);
    assert_eq!(run.json()["version"], "1.0.0.dev1");
    assert_eq!(setting.world().writes(Index::Pypi), 0);
}

#[test]
fn a_version_that_comes_from_the_tag_needs_no_suffix() {
    let setting = Setting::tiny();
    let pyproject = "[build-system]\nrequires = [\"setuptools-scm\"]\nbuild-backend = \"setuptools.build_meta\"\n\n[project]\nname = \"tiny\"\ndynamic = [\"version\"]\n\n[tool.setuptools_scm]\n";
    fs_err::write(setting.project().join("pyproject.toml"), pyproject).unwrap();
    git(&setting.project(), ["commit", "-aqm", "Take the version from the tag"]);
    git(&setting.project(), ["tag", "v1.0.1"]);
    git(&setting.project(), ["push", "--quiet", "--tags", "origin", "main"]);
    let refused = setting.shiponce(["release", "--yes", "--version-suffix", ".post1"]).expect(2);
    assert!(
        refused.stderr.contains(
            "no place of the project states its version, so there is none that a suffix could follow"
        ),
        "{}",
        refused.stderr
    );
    assert_eq!(setting.world().writes(Index::TestPypi), 0);
}
