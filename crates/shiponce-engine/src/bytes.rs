//! The bytes of a release in hand: opened, described, checked, stored.

use crate::context::Context;
use crate::install::Installable;
use crate::report::Say as _;
use crate::stage::Payload;
use crate::target::ReleaseTarget;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::{Manifest, PackageName, Sha256, Version};
use shiponce_dist::{Distribution, Finding, Kind, Ruleset, check, check_set};
use shiponce_store::{Lookup, Store};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Files that are read at the same time, at most.
const WORKERS_MAX: usize = 8;

/// The distributions of a folder, sorted by name.
///
/// # Errors
/// `no-wheels` when there is none.
pub fn files_of_folder(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    crate::build::collect(folder).map_err(|mut problem| {
        problem.hints = vec!["build first, or say where the files are".to_owned()];
        problem
    })
}

/// Refuses paths at which there is no file: a slip of the command line, and nothing about any wheel.
///
/// # Errors
/// `usage` naming the first one, and all others.
pub(crate) fn must_exist(paths: &[PathBuf]) -> Result<(), Problem> {
    let mut missing = paths.iter().filter(|path| !path.exists()).map(|path| path.display().to_string());
    let Some(first) = missing.next() else { return Ok(()) };
    let problem = Problem::new(ErrorCode::Usage, format!("there is no file {first}"));
    Err(missing
        .fold(problem, |problem, path| problem.fact("nor", path))
        .note("Nothing was uploaded by this run."))
}

/// Opens every file: parses its name, reads its metadata, hashes it in one pass. Several files are opened side by
/// side, because hashing is what a press that finds everything done spends its time on.
///
/// # Errors
/// `wheel-invalid` naming the first file that is unsound, what is wrong with it, and every other such file.
pub(crate) fn open_all(paths: &[PathBuf]) -> Result<Vec<Distribution>, Problem> {
    let (mut files, mut unsound) = (Vec::with_capacity(paths.len()), Vec::new());
    for (path, opened) in side_by_side(paths, |path| (path, Distribution::open(path))) {
        match opened {
            Ok(file) => files.push(file),
            Err(error) => unsound.push((path, Problem::from_error(ErrorCode::WheelInvalid, &error))),
        }
    }
    let mut unsound = unsound.into_iter();
    let Some((path, first)) = unsound.next() else { return Ok(files) };
    let all = unsound.fold(first.fact("file", path.display().to_string()), |all, (path, other)| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let said = other.causes.iter().fold(other.message, |said, cause| format!("{said}: {cause}"));
        all.fact("also", if said.contains(&name) { said } else { format!("{name}: {said}") })
    });
    Err(all
        .note("Nothing was uploaded by this run.")
        .hint("build the file again, or remove it from the folder"))
}

/// [`open_all`] whose error also lists what the rules find in the files that can be opened, so that one look tells
/// everything that has to be mended.
///
/// # Errors
/// As [`open_all`].
pub(crate) fn open_checked(
    paths: &[PathBuf],
    targets: &[ReleaseTarget],
) -> Result<Vec<Distribution>, Problem> {
    open_all(paths).map_err(|problem| {
        let sound: Vec<Distribution> =
            side_by_side(paths, |path| Distribution::open(path).ok()).into_iter().flatten().collect();
        let rejected = findings_of(&sound, targets).into_iter().filter(Finding::is_rejected);
        rejected.fold(problem, |problem, finding| problem.fact("also", finding.to_string()))
    })
}

/// Runs `work` on every item on as many threads as there are processors and items, at most eight: more only wait for
/// the same disk. The answers come in the order of the items, whoever found them.
fn side_by_side<'a, I: Sync, T: Send>(items: &'a [I], work: impl Fn(&'a I) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        while let Some((number, item)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|n| Some((n, items.get(n)?)))
        {
            done.push((number, work(item)));
        }
        done
    };
    let workers =
        std::thread::available_parallelism().map_or(1, usize::from).min(items.len()).min(WORKERS_MAX);
    let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(worker)).collect();
        let mut done = worker();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, answer)| answer).collect()
}

/// Refuses files that are not of this project and version.
///
/// # Errors
/// `foreign-wheel` naming the odd file.
pub(crate) fn belong_together(
    files: &[Distribution],
    project: &PackageName,
    version: Option<&Version>,
) -> Result<Version, Problem> {
    let foreign = |file: &Distribution, message: String| {
        Problem::new(ErrorCode::ForeignWheel, message)
            .fact("file", file.filename.to_string())
            .note("Nothing was uploaded by this run.")
            .hint("remove it, or name the files to publish")
    };
    let mut agreed: Option<(Version, String)> =
        version.map(|version| (version.clone(), "the project".to_owned()));
    for file in files {
        let name = file.filename.to_string();
        if file.filename.project() != project {
            let message =
                format!("{name} belongs to the project {}, not to {project}", file.filename.project());
            return Err(foreign(file, message));
        }
        match &agreed {
            Some((version, source)) if file.filename.version() != version => {
                let message = format!("{name} is version {}, {source} is {version}", file.filename.version());
                return Err(foreign(file, message));
            }
            Some(_) => {}
            None => agreed = Some((file.filename.version().clone(), name)),
        }
    }
    agreed
        .map(|(version, _)| version)
        .ok_or_else(|| Problem::new(ErrorCode::NoWheels, "ERROR: No wheels found in dist directory!"))
}

/// Files that were opened, and what the rules say about them.
#[derive(Debug)]
pub(crate) struct Looked {
    pub(crate) files: Vec<Distribution>,
    pub(crate) findings: Vec<Finding>,
}

impl Looked {
    /// Opens the files and holds them against the acceptance rules of every target.
    ///
    /// # Errors
    /// As [`open_all`]. What the rules find is no error yet: see [`Looked::judge`].
    pub(crate) fn at(paths: &[PathBuf], targets: &[ReleaseTarget]) -> Result<Self, Problem> {
        let files = open_checked(paths, targets)?;
        let findings = findings_of(&files, targets);
        Ok(Self { files, findings })
    }

    /// The names of the files, for a sentence.
    pub(crate) fn names(&self) -> String {
        self.files.iter().map(|file| file.filename.to_string()).collect::<Vec<_>>().join(", ")
    }

    /// Says the remarks, and gives their number.
    ///
    /// # Errors
    /// `check-failed` with every finding that an index would refuse.
    pub(crate) fn judge(&self, context: &Context) -> Result<usize, Problem> {
        judge(context, &self.findings)
    }
}

/// Holds the files against the acceptance rules of every target.
///
/// # Errors
/// `check-failed` with every finding that an index would refuse.
pub(crate) fn check_files(
    context: &Context,
    files: &[Distribution],
    targets: &[ReleaseTarget],
) -> Result<usize, Problem> {
    judge(context, &findings_of(files, targets))
}

fn findings_of(files: &[Distribution], targets: &[ReleaseTarget]) -> Vec<Finding> {
    let strict = targets.is_empty() || targets.iter().any(|target| target.strict_files);
    let rules = if strict { Ruleset::Pypi } else { Ruleset::Permissive };
    let mut findings: Vec<Finding> =
        side_by_side(files, |file| check(file, rules)).into_iter().flatten().collect();
    findings.extend(check_set(files));
    findings
}

fn judge(context: &Context, findings: &[Finding]) -> Result<usize, Problem> {
    let (rejected, remarks): (Vec<_>, Vec<_>) = findings.iter().partition(|finding| finding.is_rejected());
    for finding in &remarks {
        context.report.warning(finding.to_string());
    }
    let Some(first) = rejected.first() else { return Ok(remarks.len()) };
    let mut problem = Problem::new(ErrorCode::CheckFailed, first.to_string());
    for finding in rejected.iter().skip(1) {
        problem = problem.fact("also", finding.to_string());
    }
    Err(problem.note("Nothing was uploaded by this run.").hint(first.hint))
}

/// The manifest of files in hand.
pub(crate) fn manifest_of(
    files: &[Distribution],
    project: &PackageName,
    version: &Version,
    commit: Option<String>,
    inputs: Option<Sha256>,
) -> Manifest {
    let files = files.iter().map(|file| (file.filename.to_string(), file.entry())).collect();
    Manifest {
        project: project.clone(),
        version: version.clone(),
        commit,
        inputs,
        files,
        assets: BTreeMap::new(),
    }
}

/// Opens the user's store.
pub(crate) fn open_store(context: &Context) -> Result<Store, Problem> {
    Store::open(&context.state.store()).map_err(|error| store_problem(&error))
}

/// Copies every file into the store.
pub(crate) fn store_all(context: &Context, store: &Store, files: &[Distribution]) -> Result<(), Problem> {
    for file in files {
        let stored =
            store.put_file(&file.path, file.digests.sha256).map_err(|error| store_problem(&error))?;
        if let Some(warning) = stored.warning {
            context.report.warning(format!("{warning}"));
        }
    }
    Ok(())
}

fn store_problem(error: &shiponce_store::Error) -> Problem {
    Problem::from_error(ErrorCode::LedgerUnusable, error)
        .note("Nothing was uploaded by this run.")
        .hint("make room on the disk of the state directory, or choose another with --state-dir")
}

/// The files of a frozen manifest out of the store, under their own names; the names that are missing.
///
/// # Errors
/// When the disk fails. Damaged entries are set aside by the store and count as missing.
pub(crate) fn from_store(
    context: &Context,
    store: &Store,
    manifest: &Manifest,
    folder: &Path,
) -> Result<(Vec<PathBuf>, Vec<String>), Problem> {
    let files = manifest.files.iter().map(|(name, entry)| (name.as_str(), entry.sha256));
    named_from_store(context, store, files, folder)
}

/// The same for any names and digests.
pub(crate) fn named_from_store<'a>(
    context: &Context,
    store: &Store,
    files: impl Iterator<Item = (&'a str, Sha256)>,
    folder: &Path,
) -> Result<(Vec<PathBuf>, Vec<String>), Problem> {
    fs_err::create_dir_all(folder).map_err(|error| {
        Problem::new(ErrorCode::LedgerUnusable, "no temporary folder can be made").cause(error.to_string())
    })?;
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for (name, sha256) in files {
        match store.materialise(sha256, name, folder).map_err(|error| store_problem(&error))? {
            Lookup::Found(path) => found.push(path),
            Lookup::Missing => missing.push(name.to_owned()),
            Lookup::Quarantined(damaged) => {
                context.report.warning(format!(
                    "the stored copy of {name} is damaged and was set aside: {}",
                    damaged.path.display()
                ));
                missing.push(name.to_owned());
            }
        }
    }
    Ok((found, missing))
}

/// What uploads send: the forms, and the stored bytes behind them.
pub(crate) fn payloads(store: &Store, files: &[Distribution]) -> Result<BTreeMap<String, Payload>, Problem> {
    let mut payloads = BTreeMap::new();
    for file in files {
        let name = file.filename.to_string();
        let artifact = store.artifact(file.digests.sha256).map_err(|error| store_problem(&error))?;
        let artifact = artifact.found().ok_or_else(|| crate::problem::bytes_missing(&name, &[]))?;
        payloads.insert(
            name,
            Payload { form: file.form(), source: Arc::new(artifact), attestations: Vec::new() },
        );
    }
    Ok(payloads)
}

/// What the install verification needs of each file, addressed by `url`.
pub(crate) fn installables(
    files: &[Distribution],
    url: impl Fn(&Distribution) -> Option<String>,
) -> Result<Vec<Installable>, Problem> {
    let one = |file: &Distribution| {
        let url = url(file).ok_or_else(|| {
            let message = format!("no address is known for {}", file.filename);
            Problem::new(ErrorCode::InstallVerificationFailed, message)
        })?;
        let modules = match &file.kind {
            Kind::Wheel(wheel) => wheel.import_candidates(),
            Kind::Sdist(_) => Vec::new(),
        };
        Ok(Installable { entry: file.entry(), url, modules })
    };
    files.iter().map(one).collect()
}
