//! `[gates] version-files`.

use super::world::{File, Project};
use insta::assert_snapshot;

const PYPROJECT: File = ("pyproject.toml", "[project]\nname = \"demo\"\nversion = \"1.0\"\n");

#[test]
fn every_kind_of_file() {
    let project = Project::new(&[
        PYPROJECT,
        ("VERSION", "1.0\n"),
        ("docs/conf.py", "project = 'demo'\nrelease = '1.0'\n"),
        ("web/package.json", "{\n \"version\": \"1.0.0\"\n}"),
        ("tool.toml", "[a.b]\nc = \"1.0\"\n"),
        ("app.cfg", "[bump.version]\ncurrent = 1.0\n"),
        ("chart.yaml", "name: demo\nappVersion: '1.0' # x\n"),
        (".env", "NAME=x\nVERSION=1.0\n"),
        ("lib.py", "__version__ = '1.0'\n"),
    ]);
    let list = r#"["VERSION", "docs/conf.py#release", "web/package.json#version", "tool.toml#a.b.c", "app.cfg#bump.version.current", "./chart.yaml#appVersion", ".env#VERSION", "lib.py"]"#;
    assert_snapshot!(project.places_with(list), @"
    pyproject.toml:3 | 1.0 | [project] version
    VERSION:1 | 1.0 | [gates] version-files
    docs/conf.py:2 | 1.0 | [gates] version-files
    web/package.json:2 | 1.0.0 | [gates] version-files
    tool.toml:2 | 1.0 | [gates] version-files
    app.cfg:2 | 1.0 | [gates] version-files
    chart.yaml:2 | 1.0 | [gates] version-files
    .env:2 | 1.0 | [gates] version-files
    lib.py:1 | 1.0 | [gates] version-files
    ");
}

#[test]
fn what_is_named_must_be_there() {
    let project =
        Project::new(&[PYPROJECT, ("empty", "\n"), ("a.json", "{"), ("b.toml", "c = 1\n"), ("d.py", "")]);
    let list = r#"["nowhere", "empty", "a.json#version", "b.toml#c", "d.py"]"#;
    assert_snapshot!(project.places_with(list), @"
    pyproject.toml:3 | 1.0 | [project] version
    nowhere | missing: there is no such file | [gates] version-files
    empty | missing: the file states no version | [gates] version-files
    a.json | missing: the file has no version that is a text | [gates] version-files
    b.toml | missing: the file has no c that is a text | [gates] version-files
    d.py | missing: the file states no version | [gates] version-files
    ");
}

#[test]
fn what_is_left_out_does_not_count_unless_the_build_uses_it() {
    let project = Project::new(&[
        PYPROJECT,
        ("demo/__init__.py", "__version__ = '0.9'\n"),
        ("CITATION.cff", "version: 0.9\n"),
    ]);
    assert_snapshot!(project.places_with(r#"["!CITATION.cff", "!demo/__init__.py", "!pyproject.toml"]"#), @"pyproject.toml:3 | 1.0 | [project] version");
}
