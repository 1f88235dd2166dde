//! Started by a release, by hand or on one's own machine: the same version, the same commit, the same plan.

use super::project;
use crate::harness::{Setting, git};
use serde_json::Value;
use shiponce_rehearsal::{Index, TokenSpec};
use std::path::{Path, PathBuf};

const TAG: &str = "v1.0.0";

/// What the runner tells a job, by the event that started it.
const EVENTS: [(&str, &str, &str); 3] = [
    ("release", "refs/tags/v1.0.0", "tag"),
    ("workflow_dispatch", "refs/heads/main", "branch"),
    ("push", "refs/tags/v1.0.0", "tag"),
];

/// Sets what a job of this event sees.
fn job(setting: &mut Setting, (event, reference, kind): (&str, &str, &str)) {
    for (name, value) in [
        ("GITHUB_EVENT_NAME", event),
        ("GITHUB_REF", reference),
        ("GITHUB_REF_TYPE", kind),
        ("GITHUB_REF_NAME", reference.rsplit('/').next().unwrap()),
        // The commit the event is about; what is released is what is checked out.
        ("GITHUB_SHA", "0123456789abcdef0123456789abcdef01234567"),
    ] {
        setting.set(name, value);
    }
}

/// A clone as a job gets it: one commit, and `what` of the references.
fn checkout(setting: &Setting, folder: &Path, what: &[&str]) {
    fs_err::create_dir_all(folder).unwrap();
    git(folder, ["init", "--quiet", "--initial-branch", "main"]);
    let remote = setting.path("project.remote.git");
    git(folder, ["remote", "add", "origin", &format!("file://{}", remote.display())]);
    git(folder, [&["fetch", "--quiet", "--no-tags", "--depth", "1", "origin"], what].concat());
}

/// What `actions/checkout` leaves of a tag, or of a branch with its tags.
fn clone_of(setting: &Setting, number: usize, kind: &str) -> PathBuf {
    let clone = setting.path(&format!("clone-{number}"));
    let tag = format!("+refs/tags/{TAG}:refs/tags/{TAG}");
    if kind == "tag" {
        checkout(setting, &clone, &[&tag]);
        git(&clone, ["checkout", "--quiet", "--detach", TAG]);
    } else {
        checkout(setting, &clone, &["+refs/heads/main:refs/remotes/origin/main", &tag]);
        git(&clone, ["checkout", "--quiet", "main"]);
    }
    clone
}

/// What a plan says of the release, wherever it was made.
fn plan(setting: &Setting, folder: &Path) -> Value {
    let mut document = setting.shiponce(["plan", "--json", folder.to_str().unwrap()]).expect(0).json();
    document.as_object_mut().unwrap().retain(|name, _| {
        ["project", "version", "commit", "tag", "is_tagged", "files", "outcome"].contains(&name.as_str())
    });
    document
}

#[test]
fn one_version_whatever_started_the_run() {
    let mut setting = Setting::tiny();
    let here = plan(&setting, &setting.project());
    assert_eq!((&here["version"], &here["tag"]), (&"1.0.0".into(), &"v1.0.0".into()));
    for (number, event) in EVENTS.into_iter().enumerate() {
        job(&mut setting, event);
        assert_eq!(plan(&setting, &setting.project()), here, "{event:?}");
        let clone = clone_of(&setting, number, event.2);
        assert_eq!(plan(&setting, &clone), here, "{event:?}");
    }
}

/// A manual run on a branch that has moved on would release another commit: it is told so, and publishes nothing.
#[test]
fn a_manual_run_beyond_the_tag_is_stopped() {
    let mut setting = Setting::tiny();
    fs_err::write(setting.project().join("later.txt"), "later").unwrap();
    git(&setting.project(), ["add", "--all"]);
    git(&setting.project(), ["commit", "--quiet", "--message", "Later"]);
    git(&setting.project(), ["push", "--quiet", "origin", "main"]);
    job(&mut setting, EVENTS[1]);
    let run = setting.shiponce(["release", "--yes"]).expect(1);
    assert!(run.stderr.contains("error[head-not-tag]"), "{}", run.stderr);
    assert!(setting.world().log().is_empty(), "{:#?}", setting.world().log());
}

/// One job without any credential builds, the next one publishes what it was given. A release and a manual run make the
/// same files; the later one finds them published.
#[test]
fn the_same_files_whatever_started_the_run() {
    let mut setting = project::demo(TAG, &[]);
    let pyproject = fs_err::read_to_string(setting.project().join("pyproject.toml")).unwrap();
    fs_err::write(setting.project().join("pyproject.toml"), pyproject.replace("0.6.3", "1.0.0")).unwrap();
    git(&setting.project(), ["commit", "--quiet", "--all", "--message", "The version"]);
    git(&setting.project(), ["tag", "--force", TAG]);
    git(&setting.project(), ["push", "--quiet", "--force", "origin", "main", TAG]);
    setting.set("GITHUB_ACTIONS", "true");
    setting.set("CI", "true");
    for (number, event) in EVENTS.into_iter().enumerate() {
        job(&mut setting, event);
        let clone = clone_of(&setting, number, event.2);
        for name in ["REHEARSAL_PROD_TOKEN", "REHEARSAL_TEST_TOKEN", "REHEARSAL_GITHUB_TOKEN"] {
            setting.unset(name);
        }
        setting.shiponce(["build", clone.to_str().unwrap()]).expect(0);

        for (name, index) in
            [("REHEARSAL_PROD_TOKEN", Index::Pypi), ("REHEARSAL_TEST_TOKEN", Index::TestPypi)]
        {
            let token = setting.world().token(index, &TokenSpec::user("alice"));
            setting.set(name, token);
        }
        let wheel = clone.join("dist/demo-1.0.0-py3-none-any.whl");
        let run = setting.shiponce(["publish", "--yes", "--json", wheel.to_str().unwrap()]).expect(0);
        let expected = if number == 0 { "released" } else { "nothing-to-do" };
        assert_eq!(run.json()["outcome"], expected, "{event:?}: {}", run.stderr);
    }
    assert_eq!([setting.stores(Index::TestPypi), setting.stores(Index::Pypi)], [1, 1]);
}
