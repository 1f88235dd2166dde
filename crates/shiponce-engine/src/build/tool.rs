//! Which program builds.

use super::Job;
use crate::context::Context;
use crate::python::{Interpreter, Limit, Venv, last_words};
use crate::report::Say as _;
use shiponce_api::{ErrorCode, Problem};
use shiponce_io::process::find_program;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

/// The front end installed when there is neither uv nor `build`; a version that builds under Python 3.9.
const BUILD_REQUIREMENT: &str = "build>=1.2,<2";
/// How long installing it may take.
const INSTALL_DEADLINE: Duration = Duration::from_secs(300);

/// A program and its arguments.
#[derive(Debug)]
pub(crate) struct BuildTool {
    /// For people.
    pub(crate) name: String,
    /// The executable.
    pub(crate) program: PathBuf,
    /// Its arguments, output folder included.
    pub(crate) args: Vec<OsString>,
}

impl BuildTool {
    /// The configured command.
    pub(crate) fn custom(context: &Context, command: &[String], job: &Job<'_>) -> Result<Self, Problem> {
        let path = context.environment.get("PATH").unwrap_or(OsStr::new(""));
        let python = job.python.path.to_string_lossy();
        let (name, rest) = command.split_first().ok_or_else(|| {
            Problem::new(ErrorCode::ConfigInvalid, "[build] command is empty")
                .hint("leave it out to detect a build tool")
        })?;
        let name = &name.replace("{python}", &python);
        let program = find_program(name, path).ok_or_else(|| {
            Problem::new(ErrorCode::BuildFailed, format!("the build command `{name}` is not on PATH"))
                .hint("install it, or change [build] command in shiponce.toml")
        })?;
        let out = job.out.to_string_lossy();
        let fill = |arg: &String| arg.replace("{dist}", &out).replace("{python}", &python);
        let args = rest.iter().map(|arg| OsString::from(fill(arg))).collect();
        Ok(Self { name: format!("`{name}`"), program, args })
    }

    /// uv, then `python -m build`, then `build` in an environment of our own.
    pub(crate) async fn detect(context: &Context, job: &Job<'_>) -> Result<Self, Problem> {
        let (python, out) = (job.python, job.out);
        let wheel_only = job.wheel_only.then(|| OsString::from("--wheel"));
        let path = context.environment.get("PATH").unwrap_or(OsStr::new(""));
        if let Some(uv) = find_program("uv", path) {
            let args = [
                OsString::from("build"),
                "--out-dir".into(),
                out.into(),
                "--python".into(),
                python.path.clone().into(),
            ];
            let args = args.into_iter().chain(wheel_only).collect();
            return Ok(Self { name: "uv build".to_owned(), program: uv, args });
        }
        let program =
            if python.has_build { python.path.clone() } else { private_build(context, python).await? };
        let args = [OsString::from("-m"), "build".into(), "--outdir".into(), out.into()];
        let args = args.into_iter().chain(wheel_only).collect();
        Ok(Self { name: "python -m build".to_owned(), program, args })
    }
}

/// `build` in a throw-away environment: nothing is installed into the user's Python.
async fn private_build(context: &Context, python: &Interpreter) -> Result<PathBuf, Problem> {
    context.report.info("Neither uv nor build is installed; using build from a private environment");
    let folder = format!("build-tool-{}", python.python());
    let venv = Venv::create(context, python, &context.state.temp.join(folder)).await?;
    let limit = Limit { time: INSTALL_DEADLINE, code: ErrorCode::BuildFailed };
    let finished = venv.install(context, None, &[BUILD_REQUIREMENT.into()], limit).await?;
    if !finished.success() {
        return Err(Problem::new(ErrorCode::BuildFailed, "the build front end could not be installed")
            .fact("output", last_words(&finished))
            .hint("install uv or build, or set [build] command in shiponce.toml"));
    }
    Ok(venv.python())
}
