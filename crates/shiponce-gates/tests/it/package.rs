//! Versions inside the package and beside it.

use super::world::{File, Project};
use insta::assert_snapshot;

const PYPROJECT: File = ("pyproject.toml", "[project]\nname = \"De.mo\"\nversion = \"1.0\"\n");

#[test]
fn every_place_beside_pyproject() {
    let project = Project::new(&[
        PYPROJECT,
        ("src/de_mo/__init__.py", "__version__ = '1.0'\n"),
        ("src/de_mo/_version.py", "version = '1.0.0'\n"),
        ("src/de_mo/__about__.py", "VERSION: str = '1.0'\n"),
        ("setup.py", "from setuptools import setup\nsetup(version='1.0')\n"),
        ("setup.cfg", "[metadata]\nversion = 1.0\n"),
        ("sonar-project.properties", "sonar.projectKey=x\nsonar.projectVersion=1.0\n"),
        ("CITATION.cff", "cff-version: 1.2.0\nversion: \"1.0\"\n"),
        // Nobody declares it: the page of a web site may have a version of its own.
        ("package.json", "{\"version\": \"7.0.0\"}"),
        ("Cargo.toml", "[package]\nversion = \"7.0.0\"\n"),
    ]);
    assert_snapshot!(project.places(), @"
    pyproject.toml:3 | 1.0 | [project] version
    setup.cfg:2 | 1.0 | [metadata] version
    setup.py:2 | 1.0 | setup(version=…)
    src/de_mo/__init__.py:1 | 1.0 | __version__
    src/de_mo/_version.py:1 | 1.0.0 | version
    src/de_mo/__about__.py:1 | 1.0 | VERSION
    sonar-project.properties:2 | 1.0 | sonar.projectVersion
    CITATION.cff:2 | 1.0 | version
    ");
}

#[test]
fn one_place_that_lags_behind_fails() {
    let lagging: &[File] = &[
        ("src/de_mo/__init__.py", "__version__ = '0.9'\n"),
        ("de_mo/_version.py", "__version__ = '0.9'\n"),
        ("de_mo.py", "__version__ = '0.9'\n"),
        ("setup.py", "from setuptools import setup\nsetup(version='0.9')\n"),
        ("setup.cfg", "[metadata]\nversion = 0.9\n"),
        ("sonar-project.properties", "sonar.projectVersion=0.9\n"),
        ("CITATION.cff", "version: 0.9\n"),
    ];
    for file in lagging {
        let mut files = vec![PYPROJECT, *file];
        if file.0.ends_with("_version.py") {
            files.push(("de_mo/__init__.py", "from ._version import __version__\n"));
        }
        let verdict = Project::new(&files).verdict(Some("v1.0"));
        let message = verdict.row.validation.unwrap().error_message.unwrap();
        assert!(message.contains(file.0) && message.contains("says 0.9"), "{message}");
        assert!(message.contains("pyproject.toml:3 says 1.0"), "{message}");
    }
}

#[test]
fn what_only_looks_like_a_version() {
    let project = Project::new(&[
        PYPROJECT,
        (
            "de_mo/__init__.py",
            "from importlib.metadata import version\n\"\"\"\n__version__ = '7'\n\"\"\"\ntry:\n    __version__ = version('de.mo')\nexcept Exception:\n    __version__ = '0'\n",
        ),
        ("de_mo/version.py", "version = 'draft-7'\n"),
        ("de_mo/_version.py", "# This file is generated\n__version__ = '0.9'\n"),
        ("other/__init__.py", "__version__ = '7'\n"),
        ("setup.cfg", "[flake8]\nversion = 7\n"),
    ]);
    assert_snapshot!(project.places(), @"pyproject.toml:3 | 1.0 | [project] version");
}

#[test]
fn the_package_is_found_by_its_name_by_its_tables_or_because_it_is_the_only_one() {
    let python = "__version__ = '1.0'\n";
    let by_case = Project::new(&[PYPROJECT, ("DE_MO/__init__.py", python)]);
    let in_namespace = Project::new(&[PYPROJECT, ("src/de/mo/__init__.py", python)]);
    let only_one = Project::new(&[PYPROJECT, ("src/other/__init__.py", python), ("src/x.txt", "")]);
    let two = Project::new(&[PYPROJECT, ("src/other/__init__.py", python), ("src/more/__init__.py", python)]);
    let hatch = Project::new(&[
        (
            "pyproject.toml",
            "[project]\nname = \"x\"\nversion = \"1.0\"\n[tool.hatch.build.targets.wheel]\npackages = [\"./src/other\"]\n",
        ),
        ("src/other/__init__.py", python),
    ]);
    let named = Project::new(&[("setup.cfg", "[metadata]\nversion = 1.0\n"), ("a_b/__init__.py", python)]);
    let all = [by_case, in_namespace, only_one, two, hatch].map(|project| project.places());
    assert_snapshot!(all.join("\n\n"), @"
    pyproject.toml:3 | 1.0 | [project] version
    DE_MO/__init__.py:1 | 1.0 | __version__

    pyproject.toml:3 | 1.0 | [project] version
    src/de/mo/__init__.py:1 | 1.0 | __version__

    pyproject.toml:3 | 1.0 | [project] version
    src/other/__init__.py:1 | 1.0 | __version__

    pyproject.toml:3 | 1.0 | [project] version

    pyproject.toml:3 | 1.0 | [project] version
    src/other/__init__.py:1 | 1.0 | __version__
    ");
    assert_snapshot!(named.places_in("", Some("A-B")), @"
    setup.cfg:2 | 1.0 | [metadata] version
    a_b/__init__.py:1 | 1.0 | __version__
    ");
}

#[test]
fn a_project_in_a_folder_of_a_monorepo_sees_its_own_files_only() {
    let project = Project::new(&[
        ("pyproject.toml", "[project]\nname = \"root\"\nversion = \"7.0\"\n"),
        ("CITATION.cff", "version: 7.0\n"),
        ("packages/a/pyproject.toml", "[project]\nname = \"a\"\nversion = \"1.0\"\n"),
        ("packages/a/a/__init__.py", "__version__ = '1.0'\n"),
        (
            "packages/b/pyproject.toml",
            "[project]\nname = \"b\"\ndynamic = [\"version\"]\n[build-system]\nbuild-backend = \"maturin\"\n",
        ),
        ("packages/b/Cargo.toml", "[package]\nversion = { workspace = true }\n"),
        ("Cargo.toml", "[workspace.package]\nversion = \"2.0.0\"\n"),
    ]);
    assert_snapshot!(project.places_in("packages/a", None), @"
    pyproject.toml:3 | 1.0 | [project] version
    a/__init__.py:1 | 1.0 | __version__
    ");
    assert_snapshot!(project.places_in("packages/b", None), @"../../Cargo.toml:2 | 2.0.0 | [workspace.package] version");
}

#[test]
fn a_file_that_is_too_large_or_is_no_file() {
    let project = Project::new(&[PYPROJECT, ("CITATION.cff/x", "")]);
    assert_snapshot!(project.places(), @"pyproject.toml:3 | 1.0 | [project] version");
    let long = Box::leak(format!("{}version: 1.0\n", "#\n".repeat(1 << 20)).into_boxed_str());
    assert_snapshot!(Project::new(&[PYPROJECT, ("CITATION.cff", long)]).places(), @"pyproject.toml:3 | 1.0 | [project] version");
}

#[test]
fn an_empty_folder_states_nothing() {
    assert_eq!(Project::new(&[("x.txt", "")]).places(), "");
}
