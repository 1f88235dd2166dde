//! `verify`: installs what an index holds of a release and imports it. It has no way to write to an index.

use crate::bytes::open_all;
use crate::context::Context;
use crate::install::{Installable, Place, Verdict, VerifyOptions, verify_all};
use crate::observe::observe_or_stop;
use crate::propagation::propagation;
use crate::python::find_interpreter;
use crate::session::{ledger_problem, observer, read_ledger};
use crate::target::ReleaseTarget;
use shiponce_api::v1::{Outcome, VerifyDocument, VerifyRow, VerifyStatus};
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::observation::{Listing, RemoteFile, View};
use shiponce_core::{Blake2b256, FileEntry, Manifest, PackageName, Version};
use shiponce_dist::{Distribution, Kind};
use shiponce_index::Freshness;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What was asked for.
#[derive(Debug)]
pub struct VerifyRequest {
    /// The project.
    pub project: PackageName,
    /// The version; `None` takes the newest on the index.
    pub version: Option<Version>,
    /// Where to install from: exactly one index, or files on this machine.
    pub from: VerifyFrom,
    /// The install verification.
    pub options: VerifyOptions,
}

/// Where the bytes are.
#[derive(Debug)]
pub enum VerifyFrom {
    /// An index.
    Index(Box<ReleaseTarget>),
    /// Files.
    Files(Vec<PathBuf>),
}

/// The answer.
#[derive(Debug)]
pub struct VerifyReport {
    /// For `--json`.
    pub document: VerifyDocument,
    /// Why it failed.
    pub problem: Option<Problem>,
}

/// Installs and imports every file that can run here.
///
/// # Errors
/// When there is nothing to verify or no interpreter; a file that fails is in the report.
pub async fn verify(context: &Context, request: &VerifyRequest) -> Result<VerifyReport, Problem> {
    let (manifest, files, place) = match &request.from {
        VerifyFrom::Index(target) => {
            let (manifest, files) = from_index(context, request, target).await?;
            (manifest, files, Place::of(target))
        }
        VerifyFrom::Files(paths) => {
            let (manifest, files) = from_files(request, paths)?;
            (manifest, files, Place::open("the local files"))
        }
    };
    let python = find_interpreter(context).await?;
    let pythons = std::slice::from_ref(&python);
    let verdicts = verify_all(context, pythons, &manifest, &files, &request.options, place).await?;
    let row = |file: &Installable| {
        let name = file.entry.filename.to_string();
        let (status, detail) = match verdicts.files.get(&name) {
            Some(Verdict::Verified { lines }) => (VerifyStatus::Verified, lines.join("; ")),
            Some(Verdict::Failed { message }) => (VerifyStatus::Failed, message.clone()),
            Some(Verdict::NotVerifiableHere) | None => {
                (VerifyStatus::NotVerifiableHere, "not verifiable here: no matching platform".to_owned())
            }
        };
        VerifyRow {
            filename: name,
            sha256: file.entry.sha256.to_string(),
            from: place.name.to_owned(),
            status,
            detail,
        }
    };
    let rows: Vec<VerifyRow> = files.iter().map(row).collect();
    let any = rows.iter().any(|row| row.status == VerifyStatus::Verified);
    let problem = verdicts.problem.or_else(|| (!any).then(|| nothing_ran(&manifest)));
    let outcome =
        problem.as_ref().map_or(Outcome::NothingToDo, |problem| Outcome::of_failure(problem.exit_code()));
    let document = VerifyDocument {
        outcome,
        project: manifest.project.normalized().to_owned(),
        version: manifest.version.to_string(),
        python: any.then(|| python.version_text()),
        files: rows,
        error: problem.as_ref().map(Into::into),
    };
    Ok(VerifyReport { document, problem })
}

fn nothing_ran(manifest: &Manifest) -> Problem {
    let message = format!("no file of {} {} can run here", manifest.project, manifest.version);
    Problem::new(ErrorCode::InstallVerificationFailed, message)
        .note("not verifiable here: no matching platform")
        .hint("run verify on a machine whose platform has a wheel")
}

async fn from_index(
    context: &Context,
    request: &VerifyRequest,
    target: &ReleaseTarget,
) -> Result<(Manifest, Vec<Installable>), Problem> {
    let targets = std::slice::from_ref(target);
    let seen =
        observe_or_stop(context, &observer(context, targets), &request.project, targets, Freshness::Bypass)
            .await?;
    let listing = match seen.into_iter().next().map(|seen| seen.view) {
        Some(View::Listed(listing)) => listing,
        Some(View::Unobserved { why }) => {
            let message = format!("{} could not be read", target.label);
            return Err(Problem::new(ErrorCode::TargetUnobserved, message).cause(why));
        }
        None => Listing::default(),
    };
    let absent = || {
        let what = request.version.as_ref().map_or_else(String::new, |version| format!(" {version}"));
        Problem::new(
            ErrorCode::NoWheels,
            format!("{} holds no files of {}{what}", target.label, request.project),
        )
        .hint("shiponce versions shows what each index has")
    };
    let version = request.version.clone().or_else(|| listing.versions().pop()).ok_or_else(absent)?;
    let mut files = Vec::new();
    let ledger = read_ledger(context)?;
    let frozen = ledger.manifest(&request.project, &version).map_err(|error| ledger_problem(&error))?;
    for file in listing.of_version(&version) {
        files.push(installable(context, file, frozen.as_ref(), target).await?);
    }
    if files.is_empty() {
        return Err(stale(context, request, target, &version, frozen.as_ref()).await.unwrap_or_else(absent));
    }
    Ok((manifest_of(request, version, &files), files))
}

/// The problem of a release that an installer does not find here although the index has it: one of its pages is old.
async fn stale(
    context: &Context,
    request: &VerifyRequest,
    target: &ReleaseTarget,
    version: &Version,
    frozen: Option<&Manifest>,
) -> Option<Problem> {
    let wanted = frozen?.files.iter().map(|(name, entry)| (name.clone(), entry.sha256)).collect();
    let found = propagation(context, target, &request.project, &wanted, None).await?;
    let message = format!("{} has {} {version} and does not show it here yet", target.label, request.project);
    (found.verdict == "edge-stale").then(|| {
        Problem::new(ErrorCode::TargetUnobserved, message)
            .cause(found.summary)
            .hint("try again in a few minutes")
    })
}

/// A listed file. Where a manifest is frozen, its digest counts: an index that serves other bytes fails. Where the
/// index gives no digest, it is that of the bytes it serves now.
async fn installable(
    context: &Context,
    file: &RemoteFile,
    frozen: Option<&Manifest>,
    target: &ReleaseTarget,
) -> Result<Installable, Problem> {
    let failed = |message: String| Problem::new(ErrorCode::InstallVerificationFailed, message);
    let url = file
        .url
        .clone()
        .ok_or_else(|| failed(format!("{} gives no address for {}", target.label, file.filename)))?;
    let frozen = frozen.and_then(|manifest| manifest.files.get(&file.filename));
    let there = match file.sha256 {
        Some(listed) => listed,
        None => crate::fetch::digest_of(context, &target.index, &url).await?,
    };
    if let Some(entry) = frozen.filter(|entry| entry.sha256 != there) {
        return Err(Problem::new(
            ErrorCode::FileConflict,
            format!("{} is on {} with other bytes", file.filename, target.label),
        )
        .fact("frozen", entry.sha256.to_string())
        .fact("there", there.to_string()));
    }
    let filename =
        file.filename.parse().map_err(|error| Problem::from_error(ErrorCode::WheelInvalid, &error))?;
    let entry =
        FileEntry { filename, size: file.size.unwrap_or(0), sha256: there, blake2b: Blake2b256([0; 32]) };
    Ok(Installable { entry, url, modules: Vec::new() })
}

fn from_files(request: &VerifyRequest, paths: &[PathBuf]) -> Result<(Manifest, Vec<Installable>), Problem> {
    crate::bytes::must_exist(paths)?;
    let files = open_all(paths)?;
    let version = crate::bytes::belong_together(&files, &request.project, request.version.as_ref())?;
    let one = |file: &Distribution| {
        let path = fs_err::canonicalize(&file.path).map_err(|error| {
            Problem::new(ErrorCode::WheelInvalid, "a file is gone").cause(error.to_string())
        })?;
        let url = url::Url::from_file_path(&path).map_err(|()| {
            Problem::new(ErrorCode::WheelInvalid, format!("{} is no file address", path.display()))
        })?;
        let modules = match &file.kind {
            Kind::Wheel(wheel) => wheel.import_candidates(),
            Kind::Sdist(_) => Vec::new(),
        };
        Ok(Installable { entry: file.entry(), url: url.into(), modules })
    };
    let files: Result<Vec<Installable>, Problem> = files.iter().map(one).collect();
    let files = files?;
    Ok((manifest_of(request, version, &files), files))
}

fn manifest_of(request: &VerifyRequest, version: Version, files: &[Installable]) -> Manifest {
    let files = files.iter().map(|file| (file.entry.filename.to_string(), file.entry.clone())).collect();
    Manifest {
        project: request.project.clone(),
        version,
        commit: None,
        inputs: None,
        files,
        assets: BTreeMap::new(),
    }
}
