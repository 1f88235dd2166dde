//! Rules about all files of a release.

use crate::build::{Sdist, Wheel};
use shiponce_dist::{Distribution, check_set};
use std::path::PathBuf;

fn findings(make: impl Fn(&std::path::Path) -> Vec<PathBuf>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<_> = make(folder.path()).iter().map(|path| Distribution::open(path).unwrap()).collect();
    let shown: Vec<String> = check_set(&files)
        .into_iter()
        .map(|finding| format!("{:?} {finding}", finding.severity))
        .map(|line| line.replace(&folder.path().display().to_string(), "FOLDER"))
        .collect();
    shown.join("\n")
}

fn wheel(filename: &str) -> Wheel {
    let tag = filename.trim_end_matches(".whl").splitn(3, '-').nth(2).unwrap();
    Wheel::named(filename).file("demo/tag.txt", tag)
}

#[test]
fn one_release_has_no_findings() {
    let found = findings(|folder| {
        vec![
            Sdist::demo().write(folder),
            wheel("demo-1.0-py3-none-any.whl").write(folder),
            wheel("demo-1.0-cp311-cp311-win_amd64.whl").write(folder),
            wheel("demo-1.0-1-py3-none-any.whl").write(folder),
        ]
    });
    assert_eq!(found, "");
    assert_eq!(findings(|_| Vec::new()), "");
}

#[test]
fn the_odd_file_is_named() {
    let found = findings(|folder| {
        vec![
            wheel("aardvark-1.0-py3-none-any.whl").write(folder),
            wheel("demo-0.9-py3-none-any.whl").write(folder),
            wheel("demo-1.0-py3-none-any.whl").write(folder),
            Sdist::named("demo-1.0.0.tar.gz").write(folder),
        ]
    });
    insta::assert_snapshot!(found, @r#"
    Rejected aardvark-1.0-py3-none-any.whl: it is of the project `aardvark`, the release is of `demo` [set-project]
    Rejected demo-0.9-py3-none-any.whl: it is version 0.9, the release is 1.0 [set-version]
    "#);
}

#[test]
fn a_second_sdist_the_same_bytes_and_the_same_name_are_found() {
    let found = findings(|folder| {
        let original = Wheel::demo().write(folder);
        let copy = folder.join("demo-1.0-py2.py3-none-any.whl");
        fs_err::copy(&original, &copy).unwrap();
        let other = folder.join("other");
        fs_err::create_dir(&other).unwrap();
        vec![
            copy,
            Wheel::demo().write(&other),
            original,
            Sdist::demo().write(folder),
            Sdist::named("demo-1.0.zip").write(folder),
        ]
    });
    insta::assert_snapshot!(found, @r#"
    Rejected demo-1.0-py3-none-any.whl: it has the same bytes as `demo-1.0-py2.py3-none-any.whl`, and PyPI stores bytes only once [set-bytes]
    Rejected demo-1.0-py3-none-any.whl: two files have this name: FOLDER/other/demo-1.0-py3-none-any.whl and FOLDER/demo-1.0-py3-none-any.whl [set-name]
    Rejected demo-1.0.zip: a release has one sdist, and there is `demo-1.0.tar.gz` [set-sdist]
    "#);
}

#[test]
fn metadata_of_the_release_must_agree() {
    let found = findings(|folder| {
        let dynamic = "Metadata-Version: 2.4\nName: demo\nVersion: 1.0\nDynamic: Requires-Python\n\
                       Requires-Python: >=3.9\nSummary: Another\n\nOther text\n";
        vec![
            wheel("demo-1.0-py3-none-any.whl").header("Requires-Python: >=3.8").write(folder),
            wheel("demo-1.0-py2-none-any.whl")
                .header("Requires-Python: >=3.8")
                .header("License: X")
                .write(folder),
            Sdist::demo().pkg_info(dynamic).write(folder),
        ]
    });
    insta::assert_snapshot!(found, @r#"
    Warned demo-1.0-py3-none-any.whl: License: `License` differs from that of `demo-1.0-py2-none-any.whl` [set-metadata]
    Warned demo-1.0.tar.gz: Summary: `Summary` differs from that of `demo-1.0-py2-none-any.whl` [set-metadata]
    Warned demo-1.0.tar.gz: Description-Content-Type: `Description-Content-Type` differs from that of `demo-1.0-py2-none-any.whl` [set-metadata]
    Warned demo-1.0.tar.gz: License: `License` differs from that of `demo-1.0-py2-none-any.whl` [set-metadata]
    Warned demo-1.0.tar.gz: Description: `Description` differs from that of `demo-1.0-py2-none-any.whl` [set-metadata]
    "#);
}
