//! `publish`: the smallest step to adopt. Files in, no checkout, no build; identical files are skipped, different
//! ones refused, everything is read back.

use crate::attest::{Attested, Beside, judge, split_given};
use crate::bytes::{
    belong_together, check_files, manifest_of, must_exist, open_checked, open_store, payloads, store_all,
};
use crate::context::Context;
use crate::digest::sha256_of;
use crate::dry::{say_addresses, show_plan};
use crate::observe::{Seen, observe_or_stop};
use crate::planning::{Answered, agree, make_plan, observe_now, plan_lines, stops_before_writing};
use crate::release::{Finished, Steps, outcome_word};
use crate::report::Say as _;
use crate::session::{Session, dry_observer, read_ledger};
use crate::stage::{Payload, StageReport};
use crate::stages::{Incomplete, Stages, Traces};
use crate::table::{file_rows, manifest_digest, planned_rows, receipt_of};
use crate::target::ReleaseTarget;
use crate::trusted::give_back;
use shiponce_api::v1::{FileRow, Outcome, Receipt, ReleaseDocument, StepStatus, to_text};
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::plan::Plan;
use shiponce_core::{Manifest, PackageName, Sha256};
use shiponce_dist::Distribution;
use shiponce_index::Freshness;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What was asked for.
#[derive(Debug)]
pub struct PublishRequest {
    /// The files.
    pub files: Vec<PathBuf>,
    /// A manifest the files must be equal to: what an approver has seen.
    pub expected: Option<Manifest>,
    /// Targets.
    pub targets: Vec<ReleaseTarget>,
    /// What was left out by a flag.
    pub left_out: Vec<String>,
    /// Whether anything is written: `false` for a dry run.
    pub write: bool,
    /// How long to wait for another press.
    pub wait: Duration,
}

/// Publishes files that exist.
pub async fn publish(context: &Context, request: &PublishRequest) -> Finished {
    let mut run = Run {
        context,
        request,
        steps: Steps::default(),
        project: None,
        manifest: None,
        files: Vec::new(),
        reports: BTreeMap::new(),
        receipt: None,
        attested: Attested::default(),
    };
    let result = run.run().await;
    give_back(context, &request.targets).await;
    run.finish(result)
}

struct Run<'a> {
    context: &'a Context,
    request: &'a PublishRequest,
    steps: Steps,
    project: Option<PackageName>,
    manifest: Option<Manifest>,
    files: Vec<FileRow>,
    reports: BTreeMap<String, StageReport>,
    receipt: Option<Receipt>,
    attested: Attested,
}

impl Run<'_> {
    async fn run(&mut self) -> Result<Outcome, Problem> {
        for line in &self.request.left_out {
            self.context.report.warning(line);
            self.steps.note("left out", StepStatus::Skipped, line.as_str());
        }
        self.steps.reach("files");
        must_exist(&self.request.files)?;
        let (files, given) = split_given(&self.request.files)?;
        let files = open_checked(&files, &self.request.targets)?;
        let Some(first) = files.first() else {
            return Err(Problem::new(ErrorCode::NoWheels, "ERROR: No wheels found in dist directory!")
                .hint("name the files to publish"));
        };
        let project = first.filename.project().clone();
        let version = belong_together(&files, &project, None)?;
        let manifest = manifest_of(&files, &project, &version, None, None);
        self.project = Some(project.clone());
        self.manifest = Some(manifest.clone());
        if let Some(expected) = &self.request.expected {
            same_as_expected(expected, &manifest)?;
        }
        self.steps.note("files", StepStatus::Done, format!("{} files of {project} {version}", files.len()));
        let beside: Vec<Beside> = files.iter().map(Beside::of).collect();
        self.attested = Attested::find(&self.request.targets, &beside, &given)?;

        if !self.request.write {
            return self.dry_run(&files, &manifest).await;
        }
        self.steps.reach("lease");
        let session = Session::begin(self.context, &project, self.request.wait).await?;
        let result = self.run_holding(&session, &files, manifest).await;
        let word = match &result {
            Ok(outcome) => outcome_word(*outcome),
            Err(problem) => problem.code.slug().to_owned(),
        };
        session.end(&word);
        result
    }

    /// Every read, no lease, no row.
    async fn dry_run(&mut self, files: &[Distribution], manifest: &Manifest) -> Result<Outcome, Problem> {
        self.steps.reach("observe");
        let targets = &self.request.targets;
        say_addresses(self.context, &manifest.project, targets);
        let observer = dry_observer(self.context, targets);
        let seen =
            observe_or_stop(self.context, &observer, &manifest.project, targets, Freshness::Bypass).await?;
        self.steps.reach("plan");
        let ledger = read_ledger(self.context)?;
        let shown = show_plan(self.context, &ledger, targets, manifest, &seen)?;
        self.check(files, &shown.plan)?;
        self.steps.reach("plan");
        self.files = shown.files;
        let outcome = shown.verdict?;
        self.provenance(&shown.plan, &seen)?;
        Ok(outcome)
    }

    async fn run_holding(
        &mut self,
        session: &Session<'_>,
        files: &[Distribution],
        manifest: Manifest,
    ) -> Result<Outcome, Problem> {
        self.steps.reach("observe");
        let targets = &self.request.targets;
        let seen = observe_now(session, targets, &manifest.project).await?;
        self.steps.reach("plan");
        session.begin_press(&manifest.version, None, "publish")?;
        let (mut plan, mut seen) = make_plan(session, targets, &manifest, seen).await?;
        self.files = planned_rows(&plan);
        self.check(files, &plan)?;
        self.steps.reach("plan");
        // Bytes that an index contradicts must not be frozen: the true ones could never be resumed afterwards.
        stops_before_writing(self.context, session, targets, &plan, &seen)?;
        self.provenance(&plan, &seen)?;
        if may_send(&plan) == 0 {
            return self.stages(session, &manifest, &BTreeMap::new(), &seen).await;
        }
        self.steps.reach("freeze");
        let store = open_store(self.context)?;
        store_all(self.context, &store, files)?;
        session.hand_over(&manifest, "given to publish")?;
        // Names another press froze stay frozen; this press sends the files it was given.
        session.freeze(&manifest)?;
        let mut payloads = payloads(&store, files)?;
        self.attested.attach(&mut payloads);
        for line in plan_lines(&plan, targets) {
            self.context.report.info(line);
        }
        self.steps.reach("confirm");
        if agree(session, targets, &mut plan, &mut seen, &[], Answered::NotYet).await? {
            self.steps.note("confirm", StepStatus::Done, "confirmed");
        }
        self.stages(session, &manifest, &payloads, &seen).await
    }

    /// Files that are there already were judged by the index; only what is to be sent is held against the rules.
    fn check(&mut self, files: &[Distribution], plan: &Plan) -> Result<(), Problem> {
        let to_send = |file: &&Distribution| {
            let name = file.filename.to_string();
            self.request
                .targets
                .iter()
                .any(|target| plan.cell(&target.core.name, &name).is_some_and(|cell| cell.action.may_send()))
        };
        self.steps.reach("check");
        let sending: Vec<Distribution> = files.iter().filter(to_send).cloned().collect();
        if sending.is_empty() {
            self.steps.note("check", StepStatus::Skipped, "nothing is to be sent");
            return Ok(());
        }
        let remarks = check_files(self.context, &sending, &self.request.targets)?;
        self.steps.note("check", StepStatus::Done, format!("{} files, {remarks} remarks", sending.len()));
        Ok(())
    }

    /// What goes where with attestations, and the refusal where one would be missed.
    fn provenance(&mut self, plan: &Plan, seen: &[Seen]) -> Result<(), Problem> {
        let targets = &self.request.targets;
        if let Some(said) = judge(self.context, targets, plan, seen, &self.attested)? {
            self.steps.note("attestations", StepStatus::Done, said);
        }
        Ok(())
    }

    async fn stages(
        &mut self,
        session: &Session<'_>,
        manifest: &Manifest,
        payloads: &BTreeMap<String, Payload>,
        seen: &[Seen],
    ) -> Result<Outcome, Problem> {
        let targets = &self.request.targets;
        let stages = Stages { session, targets, manifest, payloads };
        let mut traces = Traces { steps: &mut self.steps, reports: &mut self.reports };
        for (target, seen) in targets.iter().zip(seen).filter(|(target, _)| !target.is_production()) {
            match stages.one(&mut traces, target, seen).await {
                Ok(()) => {}
                Err(Incomplete { problem, halts }) if target.core.required || halts => return Err(problem),
                Err(Incomplete { problem, .. }) => {
                    let line = format!("{} is advisory and left out: {}", target.label, problem.message);
                    self.context.report.warning(line);
                }
            }
        }
        stages.production(&mut traces, seen).await?;
        self.steps.reach("receipt");
        let receipt = receipt_of(self.context, manifest, targets, &self.reports);
        let text = to_text(&receipt).map_err(|error| Problem::from_error(ErrorCode::Internal, &error))?;
        session.put_receipt(&manifest.version, &text)?;
        self.receipt = Some(receipt);
        self.context
            .report
            .success(format!("{} {}: every file is there", manifest.project, manifest.version));
        let sent = self.reports.values().any(|report| report.uploaded > 0);
        Ok(if sent { Outcome::Released } else { Outcome::NothingToDo })
    }

    fn finish(mut self, result: Result<Outcome, Problem>) -> Finished {
        if let Err(problem) = &result {
            self.steps.fail(problem);
        }
        file_rows(&mut self.files, &self.request.targets, &self.reports);
        let document = ReleaseDocument {
            outcome: *result.as_ref().unwrap_or(&Outcome::Failed),
            project: self.project.as_ref().map(|project| project.normalized().to_owned()).unwrap_or_default(),
            variant: None,
            version: self.manifest.as_ref().map(|manifest| manifest.version.to_string()),
            commit: None,
            tag: None,
            is_tagged: false,
            manifest_sha256: self.manifest.as_ref().map(|manifest| manifest_digest(manifest).to_string()),
            files: self.files,
            steps: self.steps.take(),
            receipt: self.receipt,
            error: None,
        };
        Finished::of(document, result, &self.request.targets)
    }
}

/// How many files a plan may send in all.
fn may_send(plan: &Plan) -> usize {
    plan.targets.iter().map(|target| plan.may_send(&target.name)).sum()
}

/// What was approved must be exactly what is published.
fn same_as_expected(expected: &Manifest, given: &Manifest) -> Result<(), Problem> {
    let merged = expected.merge(given).map_err(|error| {
        Problem::from_error(ErrorCode::ManifestMismatch, &error)
            .note("Nothing was uploaded by this run.")
            .hint("publish exactly the files the manifest names")
    })?;
    let missing = expected.files.keys().find(|name| !given.files.contains_key(*name));
    let odd = merged.added.first().map(|name| format!("{name} is not in the manifest"));
    match odd.or_else(|| missing.map(|name| format!("{name} is in the manifest and was not given"))) {
        None => Ok(()),
        Some(message) => Err(Problem::new(ErrorCode::ManifestMismatch, message)
            .note("Nothing was uploaded by this run.")
            .hint("publish exactly the files the manifest names")),
    }
}

/// Reads a manifest file, and holds it against the digest an approver was shown.
///
/// # Errors
/// `usage` when it cannot be read or is no manifest, `manifest-mismatch` when its digest is another one.
pub fn read_manifest(path: &Path, sha256: Option<&str>) -> Result<Manifest, Problem> {
    let text = fs_err::read_to_string(path).map_err(|error| {
        Problem::new(ErrorCode::Usage, "the manifest cannot be read").cause(error.to_string())
    })?;
    if let Some(wanted) = sha256 {
        let wanted: Sha256 = wanted.parse().map_err(|error| Problem::from_error(ErrorCode::Usage, &error))?;
        let found = sha256_of(text.as_bytes());
        if found != wanted {
            return Err(Problem::new(
                ErrorCode::ManifestMismatch,
                format!("{} is not the manifest that was approved", path.display()),
            )
            .fact("approved", wanted.to_string())
            .fact("here", found.to_string())
            .note("Nothing was uploaded by this run."));
        }
    }
    shiponce_ledger::parse_manifest(text.trim_end()).map_err(|error| {
        Problem::new(ErrorCode::Usage, format!("{} is not a shiponce manifest", path.display()))
            .cause(error.to_string())
    })
}
