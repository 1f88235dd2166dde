//! Install verification: exactly these bytes, in a clean environment, imported, with the right version.
//!
//! A file is installed by URL and hash, so that nothing else can be tested by accident; its dependencies come from
//! production only, as they will for users. Uploads may be skipped, this never is.

mod probe;

use crate::context::Context;
use crate::python::{Interpreter, Limit, Venv, last_words, run};
use crate::report::Say as _;
use crate::target::ReleaseTarget;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::{DistFilename, FileEntry, Manifest};
use shiponce_index::Index;
use shiponce_io::process::Command;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use probe::Probed;

/// What must hold after an installation.
#[derive(Debug, Clone)]
pub struct VerifyOptions {
    /// Modules to import; empty takes those the wheel contains.
    pub import: Vec<String>,
    /// `metadata`, or `module.attribute`.
    pub version: String,
    /// Further commands, each a program of the environment with its arguments.
    pub commands: Vec<Vec<String>>,
    /// The simple index dependencies come from.
    pub dependencies: String,
    /// Whether pip and uv cannot read that index, because it asks for a credential or for certificates.
    pub dependencies_closed: bool,
    /// A folder with files that dependencies may come from too: what this press has released before, which the index
    /// may not show yet.
    pub find_links: Option<PathBuf>,
    /// How long installing or testing one file may take.
    pub timeout: Duration,
}

impl VerifyOptions {
    /// Whatever the wheel contains, the version of its metadata, no further commands.
    #[must_use]
    pub fn none() -> Self {
        Self {
            import: Vec::new(),
            version: "metadata".to_owned(),
            commands: Vec::new(),
            dependencies: String::new(),
            dependencies_closed: false,
            find_links: None,
            timeout: Duration::from_secs(600),
        }
    }

    fn limit(&self) -> Limit {
        Limit { time: self.timeout, code: ErrorCode::InstallVerificationFailed }
    }
}

/// A file to install and where its bytes are.
#[derive(Debug, Clone)]
pub(crate) struct Installable {
    /// The file.
    pub(crate) entry: FileEntry,
    /// Its address: `https:` on an index or `file:` on this machine, without a fragment.
    pub(crate) url: String,
    /// Top-level modules found in it.
    pub(crate) modules: Vec<String>,
}

/// Where files are installed from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Its name in sentences.
    pub(crate) name: &'a str,
    /// The index, when pip and uv cannot fetch from it. The files are downloaded here then, by digest, and installed
    /// from the disk: a secret in the arguments or the environment of an installer is a secret given away to every
    /// build backend it starts.
    pub(crate) fetch_from: Option<&'a Index>,
}

impl<'a> Place<'a> {
    /// Files whose addresses pip and uv can open.
    pub(crate) fn open(name: &'a str) -> Self {
        Self { name, fetch_from: None }
    }

    /// The files of an index.
    pub(crate) fn of(target: &'a ReleaseTarget) -> Self {
        Self { name: &target.label, fetch_from: target.closed_door.then_some(&target.index) }
    }
}

/// How one file fared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Installed, imported, right version.
    Verified {
        /// Module and version lines, as said.
        lines: Vec<String>,
    },
    /// No tag of the wheel is supported by the interpreter here.
    NotVerifiableHere,
    /// It did not install, import or report its version.
    Failed {
        /// What failed.
        message: String,
    },
}

/// How every file fared.
#[derive(Debug, Default)]
pub(crate) struct Verdicts {
    /// By file name.
    pub(crate) files: BTreeMap<String, Verdict>,
    /// Why the first file failed, with every other failure beside it.
    pub(crate) problem: Option<Problem>,
}

impl Verdicts {
    /// The verdicts of files of which none failed.
    ///
    /// # Errors
    /// `install-verification-failed` with every file that failed.
    pub(crate) fn passed(self) -> Result<BTreeMap<String, Verdict>, Problem> {
        match self.problem {
            Some(problem) => Err(problem),
            None => Ok(self.files),
        }
    }

    /// Takes a file in. What ends the whole run is no verdict about a file.
    fn take(&mut self, name: String, verdict: Result<Verdict, Problem>) -> Result<(), Problem> {
        let verdict = match verdict {
            Ok(verdict) => verdict,
            Err(problem) if problem.code != ErrorCode::InstallVerificationFailed => return Err(problem),
            Err(problem) => {
                let message = problem.message.clone();
                self.problem = Some(match self.problem.take() {
                    None => problem,
                    Some(first) => first.fact("also", format!("{name}: {message}")),
                });
                Verdict::Failed { message }
            }
        };
        self.files.insert(name, verdict);
        Ok(())
    }
}

/// Verifies every file that can run here, a wheel with each of `pythons` that it is for, a source distribution with the
/// first. Wheels for other platforms are reported, not passed. A file that does not install, import or report the
/// release's version does not stop the others: one press shows everything that is wrong.
///
/// # Errors
/// When the run is interrupted.
pub(crate) async fn verify_all(
    context: &Context,
    pythons: &[Interpreter],
    manifest: &Manifest,
    files: &[Installable],
    options: &VerifyOptions,
    place: Place<'_>,
) -> Result<Verdicts, Problem> {
    context.report.info(format!("Testing installation from {}...", place.name));
    // An sdist names no modules; the wheels of the same release do.
    let known: Vec<String> = files.iter().flat_map(|file| file.modules.iter().cloned()).collect();
    let mut verdicts = Verdicts::default();
    for (number, file) in files.iter().enumerate() {
        let name = file.entry.filename.to_string();
        let fitting: Vec<&Interpreter> = match file.entry.filename.as_wheel() {
            Some(wheel) => pythons.iter().filter(|python| python.runs(wheel)).collect(),
            None => pythons.iter().take(1).collect(),
        };
        if fitting.is_empty() {
            context.report.warning(format!("{name}: not verifiable here: no matching platform"));
            verdicts.take(name, Ok(Verdict::NotVerifiableHere))?;
            continue;
        }
        let modules = first_nonempty([&options.import, &file.modules, &known]);
        let mut verdict = Ok(Verdict::NotVerifiableHere);
        for python in fitting {
            if pythons.len() > 1 {
                context.report.info(format!("{name} with Python {}", python.version_text()));
            }
            let dir = context.state.temp.join(format!("verify-{number}-{}", python.python()));
            let said = verify_one(context, python, manifest, file, &modules, options, place, &dir).await;
            // The folder is ours and temporary; what cannot be removed now goes with its parent.
            drop(fs_err::remove_dir_all(&dir));
            verdict = said.map(|lines| Verdict::Verified { lines });
            if verdict.is_err() {
                break;
            }
        }
        verdicts.take(name, verdict)?;
    }
    Ok(verdicts)
}

fn first_nonempty<const N: usize>(candidates: [&Vec<String>; N]) -> Vec<String> {
    let mut found = candidates.into_iter().find(|list| !list.is_empty()).cloned().unwrap_or_default();
    found.dedup();
    found
}

#[expect(clippy::too_many_arguments, reason = "one call site; a struct would only rename the arguments")]
async fn verify_one(
    context: &Context,
    python: &Interpreter,
    manifest: &Manifest,
    file: &Installable,
    modules: &[String],
    options: &VerifyOptions,
    from: Place<'_>,
    dir: &std::path::Path,
) -> Result<Vec<String>, Problem> {
    let place = from.name;
    let name = file.entry.filename.to_string();
    context.report.info(format!("Installing {} from {place}...", manifest.project));
    let venv = Venv::create(context, python, dir).await?;
    let url = match from.fetch_from {
        None => file.url.clone(),
        Some(index) => fetched(context, index, file, &dir.join("downloaded")).await?,
    };
    let requirement = format!("{} @ {url}#sha256={}", manifest.project, file.entry.sha256);
    let mut args = vec![OsString::from(requirement)];
    if let Some(folder) = &options.find_links {
        args.extend(["--find-links".into(), folder.into()]);
    }
    let finished = venv.install(context, Some(&options.dependencies), &args, options.limit()).await?;
    if !finished.success() {
        let problem = Problem::new(
            ErrorCode::InstallVerificationFailed,
            format!("{name} does not install from {place}"),
        )
        .fact("output", last_words(&finished));
        let closed = options.dependencies_closed.then_some(
            "dependencies and build backends come from an index that pip and uv cannot read; name another: \
             [verify] index = \"https://…\"",
        );
        let problem = closed.into_iter().fold(problem, Problem::hint);
        return Err(problem
            .hint("if an index or the network failed, press again: the same files are tried again")
            .hint("otherwise mend the package and release a new version; nothing was sent to production"));
    }
    let installed = match &file.entry.filename {
        DistFilename::Wheel(_) => "Package installed",
        DistFilename::Sdist(_) => "Package built from its sdist and installed",
    };
    context.report.success(format!("{installed} from {place}"));
    let probed = probe::probe(context, &venv, manifest, modules, &options.version).await?;
    let lines = judge(&probed, manifest, file, place)?;
    for line in &lines {
        context.report.success(line);
    }
    for command in &options.commands {
        run_command(context, &venv, command, options.timeout).await?;
    }
    Ok(lines)
}

/// Downloads a file into `folder`; the address of what is there then.
async fn fetched(
    context: &Context,
    index: &Index,
    file: &Installable,
    folder: &std::path::Path,
) -> Result<String, Problem> {
    let path = folder.join(file.entry.filename.to_string());
    let stored = fs_err::create_dir_all(folder).and_then(|()| fs_err::File::create(&path));
    let mut sink = stored.map_err(|error| {
        Problem::new(ErrorCode::InstallVerificationFailed, "a downloaded file could not be stored")
            .cause(error.to_string())
    })?;
    crate::fetch::into_file(context, index, &file.url, file.entry.sha256, &mut sink).await?;
    url::Url::from_file_path(&path).map(String::from).map_err(|()| {
        Problem::new(ErrorCode::InstallVerificationFailed, format!("{} is no file address", path.display()))
    })
}

/// Turns what the environment reported into lines to say, or the reason it failed.
fn judge(
    probed: &Probed,
    manifest: &Manifest,
    file: &Installable,
    place: &str,
) -> Result<Vec<String>, Problem> {
    let failed = |message: String| {
        Problem::new(ErrorCode::InstallVerificationFailed, message).hint(format!(
            "{} was installed from {place}; nothing was sent to production. Mend it and release a new version",
            file.entry.filename
        ))
    };
    if let Some(sha256) = &probed.archive_sha256
        && *sha256 != file.entry.sha256.to_string()
    {
        return Err(failed(format!("{place} served other bytes for {}", file.entry.filename))
            .fact("expected", file.entry.sha256.to_string())
            .fact("installed", sha256.clone()));
    }
    for (module, outcome) in &probed.imports {
        if let Some(error) = &outcome.error {
            return Err(failed(format!("[ERROR] Failed to import {module}")).fact("output", error.clone()));
        }
    }
    let reported = probed.version.as_deref().unwrap_or_default();
    if reported.parse().ok().as_ref() != Some(&manifest.version) {
        return Err(failed(format!(
            "the installed package reports version {reported:?}, expected {}",
            manifest.version
        )));
    }
    let version_of = |own: &Option<String>| own.clone().unwrap_or_else(|| reported.to_owned());
    Ok(probed
        .imports
        .iter()
        .map(|(module, outcome)| format!("{module} version: {}", version_of(&outcome.version)))
        .collect())
}

async fn run_command(
    context: &Context,
    venv: &Venv,
    command: &[String],
    limit: Duration,
) -> Result<(), Problem> {
    let Some((program, args)) = command.split_first() else { return Ok(()) };
    let executable = venv.bin().join(program);
    let env = context.child_env(&BTreeMap::new());
    let what = format!("[verify] command `{}`", command.join(" "));
    if !executable.is_file() {
        return Err(Problem::new(
            ErrorCode::InstallVerificationFailed,
            format!("{what}: the package installs no such program"),
        ));
    }
    let finished = run(
        context,
        Command::new(executable, &context.state.temp, env, limit).args(args),
        &what,
        ErrorCode::InstallVerificationFailed,
    )
    .await?;
    if finished.success() {
        context.report.success(format!("{what} succeeded"));
        return Ok(());
    }
    Err(Problem::new(ErrorCode::InstallVerificationFailed, format!("{what} ended with {}", finished.status))
        .fact("output", last_words(&finished)))
}
