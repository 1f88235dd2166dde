//! The pipeline, step by step. Each method is one step of the walkthrough in ARCHITECTURE.md.

use super::page::Seat;
use super::prepare::Prepared;
use super::{Finished, Input, ReleaseRequest, Steps};
use crate::attest::{Attested, Beside, judge};
use crate::build::{Workshop, refuse_beside_credentials, tell_of_credentials};
use crate::bytes::from_store;
use crate::context::Context;
use crate::dry::say_addresses;
use crate::gates::before_build;
use crate::observe::{Seen, observe_or_stop};
use crate::planning::{
    Answered, agree, begun_before, make_plan, plan_lines, stops_before_writing, stops_unread,
};
use crate::problem::short;
use crate::project::{Checkout, GitRules, check_git, read_checkout};
use crate::report::Say as _;
use crate::session::{Session, dry_observer, read_ledger};
use crate::stage::StageReport;
use crate::stages::{Stages, Traces};
use crate::table::{file_rows, manifest_digest, planned_rows, receipt_of};
use shiponce_api::v1::{FileRow, Outcome, Receipt, ReleaseDocument, StepStatus, to_text};
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::plan::Plan;
use shiponce_core::{Manifest, Sha256, Version};
use shiponce_index::Freshness;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A release whose bytes are known and whose plan was shown.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(super) prepared: Prepared,
    pub(crate) plan: Plan,
    pub(super) seen: Vec<Seen>,
    /// What is asked about the release page.
    pub(crate) page: Vec<String>,
}

/// The state of one run.
#[derive(Debug)]
pub(crate) struct Pipeline<'a> {
    pub(super) context: &'a Context,
    pub(super) request: &'a ReleaseRequest,
    pub(super) workshop: Arc<Workshop>,
    /// Whether it is one of several releases in a press.
    pub(crate) among_others: bool,
    /// Where files of the same press are that this release may need to be installed.
    pub(crate) beside: Option<PathBuf>,
    pub(super) steps: Steps,
    pub(super) checkout: Option<Checkout>,
    pub(super) version: Option<Version>,
    pub(super) manifest: Option<Manifest>,
    /// Stage reports by target name.
    pub(super) reports: BTreeMap<String, StageReport>,
    pub(super) files: Vec<FileRow>,
    told_of_credentials: bool,
    /// The release page.
    pub(super) page: Seat,
    /// Files that artifacts of the workflow run hold, by digest, and which one holds them.
    pub(super) on_run: BTreeMap<Sha256, String>,
    receipt: Option<Receipt>,
}

impl<'a> Pipeline<'a> {
    pub(crate) fn new(context: &'a Context, request: &'a ReleaseRequest, workshop: Arc<Workshop>) -> Self {
        Self {
            context,
            request,
            workshop,
            among_others: false,
            beside: None,
            steps: Steps::default(),
            checkout: None,
            version: None,
            manifest: None,
            reports: BTreeMap::new(),
            files: Vec::new(),
            page: Seat::default(),
            on_run: BTreeMap::new(),
            told_of_credentials: false,
            receipt: None,
        }
    }

    /// Says, once a press and right before project code runs, which credentials it does not see.
    pub(super) fn tell_of_credentials(&mut self) {
        if !std::mem::replace(&mut self.told_of_credentials, true) {
            tell_of_credentials(self.context, &self.request.credentials_in_environment);
        }
    }

    /// What is cheap and asks no index, for everything that a press releases, before anything else.
    pub(crate) async fn gates(&mut self) -> Result<(), Problem> {
        self.steps.reach("credentials");
        refuse_beside_credentials(self.context, &self.request.credentials_in_environment)?;
        self.steps.reach("git");
        self.git().await?;
        self.steps.reach("lease");
        Ok(())
    }

    /// What every target says, once the lease is held.
    pub(crate) async fn look(&mut self, session: &Session<'_>) -> Result<Vec<Seen>, Problem> {
        self.steps.reach("observe");
        let seen = self.observe(&session.observer, Freshness::Bypass).await?;
        stops_unread(&self.request.targets, &seen)?;
        self.look_at_page(&session.ledger, session.press()).await?;
        Ok(seen)
    }

    /// The bytes, and what is to be done with them: all that comes before the question.
    pub(crate) async fn make_ready(
        &mut self,
        session: &Session<'_>,
        seen: Vec<Seen>,
    ) -> Result<Ready, Problem> {
        self.steps.reach("build");
        let mut prepared = self.prepare(session, &seen).await?;
        self.steps.reach("plan");
        let targets = &self.request.targets;
        let names = prepared.manifest.files.values().map(|entry| entry.filename.clone()).collect::<Vec<_>>();
        // New files were held against it before they were frozen; so is what was frozen by an earlier press.
        self.request.expect.check(&names, &prepared.manifest.version, targets, &seen)?;
        if let Some(line) = self.request.expect.unanswered(&prepared.manifest.version, targets, &seen) {
            self.context.report.info(line);
        }
        let (plan, seen) = make_plan(session, targets, &prepared.manifest, seen).await?;
        self.files = planned_rows(&plan);
        for line in plan_lines(&plan, targets) {
            self.context.report.info(line);
        }
        stops_before_writing(self.context, session, targets, &plan, &seen)?;
        let attested = self.provenance(&plan, &seen)?;
        attested.attach(&mut prepared.payloads);
        self.plan_page(&session.ledger, session.press(), &prepared.manifest).await?;
        self.second_places_to_come(&plan).await?;
        Ok(Ready { prepared, plan, seen, page: self.page_question() })
    }

    /// The attestations in the folder with the files, if there is one, held against what every target asks for.
    pub(super) fn provenance(&mut self, plan: &Plan, seen: &[Seen]) -> Result<Attested, Problem> {
        let targets = &self.request.targets;
        let beside: Vec<Beside> = match &self.request.input {
            Input::Folder(folder) => plan
                .manifest
                .files
                .iter()
                .map(|(name, entry)| Beside {
                    filename: name.clone(),
                    sha256: entry.sha256,
                    folder: folder.clone(),
                })
                .collect(),
            Input::Build(_) => Vec::new(),
        };
        let attested = Attested::find(targets, &beside, &[])?;
        if let Some(said) = judge(self.context, targets, plan, seen, &attested)? {
            self.steps.note("attestations", StepStatus::Done, said);
        }
        Ok(attested)
    }

    /// The question, unless it was answered for several releases together.
    pub(crate) async fn confirm(
        &mut self,
        session: &Session<'_>,
        ready: &mut Ready,
        answered: Answered,
    ) -> Result<(), Problem> {
        self.steps.reach("confirm");
        let Ready { plan, seen, page, .. } = ready;
        if agree(session, &self.request.targets, plan, seen, page, answered).await? {
            self.steps.note("confirm", StepStatus::Done, "confirmed");
        }
        Ok(())
    }

    /// The stages, to the receipt.
    pub(crate) async fn carry_out(
        &mut self,
        session: &Session<'_>,
        ready: &Ready,
    ) -> Result<Outcome, Problem> {
        let Ready { prepared, plan, seen, .. } = ready;
        let (manifest, payloads) = (&prepared.manifest, &prepared.payloads);
        let stages = Stages { session, targets: &self.request.targets, manifest, payloads };
        let led_up = self.before_production(session, &stages, ready).await;
        let targets = &self.request.targets;
        led_up.map_err(|problem| begun_before(self.context, targets, plan, seen, problem))?;
        self.steps.reach("publish");
        let mut traces = Traces { steps: &mut self.steps, reports: &mut self.reports };
        stages.production(&mut traces, seen).await?;
        self.steps.reach("github");
        let outstanding = self.publish_page(session, prepared).await?;
        self.conclude(session, manifest, outstanding)
    }

    /// The receipt, and how it all ended.
    fn conclude(
        &mut self,
        session: &Session<'_>,
        manifest: &Manifest,
        outstanding: Option<Problem>,
    ) -> Result<Outcome, Problem> {
        self.steps.reach("receipt");
        let mut receipt = receipt_of(self.context, manifest, &self.request.targets, &self.reports);
        receipt.github = self.receipt_page();
        let text = to_text(&receipt).map_err(|error| Problem::from_error(ErrorCode::Internal, &error))?;
        session.put_receipt(&manifest.version, &text)?;
        self.receipt = Some(receipt);
        let places: Vec<&str> = self.reports.keys().map(String::as_str).collect();
        let detail = format!("every file read back on {}", places.join(", "));
        self.steps.note("receipt", StepStatus::Done, detail);
        if let Some(problem) = outstanding {
            return Err(outstanding_page(manifest, &problem));
        }
        if !self.among_others {
            // Among several releases this is said of all of them, at the end.
            self.context.report.success("Complete workflow finished successfully!");
        }
        let sent = self.page.wrote() || self.reports.values().any(|report| report.uploaded > 0);
        Ok(if sent { Outcome::Released } else { Outcome::NothingToDo })
    }

    /// The cheap gate: the checkout, the tag, the version; before anything is built or asked.
    async fn git(&mut self) -> Result<(), Problem> {
        let request = self.request;
        let production = request.targets.iter().any(crate::target::ReleaseTarget::is_production);
        self.checkout = read_checkout(self.context, &request.project_dir).await?;
        let would_tag = self.create_tag().await?;
        let tags = self.checkout.as_ref().map(|checkout| checkout.tags.as_slice()).unwrap_or_default();
        self.version = before_build(request, tags)?;
        let tag = self.version.as_ref().map(|version| request.tag.tag_of(version, tags));
        let tag = tag.filter(|_| !would_tag);
        let rules = GitRules { allow_dirty: request.allow_dirty, tag: tag.as_deref(), production };
        check_git(self.context, self.checkout.as_ref(), &rules).await?;
        let detail = match (&self.checkout, &tag) {
            (Some(checkout), Some(tag)) => format!("commit {} at {tag}", short(checkout.commit.as_str())),
            (Some(checkout), None) => format!("commit {}", short(checkout.commit.as_str())),
            (None, _) => "no commit".to_owned(),
        };
        self.steps.note("git", StepStatus::Done, detail);
        for line in &request.left_out {
            self.context.report.warning(line);
            self.steps.note("left out", StepStatus::Skipped, line.as_str());
        }
        if request.force {
            self.context.report.warning(
                "Force publish enabled, skipping existence checks that are cached; every index is read again, \
                 and a published file is never replaced",
            );
        }
        Ok(())
    }

    pub(super) async fn observe(
        &self,
        observer: &shiponce_index::Observer,
        freshness: Freshness,
    ) -> Result<Vec<Seen>, Problem> {
        let (project, targets) = (&self.request.project, &self.request.targets);
        observe_or_stop(self.context, observer, project, targets, freshness).await
    }

    /// Reads everything, writes nothing: no lease, no row, no build.
    pub(crate) async fn dry_run(&mut self) -> Result<Outcome, Problem> {
        let request = self.request;
        say_addresses(self.context, &request.project, &request.targets);
        self.say_page_addresses();
        self.steps.reach("observe");
        let freshness = if request.force { Freshness::Bypass } else { Freshness::Cached };
        let observer = dry_observer(self.context, &self.request.targets);
        let seen = self.observe(&observer, freshness).await?;
        self.steps.reach("plan");
        let ledger = read_ledger(self.context)?;
        self.look_at_page(&ledger, None).await?;
        self.plan_dry(&ledger, &observer, &seen).await
    }

    /// The document, whatever happened.
    pub(crate) fn finish(mut self, result: Result<Outcome, Problem>) -> Finished {
        let request = self.request;
        if let Err(problem) = &result {
            self.steps.fail(problem);
        }
        let mut files = std::mem::take(&mut self.files);
        file_rows(&mut files, &request.targets, &self.reports);
        self.page_settled(&mut files);
        let tags = self.checkout.as_ref().map(|checkout| checkout.tags.as_slice()).unwrap_or_default();
        let tag = self.version.as_ref().map(|version| request.tag.tag_of(version, tags));
        let document = ReleaseDocument {
            outcome: *result.as_ref().unwrap_or(&Outcome::Failed),
            project: request.project.normalized().to_owned(),
            variant: request.tag.variant.clone(),
            version: self.version.as_ref().map(ToString::to_string),
            commit: self.checkout.as_ref().map(|checkout| checkout.commit.to_string()),
            is_tagged: tag.as_ref().is_some_and(|tag| tags.contains(tag)),
            tag,
            manifest_sha256: self.manifest.as_ref().map(|manifest| manifest_digest(manifest).to_string()),
            files,
            steps: self.steps.take(),
            receipt: self.receipt.take(),
            error: None,
        };
        Finished::of(document, result, &self.request.targets)
    }

    /// Puts the files of the release into a folder.
    pub(crate) fn materialise(&self, ready: &Ready, folder: &Path) -> Result<(), Problem> {
        let Prepared { store, manifest, .. } = &ready.prepared;
        from_store(self.context, store, manifest, folder).map(drop)
    }

    /// The version, as far as it is known.
    pub(crate) fn version(&self) -> Option<&Version> {
        self.version.as_ref()
    }

    /// Whether the bytes are taken from a folder.
    pub(super) fn takes_folder(&self) -> bool {
        matches!(self.request.input, Input::Folder(_))
    }
}

/// Everything is done but the page.
fn outstanding_page(manifest: &Manifest, problem: &Problem) -> Problem {
    let message = format!(
        "{} {} is published, its release on GitHub is outstanding",
        manifest.project, manifest.version
    );
    let mut total = Problem::new(ErrorCode::GithubOutstanding, message)
        .fact("github", format!("{} [{}]", problem.message, problem.code));
    total.causes.clone_from(&problem.causes);
    total.hints.clone_from(&problem.hints);
    if total.hints.is_empty() {
        return total.hint("press again when it can be made: only the release on GitHub is left to do");
    }
    total
}

/// The stable word of an outcome, as JSON spells it.
pub(crate) fn outcome_word(outcome: Outcome) -> String {
    serde_json::to_value(outcome)
        .ok()
        .and_then(|value| value.as_str().map(ToOwned::to_owned))
        .unwrap_or_default()
}
