//! What is read without running the project is what the real build backends make of it.

use crate::harness::{Setting, python};
use std::collections::BTreeMap;
use std::process::Command;

/// Asks the backend of a project for its metadata, as a build frontend does.
const PREPARE: &str = r#"
import importlib, os, sys, tempfile
os.chdir(sys.argv[1])
sys.path.insert(0, "")
backend = importlib.import_module(sys.argv[2])
out = tempfile.mkdtemp()
name = backend.prepare_metadata_for_build_wheel(out, {})
with open(os.path.join(out, name, "METADATA")) as metadata:
    version = next(line for line in metadata if line.startswith("Version: "))
print("VERSION", version.removeprefix("Version: ").strip() if hasattr(str, "removeprefix") else version[9:].strip())
"#;

const SETUPTOOLS: &str = "setuptools.build_meta";
const FLIT: &str = "flit_core.buildapi";

/// A row: the backend, what stands in `pyproject.toml` behind `[build-system]`, and the other files.
type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const TABLE: &[Row] = &[
    (SETUPTOOLS, "[project]\nname = \"demo\"\nversion = \"1.0-rc1\"\n", &[("demo.py", "")]),
    (
        SETUPTOOLS,
        "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[tool.setuptools.dynamic]\nversion = { attr = \"demo.__version__\" }\n",
        &[(
            "src/demo/__init__.py",
            "'''\n__version__ = '7'\n'''\nimport not_installed\n__version__: str = u'2026.01.05'  # x\n",
        )],
    ),
    (
        SETUPTOOLS,
        "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[tool.setuptools.dynamic]\nversion = { attr = \"demo.meta.VERSION\" }\n",
        &[
            ("demo/__init__.py", ""),
            ("demo/meta.py", "import not_installed\nOTHER = VERSION = (1, 2, '3rc1')\n"),
        ],
    ),
    (
        SETUPTOOLS,
        "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[tool.setuptools]\npackage-dir = { demo = \"code\" }\npackages = [\"demo\"]\n[tool.setuptools.dynamic]\nversion.attr = \"demo.meta.V\"\n",
        &[("code/__init__.py", ""), ("code/meta.py", "V = [1, 0]\nV2 = '9'\n")],
    ),
    (
        SETUPTOOLS,
        "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[tool.setuptools.dynamic]\nversion = { file = [\"VERSION.txt\"] }\n",
        &[("demo.py", ""), ("VERSION.txt", "v1.4.0\n\n")],
    ),
    (SETUPTOOLS, "", &[("setup.cfg", "[metadata]\nname = demo\nVersion = 1.0.post1\n"), ("demo.py", "")]),
    (
        SETUPTOOLS,
        "",
        &[
            (
                "setup.cfg",
                "[metadata]\nname = demo\nversion = attr: demo.__version__\n[options]\npackage_dir =\n    = lib\npackages = find:\n[options.packages.find]\nwhere = lib\n",
            ),
            ("lib/demo/__init__.py", "import not_installed\n__version__ = (\n    '1.0.dev3'\n)\n"),
        ],
    ),
    (
        SETUPTOOLS,
        "",
        &[("setup.cfg", "[metadata]\nname = demo\nversion = file: V\n"), ("V", "3!1.0\n"), ("demo.py", "")],
    ),
    (
        SETUPTOOLS,
        "",
        &[
            (
                "setup.py",
                "from setuptools import setup\nV = '1.0'\nsetup(\n    name='demo', options={'x': {'version': '9'}}, py_modules=['demo'],\n    version=V)\n",
            ),
            ("demo.py", ""),
        ],
    ),
    // setup.cfg wins over setup.py.
    (
        SETUPTOOLS,
        "",
        &[
            ("setup.py", "from setuptools import setup\nsetup(name='demo', py_modules=['demo'])\n"),
            ("setup.cfg", "[metadata]\nversion = 1.5\n"),
            ("demo.py", ""),
        ],
    ),
    (
        FLIT,
        "[project]\nname = \"de-mo\"\ndynamic = [\"version\", \"description\"]\n",
        &[("de_mo/__init__.py", "\"\"\"Demo\"\"\"\nimport not_installed\n__version__ = '1.0'\n")],
    ),
    (
        FLIT,
        "[project]\nname = \"demo\"\ndynamic = [\"version\", \"description\"]\n[tool.flit.module]\nname = \"other\"\n",
        &[("src/other.py", "\"\"\"Other\"\"\"\n__version__ = \"1.0b2\"\n")],
    ),
];

#[test]
fn static_reading_is_what_the_backend_says() {
    let mut said = BTreeMap::new();
    for (number, (backend, rest, files)) in TABLE.iter().enumerate() {
        let setting = Setting::new();
        let write = |path: &str, text: &str| {
            let path = setting.project().join(path);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        };
        write(
            "pyproject.toml",
            &format!("[build-system]\nrequires = []\nbuild-backend = \"{backend}\"\n{rest}"),
        );
        files.iter().for_each(|(path, text)| write(path, text));
        let run = setting.shiponce(["check", "version", "--offline", "--json"]).expect(0);
        let first = run.json()["gates"][0]["validation"]["locations"][0].clone();
        #[expect(clippy::disallowed_methods, reason = "the backend is asked from outside")]
        let output = Command::new(python())
            .args(["-c", PREPARE])
            .arg(setting.project())
            .arg(backend)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let version = text.lines().find_map(|line| line.strip_prefix("VERSION "));
        let version =
            version.unwrap_or_else(|| panic!("{number}: {}", String::from_utf8_lossy(&output.stderr)));
        assert_eq!(first["version"], version, "{number}: {first}");
        said.insert(number, version.to_owned());
    }
    assert_eq!(said.len(), TABLE.len());
}
