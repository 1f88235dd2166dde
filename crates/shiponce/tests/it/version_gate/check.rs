//! `shiponce check`.

use super::{change, said, untagged};
use crate::harness::{Setting, wheel};
use insta::assert_snapshot;
use shiponce_rehearsal::Index;

#[test]
fn the_tag_on_head_the_named_tag_and_other_references() {
    let setting = Setting::tiny();
    let validation = |args: &[&str], code| {
        let mut all = vec!["check", "version", "--offline", "--json"];
        all.extend(args);
        setting.shiponce(all).expect(code).json()["gates"][0]["validation"].clone()
    };
    let here = validation(&[], 0);
    assert_eq!(here["git_version"], "1.0.0");
    assert_eq!(here["is_synchronized"], true);
    assert!(here["error_message"].is_null() && here["pypi_conflict"].is_null());
    assert_eq!(validation(&["--tag", "refs/tags/v1.0"], 0)["git_version"], "1.0");
    let other = validation(&["--tag", "v1.1.0"], 1);
    assert_eq!(other["is_synchronized"], false);
    assert_eq!(other["recommended_action"]["code"], "fix-tag");
    let branch = setting.shiponce(["check", "version", "--offline", "--tag", "refs/heads/main"]).expect(2);
    assert_snapshot!(said(&setting, &branch), @"
    error[usage]: `refs/heads/main` is no tag
    hint: a tag of this project reads v1.2.3
    ");
    assert!(setting.world().log().is_empty());
}

#[test]
fn text_and_annotations() {
    let setting = Setting::tiny();
    change(&setting, "tiny/__init__.py", "__version__ = \"0.9,1%\"\n");
    let run = setting.shiponce(["check", "version", "--offline", "--tag", "v1.1.0"]).expect(1);
    assert_snapshot!(run.stdout, @"
    version: fail
      pyproject.toml:3 says 1.0.0 ([project] version)
      tiny/__init__.py:1 says 0.9,1% (__version__)
      the tag says 1.1.0
      since v1.0.0: 1 commit; PATCH: 1.0.1
      error: the tag v1.1.0 says 1.1.0, pyproject.toml:3 says 1.0.0
      warning: tiny/__init__.py:1 says `0.9,1%`, which is not a PEP 440 version
      note: no index was asked whether the version is free
    do: a tag is never moved: set the version to 1.1.1 or later, commit, and tag that commit
    ");
    let run = setting.shiponce(["check", "version", "--offline", "--format", "github"]).expect(0);
    assert_snapshot!(run.stdout, @"
    ::warning file=tiny/__init__.py,line=1,title=not-a-version::tiny/__init__.py:1 says `0.9,1%25`, which is not a PEP 440 version (set it to 1.0.0)
    ::notice title=index-not-asked::no index was asked whether the version is free
    ");
}

/// The index is asked without a credential; what it has of the version decides.
#[test]
fn the_version_on_the_indexes() {
    let setting = Setting::tiny();
    let validation = |code| {
        let run = setting.shiponce(["check", "version", "--json"]).expect(code);
        run.json()["gates"][0]["validation"].clone()
    };
    assert_eq!(validation(0)["pypi_conflict"], false);
    assert!(setting.world().log().iter().all(|entry| !entry.is_write));

    setting.shiponce(["release", "--yes"]).expect(0);
    let same = validation(0);
    assert_eq!(same["pypi_conflict"], false, "the frozen release is what is there");
    assert_eq!(same["indexes"][0]["state"], "same-content");

    let dist = setting.path("other");
    wheel(&dist, "tiny", "1.0.0", "py3-none-any", "other bytes");
    let run =
        setting.shiponce(["check", "version", "--json", "--dist-dir", dist.to_str().unwrap()]).expect(1);
    let other = run.json()["gates"][0]["validation"].clone();
    assert_eq!(other["pypi_conflict"], true);
    assert_eq!(other["recommended_action"]["code"], "use-next-version");
    assert_eq!(other["indexes"][0]["next_free"], "1.0.1");
}

/// A machine that did not release it cannot tell whether the content is the same.
#[test]
fn a_version_that_somebody_else_published() {
    let mut setting = Setting::tiny();
    setting.shiponce(["release", "--yes"]).expect(0);
    setting.set("SHIPONCE_STATE_DIR", setting.path("elsewhere"));
    let run = setting.shiponce(["check", "version"]).expect(0);
    assert_snapshot!(run.stdout, @"
    version: pass
      pyproject.toml:3 says 1.0.0 ([project] version)
      the tag says 1.0.0
      warning: 1.0.0 is on testpypi already (1 file); the build shows whether the content is the same
      warning: 1.0.0 is on pypi already (1 file); the build shows whether the content is the same
    do: if this is not the commit that was released, use 1.0.1, which is free
    ");
    assert_eq!(setting.stores(Index::Pypi), 1);
}

#[test]
fn an_index_that_does_not_answer_is_no_pass() {
    let setting = Setting::new();
    setting.world().add_fault("prod.simple:*:503".parse().unwrap());
    crate::harness::project::tiny(&setting.project());
    let run = setting.shiponce(["check", "version", "--json"]).expect(5);
    let gate = &run.json()["gates"][0];
    assert_eq!(gate["status"], "unknown");
    assert!(gate["validation"]["pypi_conflict"].is_null());
    assert_eq!(gate["validation"]["recommended_action"]["code"], "look-again");
}

#[test]
fn what_only_the_build_knows_passes_with_the_built_files_only() {
    let setting = untagged();
    let pyproject =
        "[project]\nname = \"tiny\"\ndynamic = [\"version\"]\n[build-system]\nbuild-backend = \"mesonpy\"\n";
    change(&setting, "pyproject.toml", pyproject);
    let run = setting.shiponce(["check", "version", "--offline"]).expect(5);
    assert_snapshot!(run.stdout, @"
    version: unknown
      pyproject.toml:3 mesonpy computes it ([project] dynamic)
      note: no index was asked whether the version is free
      note: pyproject.toml:3: not readable here: known after build (mesonpy computes it)
    do: build, and check the files: --dist-dir DIR
    ");
    wheel(&setting.project().join("dist"), "tiny", "1.0.0", "py3-none-any", "one");
    let args = ["check", "version", "--offline", "--dist-dir", "dist", "--tag"];
    setting.shiponce(args.iter().copied().chain(["v1.0.0"])).expect(0);
    let run = setting.shiponce(args.iter().copied().chain(["v1.1.0"])).expect(1);
    assert_snapshot!(run.stdout, @"
    version: fail
      pyproject.toml:3 mesonpy computes it ([project] dynamic)
      the tag says 1.1.0
      error: the tag v1.1.0 says 1.1.0, tiny-1.0.0-py3-none-any.whl says 1.0.0
      note: no index was asked whether the version is free
    do: a tag is never moved: set the version to 1.1.1 or later, commit, and tag that commit
    ");
}

#[test]
fn all_gates_and_the_dist_gate_alone() {
    let setting = Setting::tiny();
    let gates = |args: &[&str], code| -> Vec<String> {
        let document = setting.shiponce(args).expect(code).json();
        let gates = document["gates"].as_array().unwrap().iter();
        gates.map(|gate| format!("{} {}", gate["gate"], gate["status"]).replace('"', "")).collect()
    };
    assert_eq!(gates(&["check", "--offline", "--json"], 0), ["version pass"]);
    let path = wheel(&setting.project().join("dist"), "tiny", "1.0.0", "py3-none-any", "one");
    assert_eq!(gates(&["check", "--offline", "--json"], 0), ["version pass", "dist pass"]);
    let local = wheel(&setting.path("local"), "tiny", "1.0.0+local", "py3-none-any", "one");
    let broken = setting.path("tiny-1.0.0-py3-none-any.whl");
    fs_err::write(&broken, "no zip").unwrap();
    assert_eq!(gates(&["check", "dist", "--json", path.to_str().unwrap()], 0), ["dist pass"]);
    for file in [local, broken] {
        assert_eq!(gates(&["check", "dist", "--json", file.to_str().unwrap()], 1), ["dist fail"]);
    }
    assert!(setting.world().log().is_empty());
}
