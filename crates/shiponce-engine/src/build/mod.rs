//! Building a project into distributions.
//!
//! A build never runs in the user's checkout when it can be helped: it runs in a clean clone of the commit, so that
//! what is published is what is committed, and so that build leftovers never make the tree dirty.

mod beside;
mod command;
mod legs;
mod patch;
mod sound;
mod source;
mod tool;
mod twice;

use crate::context::Context;
use crate::python::{Interpreter, last_words, run};
use crate::report::Say as _;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::canonical::Value;
use shiponce_core::matrix::Leg;
use shiponce_core::{DistFilename, PackageName};
use shiponce_io::process::Command;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use beside::{beside_credentials, refuse_beside_credentials, tell_of_credentials};
pub use command::{BuildRequest, Built, build_project};
pub(crate) use legs::{Legs, interpreters};
pub use patch::ProjectPatch;
pub(crate) use sound::build_sound;
pub(crate) use source::{BuildSource, Workshop};
pub(crate) use tool::BuildTool;

/// How a project is built, resolved.
#[derive(Debug, Clone, Default)]
pub struct BuildOptions {
    /// The command with `{dist}` for the output folder and `{python}` for the interpreter; `None` detects a tool.
    pub command: Option<Vec<String>>,
    /// Variables for the build, part of the input digest.
    pub env: BTreeMap<String, String>,
    /// How long one build may take.
    pub timeout: Duration,
    /// What a variant has of its own.
    pub patch: Option<ProjectPatch>,
}

impl BuildOptions {
    /// The inputs of a build that belong to the identity of a release: command and environment, never toolchain or
    /// host, so that a second machine can adopt the release. Legs are how it is built; which files it must have is
    /// another input.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let command = self
            .command
            .as_ref()
            .map_or(Value::Null, |command| Value::Array(command.iter().map(Value::text).collect()));
        let env = self.env.iter().map(|(name, value)| (name.clone(), Value::text(value)));
        let pairs = [("command", command), ("env", Value::object(env))];
        let patch = self.patch.as_ref().map(|patch| ("project", patch.to_value()));
        Value::object(pairs.into_iter().chain(patch))
    }
}

/// One run of the build.
#[derive(Debug)]
pub(crate) struct Job<'a> {
    pub(crate) options: &'a BuildOptions,
    pub(crate) python: &'a Interpreter,
    pub(crate) source: &'a BuildSource,
    /// The folder for what is built.
    pub(crate) out: &'a Path,
    /// The leg, when it is one of several builds.
    pub(crate) leg: Option<&'a Leg>,
    /// Whether another leg makes the source distribution.
    pub(crate) wheel_only: bool,
}

impl Job<'_> {
    /// What a build command is told besides what the configuration says.
    fn env(&self) -> BTreeMap<String, String> {
        let mut env = self.options.env.clone();
        let mut say = |name: &str, value: String| {
            env.entry(name.to_owned()).or_insert(value);
        };
        if let Some(epoch) = self.source.commit_time {
            say("SOURCE_DATE_EPOCH", epoch.to_string());
        }
        if let Some(patch) = &self.options.patch {
            say("SHIPONCE_PACKAGE", patch.name.written().to_owned());
        }
        if let Some(leg) = self.leg {
            say("SHIPONCE_LEG", leg.to_string());
            say("SHIPONCE_PYTHON", self.python.path.display().to_string());
        }
        env
    }
}

/// Builds and returns the distributions found in the output folder.
pub(crate) async fn build(context: &Context, job: &Job<'_>) -> Result<Vec<PathBuf>, Problem> {
    let Job { options, source, out, .. } = job;
    let made = fs_err::create_dir_all(out);
    made.map_err(|error| {
        Problem::new(ErrorCode::BuildFailed, "the output folder could not be made").cause(error.to_string())
    })?;
    let tool = match &options.command {
        Some(command) => BuildTool::custom(context, command, job)?,
        None => BuildTool::detect(context, job).await?,
    };
    let of = job.leg.map_or(String::new(), |leg| format!(" {leg}"));
    context.report.info(format!("Building{of} with {} from {source}", tool.name));
    let report = context.report.clone();
    let env = context.child_env(&job.env());
    let command = Command::new(tool.program, &source.root, env, options.timeout).args(tool.args).lines(
        std::sync::Arc::new(move |_, line: &str| {
            report.line(shiponce_api::v1::Level::Debug, line);
        }),
    );
    let line = command.display();
    let finished = run(context, command, "the build", ErrorCode::BuildFailed).await?;
    if !finished.success() {
        return Err(Problem::new(
            ErrorCode::BuildFailed,
            format!("the build ended with {}", finished.status),
        )
        .fact("command", line)
        .fact("output", last_words(&finished))
        .note("Nothing was uploaded by this run.")
        .hint("mend the build; it runs the same way outside shiponce"));
    }
    collect(out).map_err(|_| {
        Problem::new(ErrorCode::NoWheels, "ERROR: No wheels found in dist directory!")
            .cause(format!("{} ended well and wrote no distribution", tool.name))
            .note("Nothing was uploaded by this run.")
            .hint("the build must write into the folder given as {dist}")
    })
}

/// The distributions in a folder, sorted by name. Other files are not ours to judge.
pub(crate) fn collect(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let unreadable = |error: std::io::Error| {
        Problem::new(ErrorCode::NoWheels, "ERROR: No wheels found in dist directory!")
            .cause(error.to_string())
    };
    let entries = match fs_err::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(no_wheels(folder)),
        Err(error) => return Err(no_wheels(folder).cause(error.to_string())),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().map(OsString::from).unwrap_or_default();
        let is_distribution = name.to_str().is_some_and(looks_like_distribution);
        if is_distribution && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(no_wheels(folder));
    }
    Ok(files)
}

/// The distributions of one project in a folder that may hold those of others too. A file whose name says no project
/// stays: it is nobody else's either, and is refused by name.
pub(crate) fn collect_of(folder: &Path, project: &PackageName) -> Result<Vec<PathBuf>, Problem> {
    let mut files = collect(folder)?;
    files.retain(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.parse::<DistFilename>().map_or(true, |name| name.project() == project)
    });
    if files.is_empty() {
        return Err(no_wheels(folder).fact("project", project.to_string()));
    }
    Ok(files)
}

/// Whether a file in a dist folder is meant for an index, well-formed or not.
fn looks_like_distribution(name: &str) -> bool {
    name.ends_with(".whl") || name.ends_with(".tar.gz") || matches!(name.parse(), Ok(DistFilename::Sdist(_)))
}

fn no_wheels(folder: &Path) -> Problem {
    Problem::new(ErrorCode::NoWheels, "ERROR: No wheels found in dist directory!")
        .fact("folder", folder.display().to_string())
        .hint("build first, or name the folder with --dist-dir")
}
