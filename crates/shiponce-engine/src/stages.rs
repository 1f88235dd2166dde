//! The targets of a press, one after the other, for `publish` and for `release`.

use crate::context::Context;
use crate::observe::Seen;
use crate::propagation::propagation;
use crate::release::Steps;
use crate::report::Say as _;
use crate::session::Session;
use crate::stage::{Payload, Stage, StageReport};
use crate::target::ReleaseTarget;
use shiponce_api::v1::StepStatus;
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_core::decide::OnUnknown;
use shiponce_core::observation::View;
use shiponce_core::{FileEntry, Manifest};
use std::collections::BTreeMap;

/// What every stage of a press works with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stages<'a> {
    pub(crate) session: &'a Session<'a>,
    pub(crate) targets: &'a [ReleaseTarget],
    pub(crate) manifest: &'a Manifest,
    pub(crate) payloads: &'a BTreeMap<String, Payload>,
}

/// Where stages leave their traces.
#[derive(Debug)]
pub(crate) struct Traces<'a> {
    pub(crate) steps: &'a mut Steps,
    /// Reports by target name.
    pub(crate) reports: &'a mut BTreeMap<String, StageReport>,
}

/// Why a target is not complete.
#[derive(Debug)]
pub(crate) struct Incomplete {
    pub(crate) problem: Problem,
    /// Whether the press must not go on to another target: interrupted, or without its lease or ledger.
    pub(crate) halts: bool,
}

impl Stages<'_> {
    /// Brings one target to hold every file. Its report is kept however it ends.
    pub(crate) async fn one(
        &self,
        traces: &mut Traces<'_>,
        target: &ReleaseTarget,
        seen: &Seen,
    ) -> Result<(), Incomplete> {
        let (session, manifest) = (self.session, self.manifest);
        let report = &session.context.report;
        say_what_is_there(session.context, manifest, target, seen);
        let stage = Stage { session, target, manifest, payloads: self.payloads };
        let mut kept = None;
        let work = async {
            let report = stage.run(seen).await?;
            let problem = report.problem(&stage);
            let status = if report.uploaded > 0 { StepStatus::Done } else { StepStatus::Skipped };
            let detail = format!("{} files there, {} of them sent now", report.present(), report.uploaded);
            kept = Some(report);
            problem.map_or(Ok(((), status, detail)), Err)
        };
        let word = if target.is_production() { "publish" } else { "test" };
        let ended = traces.steps.run(Some(session), &format!("{word} {}", target.core.name), work).await;
        if let Some(kept) = kept.as_mut().filter(|kept| ended.is_ok() && kept.uploaded > 0) {
            report.success(format!("{} {} is on {}", manifest.project, manifest.version, target.label));
            let wanted = manifest.files.iter().map(|(name, entry)| (name.clone(), entry.sha256)).collect();
            let read_back = kept.listing.as_ref().and_then(|listing| listing.serial);
            kept.propagation =
                propagation(session.context, target, &manifest.project, &wanted, read_back).await;
        }
        // Without a report the journal could not be read, and it serves all targets.
        let halts = kept.as_ref().is_none_or(StageReport::halts);
        traces.reports.extend(kept.map(|kept| (target.core.name.clone(), kept)));
        ended.map_err(|problem| Incomplete { problem, halts })
    }

    /// Production, one index after the other; one that fails does not keep the others from being completed.
    ///
    /// # Errors
    /// The first problem of a required index; `partial` when another production index has files of the release.
    pub(crate) async fn production(&self, traces: &mut Traces<'_>, seen: &[Seen]) -> Result<(), Problem> {
        let report = &self.session.context.report;
        let mut first: Option<Problem> = None;
        for (target, seen) in self.targets.iter().zip(seen).filter(|(target, _)| target.is_production()) {
            let Err(Incomplete { problem, halts }) = self.one(traces, target, seen).await else { continue };
            if problem.code == ErrorCode::Interrupted {
                return Err(problem);
            }
            if !target.core.required && !halts {
                report.warning(format!("{} is advisory and left out: {}", target.label, problem.message));
                continue;
            }
            first = Some(match first {
                None => problem,
                Some(first) => {
                    report.warning(format!("{}: {}", target.label, problem.message));
                    first.fact("also", problem.message)
                }
            });
            if halts {
                break;
            }
        }
        first.map_or(Ok(()), |problem| Err(self.partial(problem, traces.reports)))
    }

    /// A production index that has files beside one that lacks some makes the run partial.
    fn partial(&self, problem: Problem, reports: &BTreeMap<String, StageReport>) -> Problem {
        let written = |target: &&ReleaseTarget| {
            target.is_production()
                && reports.get(&target.core.name).is_some_and(|report| report.present() > 0)
        };
        let Some(done) = self.targets.iter().find(written) else { return problem };
        if problem.code == ErrorCode::Partial {
            return problem;
        }
        // What another press cannot mend must not be advised: a conflict stays one.
        let again = problem.exit_code() != ExitCode::Conflict;
        let message = format!("{} has files of the release, another target lacks some", done.label);
        let mut partial = Problem::new(ErrorCode::Partial, message)
            .fact("missing", format!("{} [{}]", problem.message, problem.code));
        partial.causes = problem.causes;
        partial.hints = problem.hints;
        if again {
            return partial.hint("press again: what is there is skipped, what is missing is sent");
        }
        partial
    }
}

/// The messages about a release that is there already, in whole or in part.
pub(crate) fn say_what_is_there(context: &Context, manifest: &Manifest, target: &ReleaseTarget, seen: &Seen) {
    let report = &context.report;
    let Some(listing) = seen.listing() else {
        if let (View::Unobserved { why }, OnUnknown::Attempt) = (&seen.view, target.core.on_unknown) {
            let label = &target.label;
            let line = format!("{label}: Package not found, assuming doesn't exist (not readable: {why})");
            report.warning(line);
        }
        return;
    };
    let same = |entry: &&FileEntry| {
        listing.files.get(&entry.filename.to_string()).is_some_and(|file| file.sha256 == Some(entry.sha256))
    };
    let (there, total) = (manifest.files.values().filter(same).count(), manifest.files.len());
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
