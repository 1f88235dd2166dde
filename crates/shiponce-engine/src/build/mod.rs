//! Building a project into distributions.
//!
//! A build never runs in the user's checkout when it can be helped: it runs in a clean clone of the commit, so that
//! what is published is what is committed, and so that build leftovers never make the tree dirty.

mod source;
mod tool;

use crate::context::Context;
use crate::python::{Interpreter, last_words, run};
use crate::report::Say as _;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::DistFilename;
use shiponce_core::canonical::Value;
use shiponce_io::process::Command;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use source::BuildSource;
pub(crate) use tool::BuildTool;

/// How a project is built, resolved.
#[derive(Debug, Clone)]
pub struct BuildOptions {
    /// The command with `{dist}` for the output folder; `None` detects a tool.
    pub command: Option<Vec<String>>,
    /// Variables for the build, part of the input digest.
    pub env: BTreeMap<String, String>,
    /// How long the build may take.
    pub timeout: Duration,
}

impl BuildOptions {
    /// The inputs of a build that belong to the identity of a release: command and environment, never toolchain or
    /// host, so that a second machine can adopt the release.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let command = self
            .command
            .as_ref()
            .map_or(Value::Null, |command| Value::Array(command.iter().map(Value::text).collect()));
        let env = self.env.iter().map(|(name, value)| (name.clone(), Value::text(value)));
        Value::object([("command", command), ("env", Value::object(env))])
    }
}

/// Builds `source` into `out` and returns the distributions found there.
pub(crate) async fn build(
    context: &Context,
    python: &Interpreter,
    options: &BuildOptions,
    source: &BuildSource,
    out: &Path,
) -> Result<Vec<PathBuf>, Problem> {
    let tool = match &options.command {
        Some(command) => BuildTool::custom(context, command, out)?,
        None => BuildTool::detect(context, python, out).await?,
    };
    context.report.info(format!("Building with {} from {source}", tool.name));
    let mut env = options.env.clone();
    if let Some(epoch) = source.commit_time {
        env.entry("SOURCE_DATE_EPOCH".to_owned()).or_insert_with(|| epoch.to_string());
    }
    let report = context.report.clone();
    let command = Command::new(tool.program, &source.root, context.child_env(&env), options.timeout)
        .args(tool.args)
        .lines(std::sync::Arc::new(move |_, line: &str| {
            report.line(shiponce_api::v1::Level::Debug, line);
        }));
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

/// Whether a file in a dist folder is meant for an index, well-formed or not.
fn looks_like_distribution(name: &str) -> bool {
    name.ends_with(".whl") || name.ends_with(".tar.gz") || matches!(name.parse(), Ok(DistFilename::Sdist(_)))
}

fn no_wheels(folder: &Path) -> Problem {
    Problem::new(ErrorCode::NoWheels, "ERROR: No wheels found in dist directory!")
        .fact("folder", folder.display().to_string())
        .hint("build first, or name the folder with --dist-dir")
}
