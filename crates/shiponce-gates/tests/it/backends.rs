//! What each build backend says about the version, read without running it.

use super::world::{File, Project};
use insta::assert_snapshot;

/// Every row: what it is, its files, and the places that must be found. The first place is what the build uses.
const TABLE: &[(&str, &[File], &str)] = &[
    (
        "static",
        &[("pyproject.toml", "[project]\nname = \"demo\"\nversion = \"1.0\"\n")],
        "pyproject.toml:3 | 1.0 | [project] version",
    ),
    (
        "setuptools attr, in src",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nrequires = [\"setuptools\"]\nbuild-backend = \"setuptools.build_meta\"\n[tool.setuptools.dynamic]\nversion = { attr = \"demo.__version__\" }\n",
            ),
            ("src/demo/__init__.py", "\"\"\"Demo.\"\"\"\n__version__ = \"1.0\"\n"),
        ],
        "src/demo/__init__.py:2 | 1.0 | [tool.setuptools.dynamic] version, attr demo.__version__",
    ),
    (
        "setuptools attr, a tuple in a module of a package with a folder of its own",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[tool.setuptools]\npackage-dir = { demo = \"code\" }\n[tool.setuptools.dynamic]\nversion.attr = \"demo.meta.VERSION\"\n",
            ),
            ("code/meta.py", "VERSION = (1, 0, 3)\n"),
        ],
        "code/meta.py:1 | 1.0.3 | [tool.setuptools.dynamic] version, attr demo.meta.VERSION",
    ),
    (
        "setuptools attr that is computed",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[tool.setuptools.dynamic]\nversion.attr = \"demo.__version__\"\n",
            ),
            ("demo/__init__.py", "import os\n__version__ = os.environ['V']\n"),
        ],
        "demo/__init__.py:2 | after build: __version__ is computed | [tool.setuptools.dynamic] version, attr demo.__version__",
    ),
    (
        "setuptools file",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[tool.setuptools.dynamic]\nversion = { file = [\"VERSION\"] }\n",
            ),
            ("VERSION", "\n1.0\n"),
        ],
        "VERSION:2 | 1.0 | [tool.setuptools.dynamic] version, file",
    ),
    (
        "setup.cfg with a version",
        &[("setup.cfg", "[metadata]\nname = demo\nversion = 1.0\n")],
        "setup.cfg:3 | 1.0 | [metadata] version",
    ),
    (
        "setup.cfg with attr",
        &[
            (
                "setup.cfg",
                "[metadata]\nname = demo\nversion = attr: demo.__version__\n[options]\npackage_dir =\n    =lib\n",
            ),
            ("lib/demo/__init__.py", "__version__ = '1.0'\n"),
        ],
        "lib/demo/__init__.py:1 | 1.0 | [metadata] version, attr demo.__version__",
    ),
    (
        "setup.cfg with file, beside a pyproject.toml without [project]",
        &[
            ("pyproject.toml", "[build-system]\nrequires = [\"setuptools\"]\n"),
            ("setup.cfg", "[metadata]\nversion = file: version.txt\n"),
            ("version.txt", "1.0"),
        ],
        "version.txt:1 | 1.0 | [metadata] version, file",
    ),
    (
        "setup.py with a literal",
        &[(
            "setup.py",
            "from setuptools import setup\n\nsetup(\n    name='demo',\n    version='1.0',  # the version\n)\n",
        )],
        "setup.py:5 | 1.0 | setup(version=…)",
    ),
    (
        "setup.py with a name",
        &[(
            "setup.py",
            "from setuptools import setup\nVERSION = '1.0'\nsetup(name='demo', version=VERSION)\n",
        )],
        "setup.py:2 | 1.0 | setup(version=…)",
    ),
    (
        "setup.py that computes",
        &[(
            "setup.py",
            "import demo\nfrom setuptools import setup\nsetup(name='demo', version=demo.__version__)\n",
        )],
        "setup.py:3 | after build: setup.py computes it | setup(version=…)",
    ),
    (
        "setup.py that says nothing",
        &[("setup.py", "from setuptools import setup\nsetup(**read())\n")],
        "setup.py | after build: the files do not state it | setuptools",
    ),
    (
        "setuptools-scm by its table",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nrequires = [\"setuptools>=80\", \"setuptools-scm>=8\"]\nbuild-backend = \"setuptools.build_meta\"\n[tool.setuptools_scm]\nversion_file = \"demo/_version.py\"\n",
            ),
            ("demo/_version.py", "__version__ = '0.9'\n"),
        ],
        "pyproject.toml:7 | the tag's | [tool.setuptools_scm]",
    ),
    (
        "setuptools-scm by its requirement, with a generated file",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nrequires = [\"setuptools\", \"setuptools_scm[toml]\"]\nbuild-backend = \"setuptools.build_meta\"\n",
            ),
            ("demo/__init__.py", ""),
            (
                "demo/_version.py",
                "# file generated by setuptools-scm\n# don't change, don't track\n__version__ = version = '0.9'\n",
            ),
        ],
        "pyproject.toml:3 | the tag's | [project] dynamic",
    ),
    (
        "use_scm_version",
        &[("setup.py", "from setuptools import setup\nsetup(name='demo', use_scm_version=True)\n")],
        "setup.py:2 | the tag's | use_scm_version",
    ),
    (
        "versioneer",
        &[
            (
                "setup.py",
                "import versioneer\nfrom setuptools import setup\nsetup(version=versioneer.get_version())\n",
            ),
            ("setup.cfg", "[metadata]\nname = demo\n[versioneer]\nVCS = git\n"),
        ],
        "setup.py:3 | the tag's | setup(version=…)",
    ),
    (
        "hatch path",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nbuild-backend = \"hatchling.build\"\n[tool.hatch.version]\npath = \"src/demo/__about__.py\"\n",
            ),
            ("src/demo/__about__.py", "# SPDX\n__version__ = \"1.0\"\n"),
            ("src/demo/__init__.py", ""),
        ],
        "src/demo/__about__.py:2 | 1.0 | [tool.hatch.version] path",
    ),
    (
        "hatch pattern",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nbuild-backend = \"hatchling.build\"\n[tool.hatch.version]\npath = \"meta.txt\"\npattern = \"^release: (?P<version>.+)$\"\n",
            ),
            ("meta.txt", "name: demo\nrelease: 1.0\n"),
        ],
        "meta.txt:2 | 1.0 | [tool.hatch.version] path",
    ),
    (
        "hatch pattern that only Python understands",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nbuild-backend = \"hatchling.build\"\n[tool.hatch.version]\npath = \"meta.txt\"\npattern = \"(?<=release: )(?P<version>.+)\"\n",
            ),
            ("meta.txt", "release: 1.0\n"),
        ],
        "meta.txt | after build: its pattern is read by the build only | [tool.hatch.version] path",
    ),
    (
        "hatch-vcs",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nbuild-backend = \"hatchling.build\"\n[tool.hatch.version]\nsource = \"vcs\"\n[tool.hatch.build.hooks.vcs]\nversion-file = \"demo/version.py\"\n",
            ),
            ("demo/__init__.py", ""),
            ("demo/version.py", "version = '0.9'\n"),
        ],
        "pyproject.toml:7 | the tag's | [tool.hatch.version]",
    ),
    (
        "hatch env",
        &[(
            "pyproject.toml",
            "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nbuild-backend = \"hatchling.build\"\n[tool.hatch.version]\nsource = \"env\"\nvariable = \"V\"\n",
        )],
        "pyproject.toml:3 | after build: hatch computes it (source = \"env\") | [project] dynamic",
    ),
    (
        "hatch-nodejs-version",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nbuild-backend = \"hatchling.build\"\n[tool.hatch.version]\nsource = \"nodejs\"\n",
            ),
            ("package.json", "{\n  \"name\": \"demo\",\n  \"version\": \"1.0.0-rc.1\"\n}\n"),
        ],
        "package.json:3 | 1.0.0-rc.1 | [tool.hatch.version] source = \"nodejs\"",
    ),
    (
        "flit package",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"de-mo\"\ndynamic = [\"version\", \"description\"]\n[build-system]\nbuild-backend = \"flit_core.buildapi\"\n",
            ),
            ("de_mo/__init__.py", "\"\"\"Demo\"\"\"\n__version__ = '1.0'\n"),
        ],
        "de_mo/__init__.py:2 | 1.0 | flit, __version__",
    ),
    (
        "flit module by its table",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nbuild-backend = \"flit_core.buildapi\"\n[tool.flit.module]\nname = \"other\"\n",
            ),
            ("src/other.py", "__version__ = '1.0'\n"),
        ],
        "src/other.py:1 | 1.0 | flit, __version__",
    ),
    (
        "PDM file",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nbuild-backend = \"pdm.backend\"\n[tool.pdm.version]\nsource = \"file\"\npath = \"demo/__init__.py\"\n",
            ),
            ("demo/__init__.py", "__version__ = '1.0'\n"),
        ],
        "demo/__init__.py:1 | 1.0 | [tool.pdm.version] path",
    ),
    (
        "PDM scm and call",
        &[(
            "pyproject.toml",
            "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nbuild-backend = \"pdm.backend\"\n[tool.pdm.version]\nsource = \"scm\"\n",
        )],
        "pyproject.toml:7 | the tag's | [tool.pdm.version]",
    ),
    (
        "PDM call",
        &[(
            "pyproject.toml",
            "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nbuild-backend = \"pdm.backend\"\n[tool.pdm.version]\nsource = \"call\"\ngetter = \"m:f\"\n",
        )],
        "pyproject.toml:3 | after build: PDM computes it (source = \"call\") | [project] dynamic",
    ),
    (
        "poetry",
        &[(
            "pyproject.toml",
            "[tool.poetry]\nname = \"demo\"\nversion = \"1.0\"\n[build-system]\nbuild-backend = \"poetry.core.masonry.api\"\n",
        )],
        "pyproject.toml:3 | 1.0 | [tool.poetry] version",
    ),
    (
        "poetry 2, dynamic",
        &[(
            "pyproject.toml",
            "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[tool.poetry]\nversion = \"1.0\"\n[build-system]\nbuild-backend = \"poetry.core.masonry.api\"\n",
        )],
        "pyproject.toml:5 | 1.0 | [tool.poetry] version",
    ),
    (
        "poetry-dynamic-versioning and its placeholders",
        &[
            (
                "pyproject.toml",
                "[tool.poetry]\nname = \"demo\"\nversion = \"0.0.0\"\n[tool.poetry-dynamic-versioning]\nenable = true\n[build-system]\nbuild-backend = \"poetry_dynamic_versioning.backend\"\n",
            ),
            ("demo/__init__.py", "__version__ = '0.0.0'\n"),
        ],
        "pyproject.toml:4 | the tag's | [tool.poetry-dynamic-versioning]",
    ),
    (
        "maturin",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nbuild-backend = \"maturin\"\n",
            ),
            ("Cargo.toml", "[package]\nname = \"demo\"\nversion = \"1.0.0-beta.2\"\n"),
        ],
        "Cargo.toml:3 | 1.0.0-beta.2 | [package] version",
    ),
    (
        "maturin in a workspace",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nbuild-backend = \"maturin\"\n[tool.maturin]\nmanifest-path = \"crates/py/Cargo.toml\"\n",
            ),
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"crates/*\"]\n[workspace.package]\nversion = \"1.0.0\"\n",
            ),
            ("crates/py/Cargo.toml", "[package]\nname = \"py\"\nversion.workspace = true\n"),
        ],
        "Cargo.toml:4 | 1.0.0 | [workspace.package] version",
    ),
    (
        "maturin with a static version too",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"demo\"\nversion = \"1.0\"\n[build-system]\nbuild-backend = \"maturin\"\n",
            ),
            ("Cargo.toml", "[package]\nname = \"demo\"\nversion = \"1.0.0\"\n"),
        ],
        "pyproject.toml:3 | 1.0 | [project] version\nCargo.toml:3 | 1.0.0 | [package] version",
    ),
    (
        "scikit-build-core",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nbuild-backend = \"scikit_build_core.build\"\n[tool.scikit-build.metadata.version]\nprovider = \"scikit_build_core.metadata.regex\"\ninput = \"demo/__init__.py\"\n",
            ),
            ("demo/__init__.py", "__version__ = '1.0'\n"),
        ],
        "demo/__init__.py:1 | 1.0 | [tool.scikit-build.metadata.version] input",
    ),
    (
        "an unknown backend",
        &[(
            "pyproject.toml",
            "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nbuild-backend = \"mesonpy\"\n",
        )],
        "pyproject.toml:3 | after build: mesonpy computes it | [project] dynamic",
    ),
];

#[test]
fn every_backend() {
    let wrong: Vec<String> = TABLE
        .iter()
        .filter_map(|(what, files, expected)| {
            let places = Project::new(files).places();
            (places != *expected).then(|| format!("{what}\n--- expected\n{expected}\n--- found\n{places}\n"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every row with a version in it agrees with its own tag, and disagrees with another one.
#[test]
fn every_backend_agrees_with_its_tag_and_with_no_other() {
    let mut counts = [0, 0, 0];
    for (what, files, _) in TABLE {
        let project = Project::new(files);
        let first = &project.locations("", None)[0];
        let status = |tag: &str| format!("{:?}", project.verdict(Some(tag)).row.status);
        match first.text() {
            Some(text) => {
                assert_eq!(status(&format!("v{text}")), "Pass", "{what}");
                assert_eq!(status("v7.7"), "Fail", "{what}");
                counts[0] += 1;
            }
            None if first.reading == shiponce_gates::version::Reading::FromTag => {
                assert_eq!(status("v7.7"), "Pass", "{what}");
                assert_eq!(project.verdict(None).row.status, shiponce_api::v1::GateStatus::Unknown, "{what}");
                counts[1] += 1;
            }
            None => {
                assert_eq!(status("v7.7"), "Unknown", "{what}");
                counts[2] += 1;
            }
        }
    }
    assert_eq!(counts, [21, 7, 7]);
}

#[test]
fn a_broken_pyproject() {
    let project = tempfile::tempdir().unwrap();
    fs_err::write(project.path().join("pyproject.toml"), "[project\n").unwrap();
    let asked = shiponce_gates::version::Asked { root: project.path(), name: None, version_files: &[] };
    let error = shiponce_gates::version::find_locations(&asked).unwrap_err().to_string();
    assert_snapshot!(error, @"`pyproject.toml` is not TOML: unclosed table, expected `]`");
}

#[test]
fn a_name_that_only_setup_files_state() {
    let name = |files: &[(&str, &str)]| {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in files {
            fs_err::write(folder.path().join(file), text).unwrap();
        }
        shiponce_gates::version::find_name(folder.path()).unwrap()
    };
    let cfg = ("setup.cfg", "[metadata]\nname = from-cfg\n");
    let literal =
        ("setup.py", "from setuptools import setup\nsetup(\n    name='from-py',\n    version='1.0')\n");
    let computed = ("setup.py", "from setuptools import setup\nsetup(name=NAME + 'x')\n");
    let silent = ("setup.py", "from setuptools import setup\nsetup()\n");
    let poetry = ("pyproject.toml", "[tool.poetry]\nname = \"from-poetry\"\n");
    let found = |name: &str, file: &'static str| Some((name.to_owned(), file));
    assert_eq!(name(&[literal]), found("from-py", "setup.py"));
    assert_eq!(name(&[literal, cfg]), found("from-py", "setup.py"));
    assert_eq!(name(&[silent, cfg]), found("from-cfg", "setup.cfg"));
    assert_eq!(name(&[computed, cfg]), None);
    assert_eq!(name(&[poetry, literal]), found("from-poetry", "pyproject.toml"));
    assert_eq!(name(&[silent]), None);
}
