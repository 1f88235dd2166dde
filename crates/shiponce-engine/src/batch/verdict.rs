//! How a batch ended, all members together.

use super::Batch;
use crate::context::Context;
use crate::problem::first_that_applies;
use crate::release::Finished;
use crate::report::Say as _;
use shiponce_api::v1::{BatchDocument, Outcome, Success};
use shiponce_api::{ErrorCode, ExitCode, Problem};

impl Batch {
    /// Why the batch as a whole did not succeed. Something written and something missing is `partial`; otherwise the
    /// first reason that applies stands for all. A member that was not reached has no reason of its own.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        let failed: Vec<&Problem> =
            self.finished.iter().filter_map(|finished| finished.problem.as_ref()).collect();
        let reasons = failed.iter().filter(|problem| problem.code != ErrorCode::NotReached);
        let first = first_that_applies(reasons.map(|problem| (*problem).clone()).collect())?;
        let interrupted = failed.iter().any(|problem| problem.code == ErrorCode::Interrupted);
        if interrupted || !self.finished.iter().any(|finished| finished.written) {
            return Some(first);
        }
        let message = format!(
            "{} of {} packages are complete, the others are not",
            self.finished.len() - failed.len(),
            self.finished.len()
        );
        let mut partial = Problem::new(ErrorCode::Partial, message);
        for finished in &self.finished {
            if let Some(problem) = &finished.problem {
                let what = format!("{} [{}]", problem.message, problem.code);
                partial = partial.fact(finished.document.project.clone(), what);
            }
        }
        // What another press cannot mend must not be advised.
        let again = failed.iter().any(|problem| problem.exit_code() != ExitCode::Conflict);
        Some(if again {
            partial.hint("press again: complete packages are skipped, the others go on where they stopped")
        } else {
            partial
        })
    }

    /// The exit code.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        self.problem().map_or(ExitCode::Done, |problem| problem.exit_code())
    }

    /// The document for `--json`.
    #[must_use]
    pub fn document(&self) -> BatchDocument {
        let problem = self.problem();
        let outcomes = || self.finished.iter().map(|finished| finished.document.outcome);
        let outcome = match &problem {
            Some(problem) => Outcome::of_failure(problem.exit_code()),
            None => [Outcome::Released, Outcome::Changes]
                .into_iter()
                .find(|wanted| outcomes().any(|outcome| outcome == *wanted))
                .unwrap_or(Outcome::NothingToDo),
        };
        let complete = |finished: &&Finished| {
            matches!(finished.document.outcome, Outcome::Released | Outcome::NothingToDo)
        };
        let success = match &problem {
            None => Success::True,
            Some(_) if self.finished.iter().any(|finished| finished.written || complete(&finished)) => {
                Success::Partial
            }
            Some(_) => Success::False,
        };
        BatchDocument {
            outcome,
            success,
            published: self
                .finished
                .iter()
                .filter(complete)
                .map(|finished| finished.document.project.clone())
                .collect(),
            preflight: self.preflight.clone(),
            packages: self.finished.iter().map(|finished| finished.document.clone()).collect(),
            error: problem.as_ref().map(Into::into),
        }
    }

    /// Which members succeeded and which failed, for people.
    pub(super) fn say(&self, context: &Context) {
        let report = &context.report;
        let title = |finished: &Finished| {
            let document = &finished.document;
            let version = document.version.as_deref().map_or(String::new(), |version| format!(" {version}"));
            format!("{}{version}", document.project)
        };
        let (failed, succeeded): (Vec<&Finished>, Vec<&Finished>) =
            self.finished.iter().partition(|finished| finished.problem.is_some());
        let names = |list: &[&Finished]| list.iter().map(|one| title(one)).collect::<Vec<_>>().join(", ");
        if !succeeded.is_empty() {
            report.success(format!("{} succeeded: {}", succeeded.len(), names(&succeeded)));
        }
        let planned = succeeded.iter().any(|one| one.document.outcome == Outcome::Changes);
        if failed.is_empty() && !planned {
            report.success("Complete workflow finished successfully!");
        }
        if !failed.is_empty() {
            report.warning(format!("{} failed: {}", failed.len(), names(&failed)));
        }
    }
}
