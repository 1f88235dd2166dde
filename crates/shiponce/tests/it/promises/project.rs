//! A project that builds to the same bytes wherever it is built.

use crate::harness::{Setting, project::commit};

/// Writes one wheel: name and version are those of the `pyproject.toml` beside it, the module says `LEVEL`, times are
/// the commit's. With `FAIL` equal to the name it fails.
const BUILD: &str = r#"import base64, hashlib, os, re, sys, time, zipfile
text = open("pyproject.toml").read()
name, version = (re.search(rf'^{key} = "(.+?)"', text, re.M)[1] for key in ("name", "version"))
module = re.sub(r"[-_.]+", "_", name)
if os.environ.get("FAIL") == name:
    sys.exit(f"{name} does not build today")
info = f"{module}-{version}.dist-info"
members = {
    f"{module}/__init__.py": f'__version__ = "{version}"\nLEVEL = {os.environ.get("LEVEL", "0")}\n',
    f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: Small\n\nText.\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests (1.0)\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}
digest = lambda text: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
record = "".join(f"{path},sha256={digest(text)},{len(text.encode())}\n" for path, text in members.items())
members[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
when = time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"]))[:6]
with zipfile.ZipFile(os.path.join(sys.argv[1], f"{module}-{version}-py3-none-any.whl"), "w") as archive:
    for path, text in members.items():
        archive.writestr(zipfile.ZipInfo(path, when), text)
"#;

/// The configuration of its build.
pub(super) const CONFIG: &str = "[build]\ncommand = [\"python3\", \"build.py\", \"{dist}\"]\n";

/// `demo 0.6.3` at this tag, in a world that knows nothing of it. `more` are further files of the project.
pub(super) fn demo(tag: &str, more: &[(&str, &str)]) -> Setting {
    let setting = Setting::with(|config| {
        for name in ["demo", "demo-fast", "demo-slow"] {
            config.released_here(name);
        }
    });
    let project = setting.project();
    let pyproject = "[project]\nname = \"demo\"\nversion = \"0.6.3\"\ndescription = \"Small\"\nrequires-python = \">=3.9\"\n";
    for (name, text) in [("pyproject.toml", pyproject), ("build.py", BUILD)].iter().chain(more) {
        fs_err::write(project.join(name), text).unwrap();
    }
    commit(&project, tag);
    setting.write_config(CONFIG);
    setting
}
