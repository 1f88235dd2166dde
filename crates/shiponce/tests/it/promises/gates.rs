//! A release that is not fit is stopped before any index hears a write, wherever the fault is.

use super::nothing_sent;
use crate::harness::{Run, Setting, git, wheel};
use shiponce_rehearsal::Index;

const RELEASE: [&str; 3] = ["release", "--yes", "--json"];

/// Commits a file, and puts a tag on the new commit, here and on the remote.
fn commit(setting: &Setting, path: &str, text: &str, tag: &str) {
    let file = setting.project().join(path);
    fs_err::create_dir_all(file.parent().unwrap()).unwrap();
    fs_err::write(file, text).unwrap();
    git(&setting.project(), ["add", "--all"]);
    git(&setting.project(), ["commit", "--quiet", "--message", "Change"]);
    git(&setting.project(), ["tag", "--force", tag]);
    git(&setting.project(), ["push", "--quiet", "--force", "origin", "main", tag]);
}

fn pyproject(version: &str) -> String {
    format!("[project]\nname = \"tiny\"\nversion = \"{version}\"\nrequires-python = \">=3.9\"\n")
}

/// Ends with 1, says which step it was, and no index has heard of an upload.
#[track_caller]
fn stopped(setting: &Setting, args: &[&str], code: &str, step: &str) -> Run {
    let run = setting.shiponce(args).expect(1);
    nothing_sent(setting);
    let document = run.json();
    assert_eq!(document["error"]["code"], code, "{}", run.stderr);
    let steps = document["steps"].as_array().unwrap();
    let failed: Vec<_> = steps.iter().filter(|step| step["status"] == "failed").collect();
    let names: Vec<_> = failed.iter().filter_map(|step| step["name"].as_str()).collect();
    assert_eq!(names, [step], "{document:#}");
    run
}

#[test]
fn a_build_that_fails_is_named() {
    let setting = Setting::tiny();
    setting.write_config("[build]\ncommand = [\"sh\", \"-c\", \"echo the compiler is unhappy; exit 3\"]\n");
    let run = stopped(&setting, &RELEASE, "build-failed", "build");
    assert!(run.stderr.contains("the compiler is unhappy"), "{}", run.stderr);
}

/// The same release, wrong in one place after the other.
#[test]
fn every_gate_stops_before_any_write() {
    for (path, text, tag) in [
        ("notes.txt", "the tag is ahead", "v1.1.0"),
        ("tiny/__init__.py", "__version__ = \"0.9.0\"\n", "v1.0.0"),
        ("pyproject.toml", &*pyproject("1.0.1"), "v1.0.0"),
    ] {
        let setting = Setting::tiny();
        if tag != "v1.0.0" {
            git(&setting.project(), ["tag", "--delete", "v1.0.0"]);
            git(&setting.project(), ["push", "--quiet", "origin", "--delete", "v1.0.0"]);
        }
        commit(&setting, path, text, tag);
        let run = stopped(&setting, &RELEASE, "version-mismatch", "git");
        assert!(!run.stderr.contains("Building"), "{path}: {}", run.stderr);
    }
    let files = |name: &str, version: &str| {
        let setting = Setting::tiny();
        wheel(&setting.path("files"), name, version, "py3-none-any", "one");
        setting
    };
    let given = |setting: &Setting| setting.path("files").to_str().unwrap().to_owned();
    for (setting, code) in
        [(files("other", "1.0.0"), "foreign-wheel"), (files("tiny", "1.0.0.post1"), "foreign-wheel")]
    {
        let folder = given(&setting);
        stopped(&setting, &[&RELEASE[..], &["--skip-build", "--dist-dir", &folder]].concat(), code, "check");
    }
    let setting = files("tiny", "1.0.0");
    let folder = given(&setting);
    fs_err::write(setting.path("files/tiny-1.0.0-py3-none-any.whl"), "cut off").unwrap();
    let args = [&RELEASE[..], &["--skip-build", "--dist-dir", &folder]].concat();
    stopped(&setting, &args, "wheel-invalid", "check");
}

/// A tag that ran ahead of its version is blocked, and the mended commit is published beside the earlier release. No
/// index ever had to refuse a file.
#[test]
fn versions_in_step_never_meet_a_taken_name() {
    let setting = Setting::tiny();
    setting.write_config("[build]\ncommand = [\"sh\", \"-c\", \"cp files/*.whl $0\", \"{dist}\"]\n");
    let built = |version: &str| {
        let folder = setting.project().join("files");
        if folder.exists() {
            fs_err::remove_dir_all(&folder).unwrap();
        }
        wheel(&folder, "tiny", version, "py3-none-any", version);
    };
    built("1.0.0");
    commit(&setting, "notes.txt", "first", "v1.0.0");
    setting.shiponce(RELEASE).expect(0);
    let first = setting.files(Index::Pypi);

    commit(&setting, "notes.txt", "second, and the version was forgotten", "v1.0.1");
    let writes = Index::ALL.map(|index| setting.world().writes(index));
    git(&setting.project(), ["tag", "--delete", "v1.0.0"]);
    let run = setting.shiponce(RELEASE).expect(1);
    assert_eq!(run.json()["error"]["code"], "version-mismatch");
    assert_eq!(Index::ALL.map(|index| setting.world().writes(index)), writes);
    assert_eq!(setting.files(Index::Pypi), first);

    built("1.0.2");
    commit(&setting, "pyproject.toml", &pyproject("1.0.2"), "v1.0.2");
    setting.shiponce(RELEASE).expect(0);
    let both = setting.files(Index::Pypi);
    assert_eq!(
        both.keys().collect::<Vec<_>>(),
        ["tiny-1.0.0-py3-none-any.whl", "tiny-1.0.2-py3-none-any.whl"]
    );
    assert!(first.iter().all(|(name, digest)| both[name] == *digest));
    let refused: Vec<_> =
        setting.world().log().into_iter().filter(|entry| entry.is_write && !entry.changed).collect();
    assert!(refused.is_empty(), "{refused:#?}");
}
