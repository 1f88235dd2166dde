//! `check dist`: every finding of every file, where it is and what to do; no network, no Python, no account.

use crate::harness::{Setting, sdist, wheel, wheel_saying};
use insta::assert_snapshot;
use shiponce_rehearsal::Index;
use std::path::Path;

/// Two files with problems, one that is no wheel at all, and a sound one.
fn broken(folder: &Path) {
    let headers =
        "Classifier: Programming Language :: Python :: 3\nClassifier: Nope :: Nope\nRequires-Dist: foo bar\n";
    wheel_saying(folder, ("demo", "1.0", "cp311-cp311-linux_x86_64"), "one", headers);
    sdist(folder, "demo", "1.0", "one");
    fs_err::write(folder.join("demo-1.0-py2-none-any.whl"), "hello").unwrap();
}

#[test]
fn every_finding_of_every_file_with_its_place() {
    let setting = Setting::new();
    broken(&setting.project().join("dist"));
    let run = setting.shiponce(["check", "dist", "dist"]).expect(1);
    assert_snapshot!(setting.tidy(&run.stdout), @r#"
    dist: fail
      error: demo-1.0-cp311-cp311-linux_x86_64.whl: PyPI does not take the platform tag `linux_x86_64`
        do: repair Linux wheels with auditwheel and macOS wheels with delocate; both set the tag they can vouch for
      error: demo-1.0-cp311-cp311-linux_x86_64.whl: Classifier: `Nope :: Nope` is not a classifier of trove-classifiers 2026.9.21.13
        at demo-1.0.dist-info/METADATA:6
          | Classifier: Nope :: Nope
          |             ^^^^^^^^^^^^
        do: take the classifier from the index's list, or remove it
      error: demo-1.0-cp311-cp311-linux_x86_64.whl: Requires-Dist: `foo bar` is no dependency: `bar` has no operator such as `>=` or `==`
        at demo-1.0.dist-info/METADATA:7
          | Requires-Dist: foo bar
          |                ^^^^^^^
        do: write the dependency as `name[extra]>=1.0; python_version < "3.12"`
      error: demo-1.0-py2-none-any.whl: `demo-1.0-py2-none-any.whl` is not a sound zip file: not a zip file: it has no end-of-central-directory record
        do: build the file again with a current build backend
      warning: demo-1.0.tar.gz: Classifier: `Classifier` differs from that of `demo-1.0-cp311-cp311-linux_x86_64.whl`
        do: build all files from one commit; the index shows the metadata of the first file only
    "#);
    // Folders, patterns and the default mean the same files.
    for args in
        [&["check", "dist"][..], &["check", "dist", "dist/*"], &["check", "dist", "d?st/demo*", "dist"]]
    {
        assert_eq!(setting.shiponce(args).expect(1).stdout, run.stdout, "{args:?}");
    }
    assert!(setting.world().log().is_empty());
}

#[test]
fn annotations_and_sarif_name_the_rule() {
    let setting = Setting::new();
    broken(&setting.project().join("dist"));
    let run =
        setting.shiponce(["check", "dist", "dist/*.tar.gz", "--format", "github", "--strict"]).expect(0);
    assert_eq!(run.stdout, "");
    let run = setting.shiponce(["check", "dist", "dist/*linux*", "--format", "sarif"]).expect(1);
    let log: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let rule = rules.iter().find(|rule| rule["id"] == "dist/platform-tag").unwrap();
    assert_eq!(rule["shortDescription"]["text"], "every platform tag is on the list of the index");
    assert!(rule["help"]["text"].as_str().unwrap().contains("auditwheel"));
}

/// Only what is refused fails, and a private index takes what PyPI refuses.
#[test]
fn warnings_fail_when_asked_and_a_private_index_has_fewer_rules() {
    let setting = Setting::new();
    let dist = setting.project().join("dist");
    wheel_saying(&dist, ("demo", "1.0", "py3-none-any"), "one", "Nonsense: x\n");
    setting.shiponce(["check", "dist"]).expect(0);
    setting.shiponce(["check", "dist", "--strict"]).expect(1);
    fs_err::remove_dir_all(&dist).unwrap();
    wheel(&dist, "demo", "1.0+local", "cp311-cp311-linux_x86_64", "one");
    setting.shiponce(["check", "dist"]).expect(1);
    let config = "[index.company]\nrole = \"production\"\nupload = \"http://127.0.0.1:9/\"\nsimple = \"http://127.0.0.1:9/\"\nrules = \"permissive\"\n";
    fs_err::write(setting.path("shiponce.toml"), config).unwrap();
    setting.shiponce(["check", "dist"]).expect(0);
}

/// What the check finds in any file stops the release before the first byte, and all of it is told at once.
#[test]
fn a_release_lists_every_problem_of_every_file_and_sends_nothing() {
    let setting = Setting::new();
    broken(&setting.project().join("dist"));
    let run = setting.shiponce(["publish", "--yes"]).expect(1);
    for said in
        ["not a zip file", "platform-tag", "`Nope :: Nope` is not a classifier", "`foo bar` is no dependency"]
    {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    for index in Index::ALL {
        assert_eq!(setting.stores(index), 0);
    }
}

#[test]
fn a_rule_is_explained() {
    let setting = Setting::new();
    let run = setting.shiponce(["explain", "platform-tag"]).expect(0);
    assert_snapshot!(run.stdout, @r#"
    # platform-tag

    every platform tag is on the list of the index

    PyPI takes a fixed list of platform tags: `any`, Windows, `manylinux*` and `musllinux_*` for known architectures,
    `linux_armv6l` and `linux_armv7l`, `macosx_10_*` and macOS 11 to 15 and 26 with the minor 0, iOS, Android, and
    `pyemscripten_*_wasm32`. `linux_x86_64` says nothing about which Linux, so it is refused; repairing the wheel with
    auditwheel finds the tag that is true. Renaming the file does not make it true.

    The file must not be released. It holds for PyPI, and not where an index has `rules = "permissive"`.

    Source: the upload view: `… has an unsupported platform tag …`

    What to do: repair Linux wheels with auditwheel and macOS wheels with delocate; both set the tag they can vouch for
    "#);
    assert!(setting.shiponce(["explain"]).expect(0).stdout.contains("platform-tag"));
    setting.shiponce(["explain", "no-such-rule"]).expect(2);
}
