//! What only shows when several files are seen together.

use super::world::{Pypi, form};
use crate::build::{Sdist, Wheel};
use shiponce_dist::{Distribution, OpenOptions, Ruleset, check_set, examine};
use std::path::{Path, PathBuf};

/// The answers to the files one after the other, and the rules that they break together.
fn together(paths: &[PathBuf]) -> (Vec<String>, Vec<&'static str>) {
    let pypi = Pypi::new();
    let upload = |path: &PathBuf| {
        let examined = examine(path, OpenOptions::default(), Ruleset::Pypi).unwrap();
        let content = fs_err::read(path).unwrap();
        let (status, message) = pypi.upload(
            &form(&examined, path, &content),
            path.file_name().unwrap().to_str().unwrap(),
            &content,
        );
        let message = message.split(" (").next().unwrap_or_default().to_owned();
        format!("{status} {message}").trim().to_owned()
    };
    let answers = paths.iter().map(upload).collect();
    let files: Vec<Distribution> = paths.iter().map(|path| Distribution::open(path).unwrap()).collect();
    (answers, check_set(&files).into_iter().map(|finding| finding.rule).collect())
}

fn copy(folder: &Path, path: &Path, name: &str) -> PathBuf {
    let copy = folder.join(name);
    fs_err::copy(path, &copy).unwrap();
    copy
}

#[test]
fn a_second_sdist_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let first = Sdist::demo().write(folder.path());
    let second = Sdist::named("demo-1.0.zip").write(folder.path());
    let (answers, rules) = together(&[first, second]);
    assert_eq!(answers, ["200", "400 Only one sdist may be uploaded per release."]);
    assert_eq!(rules, ["set-sdist"]);
}

#[test]
fn the_same_bytes_under_another_name_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let first = Wheel::demo().write(folder.path());
    let second = copy(folder.path(), &first, "demo-1.0-py2.py3-none-any.whl");
    let (answers, rules) = together(&[first, second]);
    assert_eq!(answers, ["200", "400 File already exists"]);
    assert_eq!(rules, ["set-bytes"]);
}
