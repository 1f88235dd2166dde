//! Whatever stands in the files, looking answers, and never finds a pass where nothing was read.

use super::world::write;
use proptest::prelude::*;
use shiponce_api::v1::GateStatus;
use shiponce_gates::version::{Asked, Question, find_locations, validate_version_sync};

const FILES: [&str; 6] =
    ["setup.cfg", "setup.py", "demo/__init__.py", "CITATION.cff", "Cargo.toml", "sonar-project.properties"];

fn pyproject() -> impl Strategy<Value = String> {
    let tables = [
        "[project]\nname = \"demo\"\n",
        "[project]\nname = \"demo\"\nversion = \"1.0\"\n",
        "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n",
        "[tool.poetry]\nversion = \"1.0\"\n",
    ];
    let backends =
        ["setuptools.build_meta", "hatchling.build", "flit_core.buildapi", "pdm.backend", "maturin", "x"];
    let settings = [
        "",
        "[tool.setuptools.dynamic]\nversion = { attr = \"demo.__version__\" }\n",
        "[tool.setuptools.dynamic]\nversion = { file = \"setup.cfg\" }\n",
        "[tool.setuptools.dynamic]\nversion = { attr = \"..\" }\n",
        "[tool.setuptools_scm]\n",
        "[tool.hatch.version]\npath = \"demo/__init__.py\"\n",
        "[tool.hatch.version]\npath = \"setup.py\"\npattern = \"(\"\n",
        "[tool.pdm.version]\nsource = \"file\"\npath = \"/\"\n",
        "[tool.flit.module]\nname = \"\"\n",
        "[tool.maturin]\nmanifest-path = \"../../..\"\n",
    ];
    let choose = |list: &[&str]| {
        proptest::sample::select(list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    };
    (choose(&tables), choose(&backends), choose(&settings)).prop_map(|(table, backend, settings)| {
        format!("{table}[build-system]\nbuild-backend = \"{backend}\"\n{settings}")
    })
}

fn content() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("__version__ = '1.0'\n".to_owned()),
        Just("[metadata]\nversion = attr: demo.__version__\n".to_owned()),
        Just("setup(version='1.0')".to_owned()),
        Just("[package]\nversion = \"1.0\"\n".to_owned()),
        Just("version: 1.0\n".to_owned()),
        "(?s).{0,40}",
        "[\\[\\]=:\"'(),a-z.0-9_ \n]{0,40}",
    ]
}

proptest! {
    #[test]
    fn any_project_is_answered(pyproject in pyproject(), texts in proptest::collection::vec(content(), FILES.len())) {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("pyproject.toml"), &pyproject);
        for (path, text) in FILES.iter().zip(&texts) {
            write(&folder.path().join(path), text);
        }
        let asked = Asked { root: folder.path(), name: None, version_files: &[] };
        // A Cargo.toml that is no TOML is an error and no finding.
        let Ok(locations) = find_locations(&asked) else { return Ok(()) };
        let question = Question { tag: None, locations: &locations, built: &[], published: None };
        let verdict = validate_version_sync(&question);
        let validation = verdict.row.validation.unwrap();
        if verdict.row.status == GateStatus::Pass {
            prop_assert!(verdict.version.is_some() && validation.package_version.is_some());
            prop_assert!(locations[0].version().is_some() && validation.is_synchronized);
        } else {
            prop_assert!(validation.error_message.is_some());
        }
    }
}
