//! Building: once, or once for every leg of a matrix as far as this machine can, each with an interpreter of its own.

use super::{BuildOptions, BuildSource, Job, Workshop, build};
use crate::context::Context;
use crate::project::Checkout;
use crate::python::{Interpreter, find_interpreter, find_python};
use crate::report::Say as _;
use futures_util::stream::{self, StreamExt as _};
use shiponce_api::v1::Level;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::matrix::Leg;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is built, and from what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Legs<'a> {
    pub(crate) context: &'a Context,
    pub(crate) options: &'a BuildOptions,
    /// The legs of a matrix that this run builds; without any there is one build.
    pub(crate) legs: &'a [Leg],
    /// Whether the first leg also makes the source distribution.
    pub(crate) sdist: bool,
    /// How many legs are built side by side.
    pub(crate) max_jobs: usize,
    pub(crate) workshop: &'a Workshop,
    /// Where rooms and what is built in them go, a folder for this build alone.
    pub(crate) temp: &'a Path,
    /// The project's folder.
    pub(crate) project: &'a Path,
    pub(crate) checkout: Option<&'a Checkout>,
}

/// The interpreters to test with: the one of this machine, then those of the legs that can run here.
///
/// # Errors
/// When no interpreter works at all, or the run is interrupted.
pub(crate) async fn interpreters(context: &Context, legs: &[Leg]) -> Result<Vec<Interpreter>, Problem> {
    let mut pythons: Vec<Interpreter> =
        here(context, legs, false).await?.into_iter().map(|(_, one)| one).collect();
    if pythons.is_empty() {
        pythons.push(find_interpreter(context).await?);
    }
    Ok(pythons)
}

/// The legs that this machine can build, each with its interpreter, in their order. A leg of another platform, and one
/// whose Python is not here, is left out; a message says so if wanted.
async fn here(context: &Context, legs: &[Leg], say: bool) -> Result<Vec<(Leg, Interpreter)>, Problem> {
    let mut found = Vec::new();
    if legs.is_empty() {
        return Ok(found);
    }
    let host = find_interpreter(context).await?;
    for leg in legs {
        let why = if host.platform() != Some(leg.platform) {
            let this = host.platform().map_or_else(|| "another one".to_owned(), |here| here.to_string());
            format!("it is built on {}, and this machine is {this}", leg.platform)
        } else if host.python() == leg.python {
            found.push((leg.clone(), host.clone()));
            continue;
        } else if let Some(python) = find_python(context, leg.python).await? {
            found.push((leg.clone(), python));
            continue;
        } else {
            let python = leg.python;
            format!("no Python {python} is here, neither python{python} on PATH nor one of uv's")
        };
        if say {
            context.report.warning(format!("skipping {leg}: {why}"));
        }
    }
    Ok(found)
}

impl Legs<'_> {
    /// Builds everything and returns the distributions. A leg that fails does not stop the others.
    ///
    /// # Errors
    /// `build-failed` naming every leg that failed, when all were tried.
    pub(crate) async fn build(&self) -> Result<Vec<PathBuf>, Problem> {
        let temp = self.temp;
        if self.legs.is_empty() {
            let python = find_interpreter(self.context).await?;
            return self.one(&python, None, false, &temp.join("room"), &temp.join("dist")).await;
        }
        let here = here(self.context, self.legs, true).await?;
        if here.is_empty() {
            let count = self.legs.len();
            return Err(Problem::new(
                ErrorCode::BuildFailed,
                format!("none of the {count} legs can be built on this machine"),
            )
            .note("Nothing was uploaded by this run.")
            .hint(
                "build them where they belong, and hand their files over with --skip-build --dist-dir DIR",
            ));
        }
        let jobs = here.iter().enumerate().map(|(number, (leg, python))| async move {
            let (room, out) = (temp.join(format!("room-{leg}")), temp.join("dist").join(leg.to_string()));
            // The first leg also makes the source distribution; it belongs to none of them.
            (leg, self.one(python, Some(leg), number > 0 || !self.sdist, &room, &out).await)
        });
        let results: Vec<_> = stream::iter(jobs).buffered(self.max_jobs.max(1)).collect().await;
        self.judge(results)
    }

    async fn one(
        &self,
        python: &Interpreter,
        leg: Option<&Leg>,
        wheel_only: bool,
        room: &Path,
        out: &Path,
    ) -> Result<Vec<PathBuf>, Problem> {
        let source = BuildSource::prepare(self, room).await?;
        let job = Job { options: self.options, python, source: &source, out, leg, wheel_only };
        let built = build(self.context, &job).await;
        if let (Err(problem), Some(leg)) = (&built, leg)
            && problem.code != ErrorCode::Interrupted
        {
            self.context.report.line(Level::Error, &format!("{leg}: {}", problem.message));
        }
        built
    }

    fn judge(&self, results: Vec<(&Leg, Result<Vec<PathBuf>, Problem>)>) -> Result<Vec<PathBuf>, Problem> {
        let total = results.len();
        let (mut files, mut failed) = (BTreeMap::new(), Vec::new());
        for (leg, result) in results {
            match result {
                Ok(paths) => self.merge(leg, paths, &mut files)?,
                Err(problem) if problem.code == ErrorCode::Interrupted => return Err(problem),
                Err(problem) => failed.push((leg, problem)),
            }
        }
        if failed.is_empty() {
            return Ok(files.into_values().map(|(_, path)| path).collect());
        }
        let mut all =
            Problem::new(ErrorCode::BuildFailed, format!("{} of {total} legs failed", failed.len()));
        for (leg, problem) in failed {
            all = all.fact(leg.to_string(), problem.message);
            all.facts.extend(problem.facts);
        }
        Err(all
            .note("Nothing was uploaded by this run.")
            .hint("mend the build of these legs, then press again"))
    }

    /// One name is one file: two legs may make the same wheel, and then its bytes must be the same. Of several source
    /// distributions the first counts.
    fn merge<'l>(
        &self,
        leg: &'l Leg,
        paths: Vec<PathBuf>,
        files: &mut BTreeMap<String, (&'l Leg, PathBuf)>,
    ) -> Result<(), Problem> {
        for path in paths {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let Some((first, before)) = files.get(&name) else {
                files.insert(name, (leg, path));
                continue;
            };
            if !name.ends_with(".whl") || same_bytes(before, &path) {
                continue;
            }
            return Err(Problem::new(
                ErrorCode::BuildFailed,
                format!("{first} and {leg} both built {name}, with other bytes"),
            )
            .note("Nothing was uploaded by this run.")
            .hint("a wheel that serves several Pythons is built once: leave the others out of the matrix")
            .hint("or make the build reproducible, so that both are the same file"));
        }
        Ok(())
    }
}

/// Whether two files are the same; one that cannot be read is not.
fn same_bytes(one: &Path, other: &Path) -> bool {
    match (fs_err::read(one), fs_err::read(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}
