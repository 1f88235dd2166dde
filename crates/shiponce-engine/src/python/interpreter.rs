//! Finding an interpreter and asking it what it is.

use super::run;
use crate::context::Context;
use serde::Deserialize;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::filename::WheelFilename;
use shiponce_core::matrix::{Platform, Python};
use shiponce_io::process::{Command, find_program, find_programs};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

/// The oldest interpreter that the tools we call still support.
const OLDEST: (u32, u32) = (3, 9);

/// Prints one JSON object. `sys_tags` needs `packaging`, which pip carries with it; an interpreter without either
/// answers `null` and wheels are then judged by their tags' plain text.
const PROBE: &str = r#"
import importlib.util, json, platform, sys, sysconfig
try:
    from packaging.tags import sys_tags
except ImportError:
    try:
        from pip._vendor.packaging.tags import sys_tags
    except ImportError:
        sys_tags = None
has = lambda name: importlib.util.find_spec(name) is not None
print(json.dumps({
    "version": list(sys.version_info[:3]),
    "has_venv": has("venv") and has("ensurepip"),
    "has_build": has("build") and has("build.__main__"),
    "machine": platform.machine().lower(),
    "system": sys.platform,
    "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    "tags": None if sys_tags is None else [str(tag) for tag in sys_tags()],
}))
"#;

#[derive(Debug, Deserialize)]
struct Answer {
    version: (u32, u32, u32),
    has_venv: bool,
    has_build: bool,
    machine: String,
    system: String,
    free_threaded: bool,
    tags: Option<Vec<String>>,
}

/// A Python interpreter and what it can do.
#[derive(Debug, Clone)]
pub(crate) struct Interpreter {
    /// The executable.
    pub(crate) path: PathBuf,
    /// Its version.
    pub(crate) version: (u32, u32, u32),
    /// Whether `python -m venv` works.
    pub(crate) has_venv: bool,
    /// Whether `python -m build` works.
    pub(crate) has_build: bool,
    machine: String,
    system: String,
    free_threaded: bool,
    tags: Option<Vec<String>>,
}

impl Interpreter {
    /// The minor release it is, in the words of a matrix.
    pub(crate) fn python(&self) -> Python {
        Python { minor: u8::try_from(self.version.1).unwrap_or(u8::MAX), free_threaded: self.free_threaded }
    }

    /// The platform it builds for; `None` for one that no matrix has a word for.
    pub(crate) fn platform(&self) -> Option<Platform> {
        let os = match self.system.as_str() {
            "darwin" => "macos",
            "win32" => "windows",
            other => other,
        };
        let machine = match self.machine.as_str() {
            "amd64" => "x86_64",
            "i386" | "i686" => "x86",
            "arm64" => "aarch64",
            other => other,
        };
        let musl = self.tags.iter().flatten().any(|tag| tag.contains("musllinux_"));
        Platform::of_machine(os, machine, musl)
    }

    /// Whether a wheel installs here.
    #[must_use]
    pub(crate) fn runs(&self, wheel: &WheelFilename) -> bool {
        wheel.tags().any(|tag| match &self.tags {
            Some(tags) => tags.contains(&tag.to_string()),
            None => self.plausible(&tag.python, &tag.platform),
        })
    }

    /// `CPython 3.11.7` is more than a message needs; this is `3.11.7`.
    #[must_use]
    pub(crate) fn version_text(&self) -> String {
        format!("{}.{}.{}", self.version.0, self.version.1, self.version.2)
    }

    fn plausible(&self, python: &str, platform: &str) -> bool {
        let (major, minor, _) = self.version;
        let python_fits = [format!("py{major}"), format!("py{major}{minor}"), format!("cp{major}{minor}")];
        let system = match self.system.as_str() {
            "darwin" => "macosx",
            "win32" => "win",
            _ => "linux",
        };
        python_fits.iter().any(|fit| fit == python)
            && (platform == "any" || (platform.contains(system) && platform.ends_with(&self.machine)))
    }
}

/// Finds the interpreter to build and verify with: `python3`, then `python`, on `PATH`.
///
/// # Errors
/// `python-missing` when there is none that works, naming what was tried.
pub(crate) async fn find_interpreter(context: &Context) -> Result<Interpreter, Problem> {
    let path = context.environment.get("PATH").unwrap_or(OsStr::new(""));
    let mut tried = Vec::new();
    for name in ["python3", "python"] {
        let Some(program) = find_program(name, path) else {
            tried.push(format!("{name}: not on PATH"));
            continue;
        };
        match probe(context, program.clone()).await? {
            Ok(found) if (found.version.0, found.version.1) >= OLDEST => return Ok(found),
            Ok(found) => tried.push(format!("{}: Python {}", program.display(), found.version_text())),
            Err(why) => tried.push(format!("{}: {why}", program.display())),
        }
    }
    let mut problem = Problem::new(
        ErrorCode::PythonMissing,
        format!("no Python {}.{} or newer was found", OLDEST.0, OLDEST.1),
    );
    for line in tried {
        problem = problem.fact("tried", line);
    }
    Err(problem.hint("install Python with its venv module, or put it on PATH"))
}

/// Finds the interpreter of a leg: `python3.12` (`python3.13t`) on `PATH`, then one that uv knows. Nothing is installed.
///
/// # Errors
/// When a program cannot be started at all, or the run is interrupted.
pub(crate) async fn find_python(context: &Context, wanted: Python) -> Result<Option<Interpreter>, Problem> {
    let path = context.environment.get("PATH").unwrap_or(OsStr::new(""));
    // A version manager puts a stand-in first for every version it could have.
    for program in find_programs(format!("python{wanted}"), path) {
        if let Some(found) = probe(context, program).await?.ok().filter(|found| found.python() == wanted) {
            return Ok(Some(found));
        }
    }
    let Some(uv) = find_program("uv", path) else { return Ok(None) };
    let env = context.child_env(&BTreeMap::new());
    let command = Command::new(uv, &context.state.temp, env, Duration::from_secs(60)).args([
        "python",
        "find",
        "--no-project",
        "--no-python-downloads",
        "--managed-python",
        &format!("cpython-{wanted}"),
    ]);
    let finished = run(context, command, "asking uv for a Python", ErrorCode::PythonMissing).await?;
    if !finished.success() {
        return Ok(None);
    }
    let program = PathBuf::from(finished.stdout.text().trim());
    Ok(probe(context, program).await?.ok().filter(|found| found.python() == wanted))
}

async fn probe(context: &Context, program: PathBuf) -> Result<Result<Interpreter, String>, Problem> {
    let env = context.child_env(&BTreeMap::new());
    let command =
        Command::new(&program, &context.state.temp, env, Duration::from_secs(60)).args(["-I", "-c", PROBE]);
    let finished = run(context, command, "asking Python for its version", ErrorCode::PythonMissing).await?;
    if !finished.success() {
        return Ok(Err(format!("{} {}", finished.status, finished.stderr.text().trim())));
    }
    let text = finished.stdout.text();
    let answer: Answer = match serde_json::from_str(text.trim()) {
        Ok(answer) => answer,
        Err(error) => return Ok(Err(format!("unexpected answer: {error}"))),
    };
    let Answer { version, has_venv, has_build, machine, system, free_threaded, tags } = answer;
    Ok(Ok(Interpreter { path: program, version, has_venv, has_build, machine, system, free_threaded, tags }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interpreter(tags: Option<&[&str]>) -> Interpreter {
        Interpreter {
            path: "python3".into(),
            version: (3, 11, 7),
            has_venv: true,
            has_build: false,
            machine: "x86_64".to_owned(),
            system: "linux".to_owned(),
            free_threaded: false,
            tags: tags.map(|tags| tags.iter().map(|tag| (*tag).to_owned()).collect()),
        }
    }

    fn wheel(text: &str) -> WheelFilename {
        text.parse().unwrap()
    }

    #[test]
    fn a_wheel_runs_where_one_of_its_tags_is_supported() {
        let here = interpreter(Some(&["cp311-cp311-manylinux_2_17_x86_64", "py3-none-any"]));
        assert!(here.runs(&wheel("demo-1.0-py2.py3-none-any.whl")));
        assert!(here.runs(&wheel("demo-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl")));
        assert!(!here.runs(&wheel("demo-1.0-cp312-cp312-manylinux_2_17_x86_64.whl")));
    }

    #[test]
    fn without_packaging_the_tags_speak_for_themselves() {
        let here = interpreter(None);
        assert!(here.runs(&wheel("demo-1.0-py3-none-any.whl")));
        assert!(here.runs(&wheel("demo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl")));
        assert!(!here.runs(&wheel("demo-1.0-cp311-cp311-macosx_11_0_arm64.whl")));
        assert!(!here.runs(&wheel("demo-1.0-cp311-cp311-manylinux_2_17_aarch64.whl")));
    }
}
