//! `status`: what is where, without changing anything; also while a release runs in another terminal.

use crate::context::Context;
use crate::github::{StatusPage, page_status};
use crate::observe::{Seen, observe_or_stop};
use crate::planning::plan_with;
use crate::problem::{duration_words, minute};
use crate::project::{git_problem, read_checkout};
use crate::propagation;
use crate::release::TagRule;
use crate::session::{ledger_problem, observer, read_ledger};
use crate::table::planned_rows;
use crate::target::ReleaseTarget;
use shiponce_api::v1::{
    Action, FileRow, Propagation, StatusDocument, StatusListDocument, TargetCell, TargetState,
};
use shiponce_api::{ExitCode, Problem};
use shiponce_core::journal::{History, Sent};
use shiponce_core::observation::{Listing, RemoteFile, View};
use shiponce_core::{Blake2b256, FileEntry, Manifest, PackageName, Sha256, Version};
use shiponce_index::Freshness;
use shiponce_ledger::{Ledger, PressState};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What was asked for.
#[derive(Debug)]
pub struct StatusRequest {
    /// The project.
    pub project: PackageName,
    /// The version; `None` takes the newest that anybody knows.
    pub version: Option<Version>,
    /// The targets.
    pub targets: Vec<ReleaseTarget>,
    /// The release page.
    pub page: Option<StatusPage>,
    /// Versions that somebody means to release, because they are tagged: known even where no place has a file of them.
    pub tagged: Vec<Version>,
}

/// The answer.
#[derive(Debug)]
pub struct StatusReport {
    /// For `--json`.
    pub document: StatusDocument,
    /// Lines about indexes that could not be read, and about the ledger: who works on it, which step.
    pub lines: Vec<String>,
    /// 0 complete, 1 absent, 6 incomplete, 4 conflict, 5 unknown.
    pub exit_code: ExitCode,
}

/// Reads every target and the ledger.
///
/// # Errors
/// When the ledger cannot be read.
pub async fn status(context: &Context, request: &StatusRequest) -> Result<StatusReport, Problem> {
    let ledger = read_ledger(context)?;
    let seen = observe_or_stop(
        context,
        &observer(context, &request.targets),
        &request.project,
        &request.targets,
        Freshness::Bypass,
    )
    .await?;
    let listings: Vec<Option<&Listing>> = seen.iter().map(Seen::listing).collect();
    let version = match &request.version {
        Some(version) => Some(version.clone()),
        None => newest(&ledger, &request.project, &listings)?.into_iter().chain(request.tagged.clone()).max(),
    };
    let mut lines = unread(&request.targets, &seen);
    let Some(version) = version else {
        let exit_code = if lines.is_empty() { ExitCode::Failed } else { ExitCode::Unknown };
        return Ok(StatusReport { document: empty(&request.project), lines, exit_code });
    };
    let frozen = ledger.manifest(&request.project, &version).map_err(|error| ledger_problem(&error))?;
    let (manifest, undigested) = whole_release(&request.project, &version, frozen.clone(), &listings);
    let mut histories = Vec::new();
    for target in &request.targets {
        histories.push(crate::session::histories(&ledger, target, &request.project, &version, None)?);
    }
    let plan = plan_with(context, &request.targets, &manifest, &seen, &histories);
    let mut files = planned_rows(&plan);
    for row in files.iter_mut().filter(|row| undigested.contains(&row.filename)) {
        row.sha256 = None;
        row.size = row.size.filter(|size| *size > 0);
    }
    add_local(context, &mut files, frozen.as_ref());
    for row in &mut files {
        for cell in row.targets.values_mut().filter(|cell| cell.action == Action::Upload) {
            cell.action = Action::Wait;
        }
    }
    let mut exit_code = judge(&files, &request.targets);
    if let Some(page) = &request.page {
        let found = page_status(context, page, &version, &manifest, &mut files).await?;
        exit_code = with_page(exit_code, found.verdict, page.target.required);
        lines.push(found.line);
    }
    let mut propagation = BTreeMap::new();
    for (target, (seen, histories)) in request.targets.iter().zip(seen.iter().zip(&histories)) {
        if let Some(found) = unlisted(context, target, seen, &manifest, histories).await {
            lines.push(found.summary.clone());
            propagation.insert(target.core.name.clone(), found);
        }
    }
    let deadline = deadline(context, request, &version, &listings, exit_code);
    lines.extend(running(&ledger, &request.project)?);
    lines.extend(deadline.as_ref().map(|(_, line)| line.clone()));
    let document = StatusDocument {
        project: request.project.normalized().to_owned(),
        version: Some(version.to_string()),
        complete: exit_code == ExitCode::Done,
        deadline: deadline.map(|(at, _)| at),
        files,
        propagation,
    };
    Ok(StatusReport { document, lines, exit_code })
}

/// What the pages of an index say where one lacks a file that the index took from here: an old page, or a loss.
async fn unlisted(
    context: &Context,
    target: &ReleaseTarget,
    seen: &Seen,
    manifest: &Manifest,
    histories: &BTreeMap<String, History>,
) -> Option<Propagation> {
    let listing = seen.listing()?;
    let taken = |name: &&String| {
        let sent = histories.get(*name).map(|history| &history.sent);
        matches!(sent, Some(Sent::Accepted | Sent::Confirmed)) && !listing.files.contains_key(*name)
    };
    manifest.files.keys().find(taken)?;
    let sent = manifest.files.iter().filter(|(name, _)| taken(name) || listing.files.contains_key(*name));
    let wanted = sent.map(|(name, entry)| (name.clone(), entry.sha256)).collect();
    propagation::propagation(context, target, &manifest.project, &wanted, None).await
}

/// The answer about several releases.
#[derive(Debug)]
pub struct StatusList {
    /// One report each, in the order given.
    pub reports: Vec<StatusReport>,
    /// 0 when nothing is owed, else 6; then 4 and 5 as for one release.
    pub exit_code: ExitCode,
}

impl StatusList {
    /// For `--json`.
    #[must_use]
    pub fn document(&self) -> StatusListDocument {
        let owed = self.reports.iter().filter(|report| report.exit_code == ExitCode::Partial);
        StatusListDocument {
            complete: self.exit_code == ExitCode::Done,
            owed: owed.map(|report| report.document.project.clone()).collect(),
            packages: self.reports.iter().map(|report| report.document.clone()).collect(),
        }
    }
}

/// The same for several releases. A release that was tagged or begun and has no file on production is owed as much as
/// half of one; a project that was never released owes nothing.
///
/// # Errors
/// When the ledger cannot be read.
pub async fn status_of_all(context: &Context, requests: &[StatusRequest]) -> Result<StatusList, Problem> {
    let mut reports = Vec::new();
    for request in requests {
        let mut report = status(context, request).await?;
        report.exit_code = match (report.exit_code, &report.document.version) {
            (ExitCode::Failed, Some(_)) => ExitCode::Partial,
            (ExitCode::Failed, None) => ExitCode::Done,
            (other, _) => other,
        };
        reports.push(report);
    }
    let any = |code: &ExitCode| reports.iter().any(|report| report.exit_code == *code);
    let order = [ExitCode::Partial, ExitCode::Conflict, ExitCode::Unknown];
    let exit_code = order.into_iter().find(any).unwrap_or(ExitCode::Done);
    Ok(StatusList { reports, exit_code })
}

/// The versions that the tags of a repository name for one release, on any commit; none outside a repository.
///
/// # Errors
/// When git is there and fails.
pub async fn tagged_versions(
    context: &Context,
    project: &Path,
    rule: &TagRule,
) -> Result<Vec<Version>, Problem> {
    let Some(checkout) = read_checkout(context, project).await? else { return Ok(Vec::new()) };
    let tags = checkout.repository.tags().await.map_err(|error| git_problem(&error))?;
    Ok(tags.iter().filter_map(|(tag, _)| rule.parse(tag)).collect())
}

fn unread(targets: &[ReleaseTarget], seen: &[Seen]) -> Vec<String> {
    let why = |(target, seen): (&ReleaseTarget, &Seen)| match &seen.view {
        View::Unobserved { why } => Some(format!("{} could not be read: {why}", target.label)),
        View::Listed(_) => None,
    };
    targets.iter().zip(seen).filter_map(why).collect()
}

fn empty(project: &PackageName) -> StatusDocument {
    StatusDocument {
        project: project.normalized().to_owned(),
        version: None,
        complete: false,
        deadline: None,
        files: Vec::new(),
        propagation: BTreeMap::new(),
    }
}

fn newest(
    ledger: &Ledger,
    project: &PackageName,
    listings: &[Option<&Listing>],
) -> Result<Option<Version>, Problem> {
    let manifests = ledger.manifests(project).map_err(|error| ledger_problem(&error))?;
    let frozen = manifests.into_iter().map(|manifest| manifest.version);
    let listed = listings.iter().flatten().flat_map(|listing| listing.versions());
    Ok(frozen.chain(listed).max())
}

/// The frozen manifest, and every other file that any target lists for the version; beside it the names of which no
/// target gives a digest. Those are there, and which bytes they have is not known.
fn whole_release(
    project: &PackageName,
    version: &Version,
    frozen: Option<Manifest>,
    listings: &[Option<&Listing>],
) -> (Manifest, BTreeSet<String>) {
    let mut manifest = frozen.unwrap_or_else(|| Manifest {
        project: project.clone(),
        version: version.clone(),
        commit: None,
        inputs: None,
        files: BTreeMap::new(),
        assets: BTreeMap::new(),
    });
    // Production comes last among the targets; what it holds is what the release is.
    let listed = || listings.iter().rev().flatten().flat_map(|listing| listing.of_version(version));
    let entry = |file: &RemoteFile, sha256: Sha256| {
        let filename = file.filename.parse().ok()?;
        Some(FileEntry { filename, size: file.size.unwrap_or(0), sha256, blake2b: Blake2b256([0; 32]) })
    };
    for file in listed() {
        if let Some(entry) = file.sha256.and_then(|sha256| entry(file, sha256)) {
            manifest.files.entry(file.filename.clone()).or_insert(entry);
        }
    }
    let mut undigested = BTreeSet::new();
    for file in listed().filter(|file| file.sha256.is_none()) {
        if manifest.files.contains_key(&file.filename) {
            continue;
        }
        if let Some(entry) = entry(file, Sha256([0; 32])) {
            manifest.files.insert(file.filename.clone(), entry);
            undigested.insert(file.filename.clone());
        }
    }
    (manifest, undigested)
}

/// The local store as a column of its own.
fn add_local(context: &Context, files: &mut [FileRow], frozen: Option<&Manifest>) {
    let store = context.state.store();
    for row in files {
        let known = frozen.is_some_and(|manifest| manifest.files.contains_key(&row.filename));
        let held = row.sha256.as_deref().and_then(|text| text.parse::<Sha256>().ok()).is_some_and(|sha256| {
            store.is_dir()
                && shiponce_store::Store::open(&store)
                    .and_then(|store| store.contains(sha256))
                    .unwrap_or(false)
        });
        let (state, reason) = match (held, known) {
            (true, _) => (TargetState::Same, "held by the store"),
            (false, true) => (TargetState::Missing, "frozen here, not in the store any more"),
            (false, false) => (TargetState::Missing, "never released from here"),
        };
        row.targets.insert(
            "local".to_owned(),
            TargetCell { state, action: Action::Skip, reason: reason.to_owned() },
        );
    }
}

/// Production decides; without a production target, every target does.
fn judge(files: &[FileRow], targets: &[ReleaseTarget]) -> ExitCode {
    let production: Vec<_> = targets.iter().filter(|target| target.is_production()).collect();
    let judged: Vec<_> = if production.is_empty() { targets.iter().collect() } else { production };
    let states: Vec<TargetState> = files
        .iter()
        .flat_map(|row| judged.iter().filter_map(|target| Some(row.targets.get(&target.core.name)?.state)))
        .collect();
    let any = |wanted: TargetState| states.contains(&wanted);
    let there =
        states.iter().filter(|state| matches!(state, TargetState::Same | TargetState::Yanked)).count();
    match there {
        _ if any(TargetState::Conflict) => ExitCode::Conflict,
        _ if any(TargetState::Unknown) || any(TargetState::DigestUnknown) => ExitCode::Unknown,
        0 => ExitCode::Failed,
        there if there == states.len() => ExitCode::Done,
        _ => ExitCode::Partial,
    }
}

/// A release that is complete on its indexes is not complete without the page that it is configured to have.
fn with_page(indexes: ExitCode, page: ExitCode, required: bool) -> ExitCode {
    match (indexes, page) {
        (ExitCode::Done, ExitCode::Failed | ExitCode::Partial) if required => ExitCode::Partial,
        (ExitCode::Done, page) if required => page,
        _ => indexes,
    }
}

fn deadline(
    context: &Context,
    request: &StatusRequest,
    version: &Version,
    listings: &[Option<&Listing>],
    exit_code: ExitCode,
) -> Option<(String, String)> {
    if exit_code != ExitCode::Partial {
        return None;
    }
    let closing =
        request.targets.iter().zip(listings).filter(|(target, _)| target.is_production()).filter_map(
            |(target, listing)| Some((target, target.core.closes_at(listing.as_ref()?.opened_at(version)?)?)),
        );
    let (target, at) = closing.min_by_key(|(_, at)| *at)?;
    let left = at.since(context.now());
    let line = if left > 0 {
        format!("{} takes the missing files until {} ({})", target.label, minute(at), duration_words(left))
    } else {
        format!("{} closed the release on {}", target.label, minute(at))
    };
    Some((at.to_string(), line))
}

/// What the ledger says about presses that run or were cut off.
fn running(ledger: &Ledger, project: &PackageName) -> Result<Vec<String>, Problem> {
    let presses = ledger.presses(project).map_err(|error| ledger_problem(&error))?;
    let Some(last) = presses.last() else { return Ok(Vec::new()) };
    let steps = ledger.steps(last.id).map_err(|error| ledger_problem(&error))?;
    let step = steps.last().map_or_else(|| "starting".to_owned(), |step| step.phase.clone());
    Ok(match &last.state {
        PressState::Running => vec![format!(
            "A press of {} is running since {}, in step: {step}",
            last.version,
            minute(last.started)
        )],
        PressState::Interrupted => vec![format!(
            "The last press of {} was cut off in step: {step}; press again to finish it",
            last.version
        )],
        PressState::Ended { .. } => Vec::new(),
    })
}
