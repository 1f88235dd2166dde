//! The comparison itself.

use super::world::{File, Project, told};
use insta::assert_snapshot;
use shiponce_core::Version;
use shiponce_gates::version::{Built, IndexState, Published, Question, validate_version_sync};

const PYPROJECT: File = ("pyproject.toml", "[project]\nname = \"demo\"\nversion = \"1.0.0\"\n");
const DYNAMIC: File = ("pyproject.toml", "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n");

fn version(text: &str) -> Version {
    text.parse().unwrap()
}

#[test]
fn all_agree() {
    assert_snapshot!(told(&Project::new(&[PYPROJECT]).verdict(Some("v1.0.0"))), @"Pass synchronized=true git=1.0.0 package=1.0.0 conflict=None action=None: nothing to do");
    assert_snapshot!(told(&Project::new(&[PYPROJECT]).verdict(None)), @"Pass synchronized=true git=- package=1.0.0 conflict=None action=None: nothing to do");
}

/// Two spellings of one version are one version to the index.
#[test]
fn equality_is_that_of_pep_440() {
    for (stated, tag) in [
        ("1.0", "v1.0.0"),
        ("1.0rc1", "v1.0-rc1"),
        ("1.0RC1", "v1.0.rc.1"),
        ("1.0.post1", "v1.0-1"),
        ("2024.01.05", "v2024.1.5"),
        ("v1.0", "v1.0"),
        ("1!1.0", "v1!1"),
        ("1.0+Ab.1", "v1.0+ab-1"),
    ] {
        let text =
            Box::leak(format!("[project]\nname = \"demo\"\nversion = \"{stated}\"\n").into_boxed_str());
        let verdict = Project::new(&[("pyproject.toml", text)]).verdict(Some(tag));
        let validation = verdict.row.validation.as_ref().unwrap();
        assert!(validation.is_synchronized && validation.error_message.is_none(), "{}", told(&verdict));
        assert_eq!(validation.package_version.as_deref(), Some(stated));
    }
    for (stated, tag) in [("1.0", "v100"), ("1.0", "v1.0.post1"), ("1.0", "v1.0rc1"), ("1.0", "v1!1.0")] {
        let text =
            Box::leak(format!("[project]\nname = \"demo\"\nversion = \"{stated}\"\n").into_boxed_str());
        let verdict = Project::new(&[("pyproject.toml", text)]).verdict(Some(tag));
        assert!(!verdict.row.validation.as_ref().unwrap().is_synchronized, "{}", told(&verdict));
    }
}

#[test]
fn the_tag_names_another_version() {
    assert_snapshot!(told(&Project::new(&[PYPROJECT]).verdict(Some("v1.1.0"))), @"
    Fail synchronized=false git=1.1.0 package=1.0.0 conflict=None action=FixTag: a tag is never moved: set the version to 1.1.1 or later, commit, and tag that commit
    error[tag-mismatch] the tag v1.1.0 says 1.1.0, pyproject.toml:3 says 1.0.0 -> a tag is never moved: use the next version
    ");
}

#[test]
fn places_disagree() {
    let project = Project::new(&[
        PYPROJECT,
        ("demo/__init__.py", "__version__ = '0.9'\n"),
        ("CITATION.cff", "version: soon\n"),
        ("setup.cfg", "[metadata]\nversion = one\n"),
    ]);
    assert_snapshot!(told(&project.verdict(Some("v1.0.0"))), @"
    Fail synchronized=false git=1.0.0 package=1.0.0 conflict=None action=SynchronizeVersions: make the places that state the version equal, and commit
    error[not-a-version] setup.cfg:2 says `one`, which is not a PEP 440 version -> set it to 1.0.0
    error[version-mismatch] demo/__init__.py:1 says 0.9, pyproject.toml:3 says 1.0.0 -> set it to 1.0.0
    warning[not-a-version] CITATION.cff:1 says `soon`, which is not a PEP 440 version -> set it to 1.0.0
    ");
}

#[test]
fn what_only_the_build_knows_is_no_pass_until_it_is_built() {
    let project = Project::new(&[DYNAMIC, ("CITATION.cff", "version: 1.0\n")]);
    assert_snapshot!(told(&project.verdict(Some("v1.0"))), @"
    Unknown synchronized=false git=1.0 package=- conflict=None action=BuildFirst: build, and check the files: --dist-dir DIR
    note[known-after-build] pyproject.toml:3: not readable here: known after build (setuptools computes it)
    ");
    assert_snapshot!(told(&project.verdict(Some("v2.0"))), @"
    Fail synchronized=false git=2.0 package=- conflict=None action=FixTag: a tag is never moved: set the version to 2.0.1 or later, commit, and tag that commit
    error[tag-mismatch] the tag v2.0 says 2.0, CITATION.cff:1 says 1.0 -> a tag is never moved: use the next version
    note[known-after-build] pyproject.toml:3: not readable here: known after build (setuptools computes it)
    ");
    let built = |text: &str| Built { file: format!("demo-{text}-py3-none-any.whl"), version: version(text) };
    let locations = project.locations("", None);
    let one = version("1.0");
    let ask = |built: &[Built]| {
        let question =
            Question { tag: Some(("v1.0", &one)), locations: &locations, built, published: Some(&[]) };
        told(&validate_version_sync(&question))
    };
    assert_snapshot!(ask(&[built("1.0.0")]), @"Pass synchronized=true git=1.0 package=1.0.0 conflict=None action=None: nothing to do");
    assert_snapshot!(ask(&[built("1.1"), built("1.2")]), @"
    Fail synchronized=false git=1.0 package=1.1 conflict=None action=SynchronizeVersions: make the places that state the version equal, and commit
    error[version-mismatch] CITATION.cff:1 says 1.0, demo-1.1-py3-none-any.whl says 1.1 -> set it to 1.1
    error[version-mismatch] demo-1.2-py3-none-any.whl is version 1.2, demo-1.1-py3-none-any.whl is 1.1
    error[tag-mismatch] the tag v1.0 says 1.0, demo-1.1-py3-none-any.whl says 1.1 -> a tag is never moved: use the next version
    ");
}

#[test]
fn the_tag_is_the_version() {
    let project = Project::new(&[
        ("pyproject.toml", "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[tool.setuptools_scm]\n"),
        ("CITATION.cff", "version: 1.0\n"),
    ]);
    assert_snapshot!(told(&project.verdict(Some("v1.0"))), @"Pass synchronized=true git=1.0 package=1.0 conflict=None action=None: nothing to do");
    assert_snapshot!(told(&project.verdict(Some("v1.1"))), @"
    Fail synchronized=false git=1.1 package=1.1 conflict=None action=SynchronizeVersions: make the places that state the version equal, and commit
    error[version-mismatch] CITATION.cff:1 says 1.0, the tag v1.1 says 1.1 -> set it to 1.1
    ");
    assert_snapshot!(told(&project.verdict(None)), @"
    Unknown synchronized=false git=- package=- conflict=None action=BuildFirst: build, and check the files: --dist-dir DIR
    note[known-after-build] pyproject.toml:4: the version is the tag's, and there is no tag
    ");
}

#[test]
fn what_the_indexes_have() {
    let locations = Project::new(&[PYPROJECT]).locations("", None);
    let ask = |published: Option<&[Published]>| {
        told(&validate_version_sync(&Question { tag: None, locations: &locations, built: &[], published }))
    };
    let index = |state| Published { index: "PyPI".to_owned(), state };
    let next = version("1.0.1");
    assert_snapshot!(ask(None), @"
    Pass synchronized=true git=- package=1.0.0 conflict=None action=None: nothing to do
    note[index-not-asked] no index was asked whether the version is free
    ");
    assert_snapshot!(ask(Some(&[index(IndexState::Free)])), @"Pass synchronized=true git=- package=1.0.0 conflict=Some(false) action=None: nothing to do");
    assert_snapshot!(ask(Some(&[index(IndexState::SameContent { files: 2 })])), @"Pass synchronized=true git=- package=1.0.0 conflict=Some(false) action=None: nothing to do");
    assert_snapshot!(ask(Some(&[index(IndexState::OtherContent { files: 2, next: next.clone() })])), @"
    Fail synchronized=true git=- package=1.0.0 conflict=Some(true) action=UseNextVersion: release 1.0.1: what is on PyPI cannot be replaced
    error[version-taken] 1.0.0 is on PyPI with other content (2 files) -> the next free version is 1.0.1
    ");
    assert_snapshot!(ask(Some(&[index(IndexState::Published { files: 2, next })])), @"
    Pass synchronized=true git=- package=1.0.0 conflict=None action=UseNextVersion: if this is not the commit that was released, use 1.0.1, which is free
    warning[version-published] 1.0.0 is on PyPI already (2 files); the build shows whether the content is the same -> the next free version is 1.0.1
    ");
    assert_snapshot!(ask(Some(&[index(IndexState::Unobserved { why: "answered 503".to_owned() })])), @"
    Unknown synchronized=true git=- package=1.0.0 conflict=None action=LookAgain: check again when the index answers, or with --offline
    note[index-unobserved] PyPI could not be read: answered 503
    ");
}

#[test]
fn nothing_states_a_version() {
    assert_snapshot!(told(&Project::new(&[("x.txt", "")]).verdict(None)), @"
    Unknown synchronized=false git=- package=- conflict=None action=BuildFirst: build, and check the files: --dist-dir DIR
    note[known-after-build] no file states the version: known after build
    ");
}
