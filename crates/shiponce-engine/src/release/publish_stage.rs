//! The two stages of the pipeline that write to indexes.

use super::pipeline::Pipeline;
use super::prepare::{Prepared, single_copy_problem};
use crate::bytes::{from_store, installables};
use crate::install::{Verdict, verify_all};
use crate::observe::Seen;
use crate::python::find_interpreter;
use crate::report::Say as _;
use crate::session::Session;
use crate::stage::{Stage, StageReport};
use crate::target::ReleaseTarget;
use shiponce_api::v1::StepStatus;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::Manifest;
use shiponce_core::decide::OnUnknown;
use shiponce_core::observation::{Observation, View};
use shiponce_core::plan::Plan;
use std::collections::BTreeMap;

impl Pipeline<'_> {
    /// Uploads to every test index, then installs from there. Without one, the local bytes are installed.
    pub(super) async fn test_stage(
        &mut self,
        session: &Session<'_>,
        prepared: &Prepared,
        seen: &[Seen],
    ) -> Result<(), Problem> {
        let mut verified = false;
        let request = self.request;
        for (target, seen) in request.targets.iter().zip(seen).filter(|(target, _)| !target.is_production()) {
            match self.one_test_index(session, prepared, target, seen).await {
                Ok(()) => verified = true,
                Err(problem) if target.core.required || problem.code == ErrorCode::Interrupted => {
                    return Err(problem);
                }
                Err(problem) if problem.code == ErrorCode::InstallVerificationFailed => return Err(problem),
                Err(problem) => {
                    let line = format!("{} is advisory and left out: {}", target.label, problem.message);
                    self.context.report.warning(line);
                    self.steps.note(
                        &format!("test {}", target.core.name),
                        StepStatus::Warning,
                        problem.message,
                    );
                }
            }
        }
        if verified {
            return Ok(());
        }
        self.context.report.info("No test index holds the files; verifying them from the local store");
        let folder = self.context.state.temp.join("frozen");
        let (paths, _) = from_store(self.context, &prepared.store, &prepared.manifest, &folder)?;
        let address = |file: &shiponce_dist::Distribution| {
            let name = file.filename.to_string();
            let path =
                paths.iter().find(|path| path.file_name().is_some_and(|found| found == name.as_str()))?;
            url::Url::from_file_path(path).ok().map(String::from)
        };
        self.install(session, prepared, "the local files", address).await
    }

    async fn one_test_index(
        &mut self,
        session: &Session<'_>,
        prepared: &Prepared,
        target: &ReleaseTarget,
        seen: &Seen,
    ) -> Result<(), Problem> {
        let report = self.stage(session, prepared, target, seen).await?;
        let listing = report.listing.clone();
        self.reports.insert(target.core.name.clone(), report);
        let address = |file: &shiponce_dist::Distribution| {
            listing.as_ref()?.files.get(&file.filename.to_string())?.url.clone()
        };
        self.install(session, prepared, &target.label, address).await
    }

    /// The gate: every file checked, every runnable tag installed, the sdist built.
    async fn install(
        &mut self,
        session: &Session<'_>,
        prepared: &Prepared,
        place: &str,
        address: impl Fn(&shiponce_dist::Distribution) -> Option<String>,
    ) -> Result<(), Problem> {
        let (context, request) = (self.context, self.request);
        let files = installables(&prepared.files, address)?;
        let work = async {
            let python = find_interpreter(context).await?;
            let verdicts =
                verify_all(context, &python, &prepared.manifest, &files, &request.verify, place).await?;
            let here =
                verdicts.values().filter(|verdict| matches!(verdict, Verdict::Verified { .. })).count();
            let status = if here == verdicts.len() { StepStatus::Done } else { StepStatus::Warning };
            Ok((
                here,
                status,
                format!("{here} of {} files installed from {place} and imported", verdicts.len()),
            ))
        };
        let here = self.steps.run(Some(session), "verify", work).await?;
        if here == 0 {
            self.context
                .report
                .warning("No file of this release can run on this machine; nothing was imported");
        }
        Ok(())
    }

    /// Refuses early, before a question and a test stage, what the second-place rule is bound to refuse later.
    pub(super) fn second_places_to_come(&self, plan: &Plan) -> Result<(), Problem> {
        let targets = &self.request.targets;
        let writes =
            targets.iter().any(|target| target.is_production() && plan.may_send(&target.core.name) > 0);
        let elsewhere =
            targets.iter().any(|target| plan.may_send(&target.core.name) < plan.manifest.files.len());
        let test = targets.iter().any(|target| !target.is_production());
        if writes && !test && !elsewhere && !self.request.single_copy {
            return Err(single_copy_problem());
        }
        Ok(())
    }

    /// Every file that goes to production must exist somewhere else too.
    pub(super) fn second_places(&mut self, prepared: &Prepared, plan: &Plan) -> Result<(), Problem> {
        let targets = &self.request.targets;
        let writes =
            targets.iter().any(|target| target.is_production() && plan.may_send(&target.core.name) > 0);
        if !writes || self.request.single_copy {
            return Ok(());
        }
        let held = |name: &String| {
            let on_stage = self.reports.values().any(|report| {
                matches!(
                    report.observation(name),
                    Some(Observation::Identical { .. } | Observation::Yanked { .. })
                )
            });
            let elsewhere = targets.iter().any(|target| {
                plan.cell(&target.core.name, name)
                    .is_some_and(|cell| matches!(cell.observation, Observation::Identical { .. }))
            });
            on_stage || elsewhere
        };
        match prepared.manifest.files.keys().find(|name| !held(name)) {
            Some(name) => Err(single_copy_problem().fact("file", name.clone())),
            None => {
                self.steps.note(
                    "second place",
                    StepStatus::Done,
                    "every file is held by the store and by an index",
                );
                Ok(())
            }
        }
    }

    /// Production, one index after the other.
    pub(super) async fn production_stage(
        &mut self,
        session: &Session<'_>,
        prepared: &Prepared,
        seen: &[Seen],
    ) -> Result<(), Problem> {
        let request = self.request;
        let mut first: Option<Problem> = None;
        for (target, seen) in request.targets.iter().zip(seen).filter(|(target, _)| target.is_production()) {
            let problem = match self.stage(session, prepared, target, seen).await {
                Ok(report) => {
                    self.reports.insert(target.core.name.clone(), report);
                    continue;
                }
                Err(problem) => problem,
            };
            if problem.code == ErrorCode::Interrupted {
                return Err(problem);
            }
            self.context.report.warning(format!("{}: {}", target.label, problem.message));
            first = Some(match first {
                None => problem,
                Some(first) => first.fact("also", problem.message),
            });
        }
        match first {
            None => Ok(()),
            Some(problem) => Err(partial_over_targets(problem, &self.reports, &request.targets)),
        }
    }

    /// One target brought to hold every file; its problem when it does not.
    async fn stage(
        &mut self,
        session: &Session<'_>,
        prepared: &Prepared,
        target: &ReleaseTarget,
        seen: &Seen,
    ) -> Result<StageReport, Problem> {
        let manifest = &prepared.manifest;
        let stage = Stage { session, target, manifest, payloads: &prepared.payloads };
        let name = if target.is_production() { "publish" } else { "test" };
        let name = format!("{name} {}", target.core.name);
        say_what_is_there(self.context, manifest, target, seen);
        let mut kept = None;
        let work = async {
            let report = stage.run(&seen.view, seen.read_at).await?;
            if let Some(problem) = report.problem(&stage) {
                kept = Some(report);
                return Err(problem);
            }
            let status = if report.uploaded > 0 { StepStatus::Done } else { StepStatus::Skipped };
            let detail = format!("{} files there, {} of them sent now", report.present(), report.uploaded);
            Ok((report, status, detail))
        };
        let result = self.steps.run(Some(session), &name, work).await;
        if let Some(report) = kept {
            self.reports.insert(target.core.name.clone(), report);
        }
        if let Ok(report) = &result
            && report.uploaded > 0
        {
            self.context
                .report
                .success(format!("{} {} is on {}", manifest.project, manifest.version, target.label));
        }
        result
    }
}

/// The messages about a release that is there already, in whole or in part.
pub(crate) fn say_what_is_there(
    context: &crate::context::Context,
    manifest: &Manifest,
    target: &ReleaseTarget,
    seen: &Seen,
) {
    let Some(listing) = seen.listing() else {
        if let (View::Unobserved { why }, OnUnknown::Attempt) = (&seen.view, target.core.on_unknown) {
            let label = &target.label;
            let line = format!("{label}: Package not found, assuming doesn't exist (not readable: {why})");
            context.report.warning(line);
        }
        return;
    };
    let same = |entry: &&shiponce_core::FileEntry| {
        listing.files.get(&entry.filename.to_string()).is_some_and(|file| file.sha256 == Some(entry.sha256))
    };
    let (there, total) = (manifest.files.values().filter(same).count(), manifest.files.len());
    let report = &context.report;
    if there == total {
        let since = listing.opened_at(&manifest.version);
        let since = since.map_or(String::new(), |at| format!(" (since {})", crate::problem::minute(at)));
        report.warning(format!("Version {} already exists on {}{since}", manifest.version, target.core.host));
        let which = if target.is_production() { "production " } else { "" };
        report.warning(format!("Skipping {which}{} publish - version already exists", target.label));
    } else if there > 0 {
        let line = format!("{there} of {total} files already there (identical), uploading {}", total - there);
        report.info(format!("{}: {line}", target.label));
    }
}

/// A production index that is complete beside one that is not makes the run partial.
fn partial_over_targets(
    problem: Problem,
    reports: &BTreeMap<String, StageReport>,
    targets: &[ReleaseTarget],
) -> Problem {
    let written = |target: &&ReleaseTarget| {
        target.is_production() && reports.get(&target.core.name).is_some_and(|report| report.present() > 0)
    };
    let Some(done) = targets.iter().find(written) else { return problem };
    if problem.code == ErrorCode::Partial {
        return problem;
    }
    let mut partial = Problem::new(
        ErrorCode::Partial,
        format!("{} has files of the release, another target lacks some", done.label),
    )
    .fact("missing", format!("{} [{}]", problem.message, problem.code));
    partial.causes = problem.causes;
    partial.hints = problem.hints;
    partial.hint("press again: what is there is skipped, what is missing is sent")
}
