//! Started by a release, by hand or on one's own machine: the same version, the same commit, the same plan.

use crate::harness::{Setting, git};
use serde_json::Value;
use std::path::Path;

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
        let clone = setting.path(&format!("clone-{number}"));
        if event.2 == "tag" {
            checkout(&setting, &clone, &["+refs/tags/v1.0.0:refs/tags/v1.0.0"]);
            git(&clone, ["checkout", "--quiet", "--detach", "v1.0.0"]);
        } else {
            let both = ["+refs/heads/main:refs/remotes/origin/main", "+refs/tags/v1.0.0:refs/tags/v1.0.0"];
            checkout(&setting, &clone, &both);
            git(&clone, ["checkout", "--quiet", "main"]);
        }
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
