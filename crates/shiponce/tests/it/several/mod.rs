//! Several releases in one press: variants of one source, legs of a matrix, projects of a workspace.

mod batch;
mod examples;
mod kill;
mod legs;
mod like_previous;
mod observe;
mod variants;
mod workspace;

use crate::harness::{Setting, project};
use std::path::Path;

/// Builds one wheel from `[project]` of the pyproject.toml beside it, with the flavour of its environment and other
/// bytes at every build. `BREAK` makes it fail, `WAIT` makes it wait for as long as the file it names is there.
const BUILD: &str = r#"import base64, hashlib, os, re, sys, time, zipfile
text = open("pyproject.toml").read()
state = lambda key: re.search(rf'^{key} = "(.*)"', text, re.M).group(1)
name, version, out = state("name"), state("version"), sys.argv[1]
if os.environ.get("BREAK"):
    sys.exit("broken on purpose")
wait = os.environ.get("WAIT")
if wait and not os.path.exists(wait + ".taken"):
    open(wait + ".taken", "x").close()
    while os.path.exists(wait):
        time.sleep(0.01)
tag = os.environ.get("TAG", "py3-none-any")
module = name.replace("-", "_")
info = f"{module}-{version}.dist-info"
needs = "".join(f"Requires-Dist: {need}\n" for need in re.findall(r'^dependencies = \["(.*)"\]', text, re.M))
members = {
    f"{module}/__init__.py": f'__version__ = "{version}"\nFLAVOUR = "{os.environ.get("FLAVOUR")}"\nBUILT = "{os.urandom(16).hex()}"\n',
    f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: Small\n{needs}\nText.\n",
    f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: tests (1.0)\nRoot-Is-Purelib: true\nTag: {tag}\n",
}
record = "".join(
    f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text.encode())}\n"
    for path, text in members.items()
)
members[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
with zipfile.ZipFile(os.path.join(out, f"{module}-{version}-{tag}.whl"), "w") as archive:
    for path, text in members.items():
        archive.writestr(path, text)
"#;

/// How such a project is built.
const COMMAND: &str = "[build]\ncommand = [\"python3\", \"build.py\", \"{dist}\"]\n";

/// Writes such a project.
fn write_project(folder: &Path, name: &str, version: &str, more: &str) {
    fs_err::create_dir_all(folder).unwrap();
    let pyproject =
        format!("[project]\nname = \"{name}\"\nversion = \"{version}\"\nrequires-python = \">=3.9\"\n{more}");
    fs_err::write(folder.join("pyproject.toml"), pyproject).unwrap();
    fs_err::write(folder.join("build.py"), BUILD).unwrap();
}

/// The tables of variants: each is `pack` with its name behind it.
fn tables(variants: &[&str]) -> String {
    let table = |name: &&str| {
        format!("[variants.{name}]\npackage = \"pack-{name}\"\nenv = {{ FLAVOUR = \"{name}\" }}\n")
    };
    COMMAND.to_owned() + &variants.iter().map(table).collect::<String>()
}

/// A project with variants, at the tags of all of them.
fn pack(variants: &[&str]) -> Setting {
    let setting = Setting::with(|config| {
        for name in ["one", "two", "three", "four"] {
            config.released_here(&format!("pack-{name}"));
        }
    });
    write_project(&setting.project(), "pack", "1.0.0", "");
    fs_err::write(setting.project().join(".gitignore"), "dist\n").unwrap();
    let tags: Vec<String> = variants.iter().map(|name| format!("v1.0.0-{name}")).collect();
    project::commit_tags(&setting.project(), &tags);
    setting.write_config(&tables(variants));
    setting
}

/// The wheel of a variant.
fn wheel_of(variant: &str) -> String {
    format!("pack_{variant}-1.0.0-py3-none-any.whl")
}
