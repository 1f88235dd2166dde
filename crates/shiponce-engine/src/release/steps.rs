//! The steps of a run, for the document, the ledger and the events.

use crate::session::Session;
use shiponce_api::Problem;
use shiponce_api::v1::{Step, StepStatus};

/// Steps in the order they ran.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    rows: Vec<Step>,
    at: Option<&'static str>,
}

impl Steps {
    /// What is being done from here on. Should it end early, this is the step that failed.
    pub(crate) fn reach(&mut self, name: &'static str) {
        self.at = Some(name);
    }

    /// Notes the step in which a run ended early, unless it has noted itself.
    pub(crate) fn fail(&mut self, problem: &Problem) {
        let noted = self.rows.last().is_some_and(|row| row.status == StepStatus::Failed);
        if let Some(name) = self.at.take().filter(|_| !noted) {
            self.note(name, StepStatus::Failed, problem.message.clone());
        }
    }

    /// Runs one step: noted in the ledger when there is a session, in the document always.
    pub(crate) async fn run<T>(
        &mut self,
        session: Option<&Session<'_>>,
        name: &str,
        work: impl Future<Output = Result<(T, StepStatus, String), Problem>>,
    ) -> Result<T, Problem> {
        let noted = session.map(|session| session.start_step(name));
        let result = work.await;
        let (status, detail) = match &result {
            Ok((_, status, detail)) => (*status, detail.clone()),
            Err(problem) => (StepStatus::Failed, problem.message.clone()),
        };
        if let (Some(session), Some(step)) = (session, noted) {
            session.finish_step(step, name, word(status), &detail);
        }
        self.note(name, status, detail);
        result.map(|(value, _, _)| value)
    }

    /// Notes a step that needs no work.
    pub(crate) fn note(&mut self, name: &str, status: StepStatus, detail: impl Into<String>) {
        if self.at == Some(name) {
            self.at = None;
        }
        self.rows.push(Step { name: name.to_owned(), status, detail: detail.into() });
    }

    /// The rows so far.
    pub(crate) fn take(&mut self) -> Vec<Step> {
        std::mem::take(&mut self.rows)
    }
}

fn word(status: StepStatus) -> &'static str {
    match status {
        StepStatus::Done => "done",
        StepStatus::Skipped => "skipped",
        StepStatus::Warning => "warning",
        StepStatus::Failed => "failed",
        StepStatus::Planned => "planned",
        StepStatus::NotReached => "not-reached",
    }
}
