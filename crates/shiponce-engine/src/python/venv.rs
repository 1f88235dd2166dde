//! Clean environments, made with uv where it is present, else with `venv` and pip.

use super::{Interpreter, last_words, run};
use crate::context::Context;
use shiponce_api::{ErrorCode, Problem};
use shiponce_io::process::{Command, Finished, find_program};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long creating an environment may take.
const CREATE_DEADLINE: Duration = Duration::from_secs(300);

/// How long an installation may take, and whose failure it is when it takes longer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) time: Duration,
    pub(crate) code: ErrorCode,
}

/// A virtual environment in a folder of our own.
#[derive(Debug)]
pub(crate) struct Venv {
    dir: PathBuf,
    uv: Option<PathBuf>,
}

impl Venv {
    /// Makes an environment in `dir`.
    pub(crate) async fn create(context: &Context, base: &Interpreter, dir: &Path) -> Result<Self, Problem> {
        let path = context.environment.get("PATH").unwrap_or(OsStr::new(""));
        let uv = find_program("uv", path);
        if uv.is_none() && !base.has_venv {
            return Err(Problem::new(
                ErrorCode::PythonMissing,
                format!("{} has no venv module", base.path.display()),
            )
            .hint("install the distribution's package for it (python3-venv on Debian), or uv"));
        }
        let env = context.child_env(&BTreeMap::new());
        let command = match &uv {
            Some(uv) => Command::new(uv, &context.state.temp, env, CREATE_DEADLINE)
                .args(["venv", "--quiet", "--no-project", "--python"])
                .arg(&base.path)
                .arg(dir),
            None => Command::new(&base.path, &context.state.temp, env, CREATE_DEADLINE)
                .args(["-I", "-m", "venv"])
                .arg(dir),
        };
        let line = command.display();
        let finished = run(context, command, "making a clean environment", ErrorCode::PythonMissing).await?;
        if !finished.success() {
            return Err(Problem::new(
                ErrorCode::PythonMissing,
                "a clean Python environment could not be made",
            )
            .fact("command", line)
            .fact("output", last_words(&finished)));
        }
        Ok(Self { dir: dir.to_owned(), uv })
    }

    /// The environment's interpreter.
    pub(crate) fn python(&self) -> PathBuf {
        self.bin().join(if cfg!(windows) { "python.exe" } else { "python" })
    }

    /// The folder with its programs.
    pub(crate) fn bin(&self) -> PathBuf {
        self.dir.join(if cfg!(windows) { "Scripts" } else { "bin" })
    }

    /// Runs `pip install` (uv's or pip's own) with `args`. With `index`, dependencies come from that index and
    /// nowhere else, whatever the user's configuration says; without it the user's own settings hold.
    pub(crate) async fn install(
        &self,
        context: &Context,
        index: Option<&str>,
        args: &[OsString],
        limit: Limit,
    ) -> Result<Finished, Problem> {
        let mut env = context.child_env(&BTreeMap::new());
        if index.is_some() {
            for name in [
                "PIP_EXTRA_INDEX_URL",
                "PIP_FIND_LINKS",
                "PIP_NO_INDEX",
                "UV_EXTRA_INDEX_URL",
                "UV_INDEX",
                "UV_FIND_LINKS",
                "UV_NO_INDEX",
            ] {
                env = env.without(name);
            }
            // Configuration files of the user name other sources too; the environment has passed on what the
            // network needs (proxies, certificates).
            env = env
                .with("PIP_CONFIG_FILE", if cfg!(windows) { "nul" } else { "/dev/null" })
                .with("UV_NO_CONFIG", "1");
        }
        let command = match &self.uv {
            Some(uv) => Command::new(uv, &context.state.temp, env, limit.time)
                .args(["pip", "install", "--quiet", "--no-cache", "--python"])
                .arg(self.python())
                .args(
                    index.map(|index| ["--default-index".to_owned(), index.to_owned()]).into_iter().flatten(),
                ),
            None => Command::new(self.python(), &context.state.temp, env, limit.time)
                .args([
                    "-I",
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--no-cache-dir",
                    "--no-input",
                    "--disable-pip-version-check",
                ])
                .args(index.map(|index| ["--index-url".to_owned(), index.to_owned()]).into_iter().flatten()),
        };
        run(context, command.args(args.iter().cloned()), "installing", limit.code).await
    }
}
