//! `shiponce tag`: created on a commit that passes, never moved.

use super::{BRANCH, ask, change, head, said, tagged, untagged};
use crate::harness::{Setting, git};
use insta::assert_snapshot;

#[track_caller]
fn refused(setting: &Setting, code: i32, args: &[&str]) -> String {
    let before = ask(setting, "project", &["for-each-ref", "refs/tags"]);
    let remote = ask(setting, "project.remote.git", &["for-each-ref"]);
    let run = setting.shiponce(args).expect(code);
    assert_eq!(ask(setting, "project", &["for-each-ref", "refs/tags"]), before);
    assert_eq!(ask(setting, "project.remote.git", &["for-each-ref"]), remote);
    said(setting, &run)
}

#[test]
fn a_tag_is_created_once_and_pushed_when_asked() {
    let setting = untagged();
    let dry = setting.shiponce(["tag", "1.0.0", "--push", "--dry-run", "--json"]).expect(0);
    assert_eq!(dry.json()["outcome"], "would-create");
    assert_eq!(tagged(&setting, "v1.0.0"), ["", ""]);

    let run = setting.shiponce(["tag", "1.0.0", "--json"]).expect(0);
    assert_eq!(run.json()["outcome"], "created");
    assert_eq!(tagged(&setting, "v1.0.0"), [head(&setting), String::new()]);
    assert_eq!(ask(&setting, "project", &["cat-file", "-t", "v1.0.0"]), "tag");

    let again = setting.shiponce(["tag", "1.0", "--json"]).expect(0);
    assert_eq!(again.json()["outcome"], "already-there");
    assert_eq!(again.json()["tag"], "v1.0.0", "another spelling of one version is no second tag");

    let pushed = setting.shiponce(["tag", "1.0.0", "--push", "--json"]).expect(0);
    assert_eq!(pushed.json()["outcome"], "already-there");
    assert_eq!(pushed.json()["remote"], "origin");
    assert_eq!(tagged(&setting, "v1.0.0"), [head(&setting), head(&setting)]);
    let done = setting.shiponce(["tag", "1.0.0", "--push"]).expect(0);
    assert_eq!(done.stdout, "v1.0.0\n");
    assert!(setting.world().log().is_empty());
}

#[test]
fn a_tag_on_another_commit_is_never_moved() {
    let setting = untagged();
    setting.shiponce(["tag", "1.0.0", "--push"]).expect(0);
    change(&setting, "x.txt", "x");
    assert_snapshot!(refused(&setting, 4, &["tag", "1.0.0"]), @"
    error[moved-tag]: the tag v1.0.0 in this repository is on 921570b2ac01, HEAD is [short]
    A tag is never moved and never deleted.
    hint: release the next version from this commit
    ");
    let other_spelling = refused(&setting, 4, &["tag", "1.0"]);
    assert!(other_spelling.contains("error[moved-tag]: the tag v1.0.0"), "{other_spelling}");
    // A fresh clone in CI has no tags; the remote has them.
    git(&setting.project(), ["tag", "--delete", "v1.0.0"]);
    assert_snapshot!(refused(&setting, 4, &["tag", "1.0.0", "--push"]), @"
    error[moved-tag]: the tag v1.0.0 on origin is on 921570b2ac01, HEAD is [short]
    A tag is never moved and never deleted.
    hint: release the next version from this commit
    ");
}

#[test]
fn the_tag_of_another_clone_on_this_commit_is_fine() {
    let setting = untagged();
    setting.shiponce(["tag", "1.0.0", "--push"]).expect(0);
    git(&setting.project(), ["tag", "--delete", "v1.0.0"]);
    let run = setting.shiponce(["tag", "1.0.0", "--push", "--json"]).expect(0);
    assert_eq!(run.json()["remote"], "origin");
    assert_eq!(tagged(&setting, "v1.0.0"), [head(&setting), head(&setting)]);
}

#[test]
fn another_version_than_the_files_say() {
    let setting = untagged();
    assert_snapshot!(refused(&setting, 1, &["tag", "1.1.0"]), @"
    error[version-mismatch]: the tag v1.1.0 says 1.1.0, pyproject.toml:3 says 1.0.0
      pyproject.toml:3 1.0.0 ([project] version)
    No tag was created.
    hint: set the version to 1.1.0 everywhere and commit, or tag another one
    ");
}

#[test]
fn a_version_that_only_the_build_knows() {
    let setting = untagged();
    let pyproject =
        "[project]\nname = \"tiny\"\ndynamic = [\"version\"]\n[build-system]\nbuild-backend = \"mesonpy\"\n";
    change(&setting, "pyproject.toml", pyproject);
    assert_snapshot!(refused(&setting, 1, &["tag", "1.1.0"]), @"
    [INFO] The version is known only after the build: building the commit to read it
    [INFO] Building with `python3` from a clean clone of [short]
    error[version-mismatch]: the tag v1.1.0 says 1.1.0, tiny-1.0.0-py3-none-any.whl says 1.0.0
      pyproject.toml:3 mesonpy computes it ([project] dynamic)
    No tag was created.
    hint: set the version to 1.1.0 everywhere and commit, or tag another one
    ");
    let run = setting.shiponce(["tag", "1.0.0", "--json"]).expect(0);
    assert_eq!(run.json()["outcome"], "created");
    assert_eq!(tagged(&setting, "v1.0.0"), [head(&setting), String::new()]);
    assert_snapshot!(said(&setting, &run), @"
    [INFO] The version is known only after the build: building the commit to read it
    [INFO] Building with `python3` from a clean clone of [short]
    [SUCCESS] Tag v1.0.0 on 4f75e85d30f4: created
    ");
}

#[test]
fn every_variant_has_its_tag() {
    let setting = untagged();
    let variants = "[variants.plain]\npackage = \"tiny\"\n[variants.fast]\npackage = \"tiny-fast\"\n";
    setting.write_config(&format!("{BRANCH}{}{variants}", crate::harness::project::TINY_CONFIG));
    git(&setting.project(), ["commit", "--quiet", "--all", "--allow-empty", "--message", "Variants"]);
    git(&setting.project(), ["push", "--quiet", "origin", "HEAD"]);
    let run = setting.shiponce(["tag", "1.0.0", "--variant", "fast"]).expect(0);
    assert_eq!(run.stdout, "v1.0.0-fast\n");
    let run = setting.shiponce(["tag", "1.0.0", "--json"]).expect(0);
    let tags = run.json()["tags"].clone();
    assert_eq!((&tags[0]["tag"], &tags[0]["outcome"]), (&"v1.0.0-plain".into(), &"created".into()));
    assert_eq!((&tags[1]["tag"], &tags[1]["outcome"]), (&"v1.0.0-fast".into(), &"already-there".into()));
    let check = setting.shiponce(["check", "version", "--offline", "--json"]).expect(0);
    assert_eq!(check.json()["gates"][0]["validation"]["git_version"], "1.0.0");
    setting.shiponce(["check", "version", "--offline", "--tag", "v1.0.0-fast"]).expect(0);
    setting.shiponce(["check", "version", "--offline", "--tag", "v1.0.0-slow"]).expect(2);
}

#[test]
fn a_dirty_tree() {
    let setting = untagged();
    fs_err::write(setting.project().join("new.txt"), "new").unwrap();
    assert_snapshot!(refused(&setting, 1, &["tag", "1.0.0"]), @"
    error[dirty-tree]: 1 files differ from commit [short], the first is new.txt
    No tag was created.
    hint: commit them, so that what is checked is the commit that is tagged
    ");
}

#[test]
fn a_commit_that_was_not_pushed() {
    let setting = untagged();
    git(&setting.project(), ["commit", "--quiet", "--allow-empty", "--message", "Later"]);
    assert_snapshot!(refused(&setting, 1, &["tag", "1.0.0", "--push"]), @"
    error[unpushed-commit]: commit [short] is not on main of origin yet
    No tag was created.
    hint: git push, and tag when the checks of that commit have passed
    ");
}

#[test]
fn a_commit_of_another_branch() {
    let setting = untagged();
    git(&setting.project(), ["switch", "--quiet", "--create", "feature"]);
    change(&setting, "x.txt", "x");
    assert_snapshot!(refused(&setting, 1, &["tag", "1.0.0"]), @"
    error[wrong-branch]: commit [short] is not on the release branch main of origin
    No tag was created.
    hint: merge it into main and tag there
    hint: in a shallow clone fetch the branch whole first: git fetch --unshallow origin main
    ");
    setting.write_config("[git]\nbranch = \"feature\"\n");
    setting.shiponce(["tag", "1.0.0"]).expect(0);
}

#[test]
fn a_detached_head_that_the_branch_contains() {
    let setting = untagged();
    change(&setting, "x.txt", "x");
    git(&setting.project(), ["checkout", "--quiet", "HEAD~1"]);
    setting.shiponce(["tag", "1.0.0", "--push"]).expect(0);
    assert_eq!(tagged(&setting, "v1.0.0"), [head(&setting), head(&setting)]);
    git(&setting.project(), ["commit", "--quiet", "--allow-empty", "--message", "Nowhere"]);
    git(&setting.project(), ["tag", "--delete", "v1.0.0"]);
    git(&setting.project(), ["push", "--quiet", "origin", "--delete", "v1.0.0"]);
    assert_snapshot!(refused(&setting, 1, &["tag", "1.0.0"]), @"
    error[wrong-branch]: commit [short] is not on the release branch main of origin
    No tag was created.
    hint: merge it into main and tag there
    hint: in a shallow clone fetch the branch whole first: git fetch --unshallow origin main
    ");
}

/// The checkout of a CI job knows no remote branch: the remote is asked.
#[test]
fn a_clone_without_remote_branches() {
    let setting = untagged();
    git(&setting.project(), ["update-ref", "-d", "refs/remotes/origin/main"]);
    setting.shiponce(["tag", "1.0.0"]).expect(0);
}

#[test]
fn the_release_branch_is_the_default_branch_of_the_remote() {
    let setting = untagged();
    setting.write_config("");
    git(&setting.path("project.remote.git"), ["symbolic-ref", "HEAD", "refs/heads/stable"]);
    assert_snapshot!(refused(&setting, 1, &["tag", "1.0.0"]), @r#"
    error[wrong-branch]: origin does not say which branch is its default
    No tag was created.
    hint: name the release branch: [git] branch = "main"
    "#);
    git(&setting.project(), ["push", "--quiet", "origin", "main:stable"]);
    setting.shiponce(["tag", "1.0.0"]).expect(0);
}

#[test]
fn no_remote_no_repository_no_identity() {
    let mut setting = untagged();
    for name in ["GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"] {
        setting.unset(name);
    }
    git(&setting.project(), ["config", "user.useConfigOnly", "true"]);
    let said = refused(&setting, 2, &["tag", "1.0.0"]);
    assert!(said.contains("git config user.name"), "{said}");
    fs_err::remove_dir_all(setting.path("project.remote.git")).unwrap();
    let said = super::said(&setting, &setting.shiponce(["tag", "1.0.0", "--push"]).expect(2));
    assert!(said.contains("git could not ask the remote for its tags"), "{said}");
    git(&setting.project(), ["remote", "remove", "origin"]);
    let said = super::said(&setting, &setting.shiponce(["tag", "1.0.0"]).expect(1));
    assert!(said.contains("error[unpushed-commit]"), "{said}");
    fs_err::remove_dir_all(setting.project().join(".git")).unwrap();
    let said = super::said(&setting, &setting.shiponce(["tag", "1.0.0"]).expect(2));
    assert!(said.contains("nothing to tag"), "{said}");
}

/// Two packages of one repository have tags of their own.
#[test]
fn a_package_of_a_monorepo() {
    let setting = untagged();
    change(&setting, "packages/a/pyproject.toml", "[project]\nname = \"A.Tool\"\nversion = \"2.0\"\n");
    setting.write_config_with_top(&format!("tag = \"{{package}}/v{{version}}\"\n{BRANCH}"));
    let run = setting.shiponce(["tag", "2.0", "packages/a", "--push"]).expect(0);
    assert_eq!(run.stdout, "a-tool/v2.0\n");
    assert_eq!(tagged(&setting, "a-tool/v2.0"), [head(&setting), head(&setting)]);
    let check = setting.shiponce(["check", "version", "packages/a", "--offline", "--json"]).expect(0);
    assert_eq!(check.json()["gates"][0]["validation"]["git_version"], "2.0");
    let other = setting.shiponce(["check", "version", "--offline", "--json"]).expect(0);
    assert!(other.json()["gates"][0]["validation"]["git_version"].is_null());
}
