//! Checkouts that must not be released.

use super::{refused, refused_unheard};
use crate::harness::{Setting, git, wheel};
use insta::assert_snapshot;
use shiponce_rehearsal::Index;

const RELEASE: [&str; 2] = ["release", "--yes"];

#[test]
fn a_dirty_tree() {
    let setting = Setting::tiny();
    fs_err::write(setting.project().join("build.py"), "# changed").unwrap();
    fs_err::write(setting.project().join("new.py"), "# new").unwrap();
    assert_snapshot!(refused_unheard(&setting, 1, &RELEASE), @"
    error[dirty-tree]: changed since commit [short]: 2 files
      changed build.py
      changed new.py
    hint: commit or ignore them; --allow-dirty releases the tree as it is
    ");
}

#[test]
fn no_repository() {
    let setting = Setting::tiny();
    fs_err::remove_dir_all(setting.project().join(".git")).unwrap();
    assert_snapshot!(refused_unheard(&setting, 1, &RELEASE), @"
    error[dirty-tree]: the project is in no git commit, so a release could not be tied to its source
    hint: commit and tag it, or release it as it is with --allow-dirty
    ");
}

#[test]
fn a_commit_that_was_not_pushed() {
    let setting = Setting::tiny();
    git(&setting.project(), ["commit", "--quiet", "--allow-empty", "--message", "Later"]);
    git(&setting.project(), ["tag", "--force", "v1.0.0"]);
    assert_snapshot!(refused_unheard(&setting, 1, &RELEASE), @"
    error[unpushed-commit]: commit [short] is on no remote
    hint: git push, then press again
    ");
}

#[test]
fn head_is_not_the_tag() {
    let setting = Setting::tiny();
    git(&setting.project(), ["commit", "--quiet", "--allow-empty", "--message", "Later"]);
    git(&setting.project(), ["push", "--quiet"]);
    assert_snapshot!(refused_unheard(&setting, 1, &RELEASE), @"
    error[head-not-tag]: HEAD is [short], the tag v1.0.0 is on 921570b
    hint: git checkout v1.0.0, or release a new version from here
    ");
}

#[test]
fn there_is_no_tag() {
    let setting = Setting::tiny();
    git(&setting.project(), ["tag", "--delete", "v1.0.0"]);
    assert_snapshot!(refused_unheard(&setting, 1, &RELEASE), @"
    error[head-not-tag]: HEAD ( [short]) does not carry the tag v1.0.0
    hint: shiponce tag VERSION --push, or press again with --create-tag
    ");
}

#[test]
fn the_tag_is_of_another_version() {
    let setting = Setting::tiny();
    git(&setting.project(), ["tag", "v1.1.0"]);
    git(&setting.project(), ["tag", "--delete", "v1.0.0"]);
    assert_snapshot!(refused_unheard(&setting, 1, &RELEASE), @"
    error[version-mismatch]: the tag v1.1.0 says 1.1.0, pyproject.toml:3 says 1.0.0
      pyproject.toml:3 1.0.0 ([project] version)
    Nothing was built or uploaded by this run.
    hint: a tag is never moved: set the version to 1.1.1 or later, commit, and tag that commit
    ");
}

/// The release was frozen at one commit; the tag was moved to another one afterwards.
#[test]
fn a_moved_tag() {
    let setting = Setting::tiny();
    setting.shiponce(RELEASE).expect(0);
    git(&setting.project(), ["commit", "--quiet", "--allow-empty", "--message", "Later"]);
    git(&setting.project(), ["tag", "--force", "v1.0.0"]);
    git(&setting.project(), ["push", "--quiet", "--force", "origin", "main", "v1.0.0"]);
    assert_snapshot!(refused(&setting, 4, &RELEASE), @"
    error[moved-tag]: tiny 1.0.0 was frozen from another commit
      frozen [commit]
      here   [commit]
    Nothing was uploaded by this run.
    hint: check that commit out to finish the release, or release a new version from this one
    ");
}

/// Files of a version that nobody here released, beside which a rebuild would come to lie.
#[test]
fn published_from_who_knows_where() {
    let mut setting = Setting::tiny();
    setting.shiponce(RELEASE).expect(0);
    setting.set("SHIPONCE_STATE_DIR", setting.path("other-state"));
    let said = refused(&setting, 4, &RELEASE);
    assert!(!said.contains("Building"), "{said}");
    assert_snapshot!(said, @"
    error[unproven-source]: pypi holds 1 file of tiny 1.0.0, published from unproven source
      file tiny-1.0.0-py3-none-any.whl
      why  it has no provenance
      here commit [short]
    A rebuild would make other bytes beside them; nothing was built or uploaded.
    hint: resume with the original files: --skip-build --dist-dir DIR, or shiponce publish FILES
    hint: or release a new version
    ");
}

#[test]
fn files_that_publish_froze_are_not_the_release_of_a_commit() {
    let setting = Setting::tiny();
    wheel(&setting.path("elsewhere"), "tiny", "1.0.0", "py3-none-any", "BUILT = 'by somebody, somewhere'");
    let given = setting.path("elsewhere/tiny-1.0.0-py3-none-any.whl");
    setting.shiponce(["publish", "--index", "testpypi", "--yes", given.to_str().unwrap()]).expect(0);
    let said = refused(&setting, 4, &RELEASE);
    assert!(!said.contains("Building"), "{said}");
    assert!(setting.files(Index::Pypi).is_empty());
}
