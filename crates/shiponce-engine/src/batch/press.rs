//! The phases of a press, each run for every member before the next one begins.

use super::Member;
use super::preflight::{preflight, title};
use crate::build::Workshop;
use crate::context::Context;
use crate::github::GitHub;
use crate::observe::Seen;
use crate::planning::{Answered, ask, question};
use crate::python::interrupted;
use crate::release::{Finished, Pipeline, Ready, ReleaseRequest, outcome_word};
use crate::report::Say as _;
use crate::session::Session;
use futures_util::future::join_all;
use shiponce_api::v1::{Level, Outcome, Preflight};
use shiponce_api::{ErrorCode, Fact, Problem};
use shiponce_ledger::release_group;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// One member on its way.
#[derive(Debug)]
pub(super) struct Press<'a> {
    context: &'a Context,
    pub(super) request: &'a ReleaseRequest,
    needs: &'a [usize],
    pub(super) pipeline: Pipeline<'a>,
    pub(super) session: Option<Session<'a>>,
    pub(super) seen: Vec<Seen>,
    ready: Option<Ready>,
    answered: Answered,
    result: Option<Result<Outcome, Problem>>,
}

impl<'a> Press<'a> {
    /// A release on its own.
    pub(super) fn alone(context: &'a Context, request: &'a ReleaseRequest, workshop: Arc<Workshop>) -> Self {
        Self {
            context,
            request,
            needs: &[],
            pipeline: Pipeline::new(context, request, workshop),
            session: None,
            seen: Vec::new(),
            ready: None,
            answered: Answered::NotYet,
            result: None,
        }
    }

    /// One release of several.
    pub(super) fn among(context: &'a Context, member: &'a Member, workshop: Arc<Workshop>) -> Self {
        let mut press = Self::alone(context, &member.request, workshop);
        press.needs = &member.needs;
        press.pipeline.among_others = true;
        press
    }

    /// Whether it still has a way to go.
    pub(super) fn is_open(&self) -> bool {
        self.result.is_none()
    }

    /// The repository and the tag of the page it must make, as far as its version is known.
    fn required_page(&self) -> Option<(String, String)> {
        let Some(GitHub::Page(target)) = &self.request.github else { return None };
        let version = self.pipeline.version().filter(|_| target.required)?;
        Some((target.identity.clone(), self.request.tag.render(version)))
    }

    fn has_failed(&self) -> bool {
        matches!(self.result, Some(Err(_)))
    }

    /// The document, however it ended.
    pub(super) fn finish(self) -> Finished {
        let never = || Err(Problem::new(ErrorCode::Internal, "a press without an end"));
        self.pipeline.finish(self.result.unwrap_or_else(never))
    }

    /// Notes how it ended and gives the lease back. The problem itself is shown by whoever asked for the press; among
    /// the lines of others, one line says where it happened.
    fn end(&mut self, mut result: Result<Outcome, Problem>) {
        if let (Err(problem), true) = (&mut result, self.pipeline.among_others) {
            let title = title(self.request.project.normalized(), self.pipeline.version());
            if problem.code != ErrorCode::Interrupted {
                let line = format!("{title}: {} [{}]", problem.message, problem.code);
                self.context.report.line(Level::Error, &line);
            }
            own_words(problem, &title);
        }
        if let Some(session) = self.session.take() {
            session.end(&match &result {
                Ok(outcome) => outcome_word(*outcome),
                Err(problem) => problem.code.slug().to_owned(),
            });
        }
        self.result = Some(result);
    }

    /// The result of a phase: with it the press goes on, or ends.
    fn pass<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.end(Err(problem))).ok()
    }

    /// Leaves the files of a complete release where those after it find what they need.
    fn leave_files(&self, released: &Path) {
        if let (Some(Ok(_)), Some(ready)) = (&self.result, &self.ready)
            && let Err(problem) = self.pipeline.materialise(ready, released)
        {
            // They are on the index too, which may take a moment to show them.
            self.context.report.warning(problem.message);
        }
    }

    async fn gates(&mut self) {
        let made = fs_err::create_dir_all(&self.context.state.temp).map_err(|error| {
            Problem::new(ErrorCode::Usage, "no temporary folder can be made").cause(error.to_string())
        });
        if self.pass(made).is_some() {
            let passed = self.pipeline.gates().await;
            self.pass(passed);
        }
    }

    async fn plan(&mut self) {
        let planned = self.pipeline.dry_run().await;
        self.end(planned);
    }

    async fn lease(&mut self, wait: Duration) {
        let begun = Session::begin(self.context, &self.request.project, wait).await;
        self.session = self.pass(begun);
    }

    async fn look(&mut self) {
        let Some(session) = &self.session else { return };
        let seen = self.pipeline.look(session).await;
        self.seen = self.pass(seen).unwrap_or_default();
    }

    async fn make_ready(&mut self) {
        let Some(session) = &self.session else { return };
        if self.pipeline.among_others {
            let title = title(self.request.project.normalized(), self.pipeline.version());
            self.context.report.line(Level::Info, &format!("Preparing {title}"));
        }
        let ready = self.pipeline.make_ready(session, std::mem::take(&mut self.seen)).await;
        self.ready = self.pass(ready);
    }

    async fn carry_out(&mut self, released: &Path) {
        self.pipeline.beside = (!self.needs.is_empty()).then(|| released.to_owned());
        let (Some(session), Some(ready)) = (&self.session, &mut self.ready) else { return };
        if self.pipeline.among_others {
            let title = title(self.request.project.normalized(), self.pipeline.version());
            self.context.report.line(Level::Info, &format!("Releasing {title}"));
        }
        let agreed = self.pipeline.confirm(session, ready, self.answered).await;
        let ended = match agreed {
            Ok(()) => self.pipeline.carry_out(session, ready).await,
            Err(problem) => Err(problem),
        };
        self.end(ended);
    }
}

/// What is said of a run is said of one release in it: another one may have been uploaded.
fn own_words(problem: &mut Problem, title: &str) {
    problem.facts.insert(0, Fact { label: "package".to_owned(), text: title.to_owned() });
    for note in &mut problem.notes {
        if let Some(rest) = note.strip_prefix("Nothing was ") {
            *note = format!("Nothing of {title} was {rest}");
        }
    }
}

/// Runs every member to its end. Returns what was found before anything was built.
pub(super) async fn run(context: &Context, presses: &mut [Press<'_>]) -> Option<Preflight> {
    for press in presses.iter_mut() {
        press.gates().await;
    }
    one_page_each(presses);
    for press in presses.iter_mut().filter(|press| press.is_open() && !press.request.write) {
        press.plan().await;
    }
    leases(context, presses).await;
    join_all(presses.iter_mut().filter(|press| press.is_open()).map(Press::look)).await;
    let found = if presses.len() > 1 { preflight(context, presses) } else { None };
    for number in 0..presses.len() {
        if let Some(press) = next(context, presses, number) {
            press.make_ready().await;
        }
    }
    ask_once(context, presses);
    let released = context.state.temp.join("released");
    let any_needs = presses.iter().any(|press| !press.needs.is_empty());
    for number in 0..presses.len() {
        let Some(press) = next(context, presses, number) else { continue };
        press.carry_out(&released).await;
        if any_needs {
            press.leave_files(&released);
        }
    }
    found
}

/// A page belongs to one release: two that want the page of one tag would leave the second without it after the first
/// is published. Versions that only a build tells are found out there.
fn one_page_each(presses: &mut [Press<'_>]) {
    let wanted: Vec<Option<(String, String)>> = presses.iter().map(Press::required_page).collect();
    for (number, press) in presses.iter_mut().enumerate() {
        let Some(page) = wanted[number].as_ref() else { continue };
        let shared =
            wanted.iter().enumerate().any(|(other, its)| other != number && its.as_ref() == Some(page));
        if shared && press.is_open() {
            let (_, tag) = page;
            let message = format!("another release of this press makes the GitHub release {tag} too");
            let problem = Problem::new(ErrorCode::ConfigInvalid, message)
                .note("Nothing was built or uploaded by this run.")
                .hint("give each a tag of its own, such as {package}-v{version}, or leave the page out: --skip-github");
            press.end(Err(problem));
        }
    }
}

/// Every lease before anything is built, in byte order of their groups: two presses that want the same leases can
/// then never wait for each other. The time to wait is for all of them together.
async fn leases(context: &Context, presses: &mut [Press<'_>]) {
    let started = context.clock.monotonic();
    let mut open: Vec<&mut Press<'_>> = presses.iter_mut().filter(|press| press.is_open()).collect();
    open.sort_by_key(|press| release_group(&press.request.project));
    let mut before: Option<String> = None;
    for press in open {
        let group = release_group(&press.request.project);
        if before.as_ref() == Some(&group) {
            press.end(Err(twice(press.request)));
            continue;
        }
        let waited = context.clock.monotonic().saturating_sub(started);
        press.lease(press.request.wait.saturating_sub(waited)).await;
        before = Some(group);
    }
}

fn twice(request: &ReleaseRequest) -> Problem {
    let message = format!("another release of this press is {} too", request.project);
    Problem::new(ErrorCode::ConfigInvalid, message)
        .hint("every variant and every member of a workspace needs a package name of its own")
}

/// The member, when its way goes on. It ends here when one it cannot do without has failed.
fn next<'p, 'a>(context: &Context, presses: &'p mut [Press<'a>], number: usize) -> Option<&'p mut Press<'a>> {
    let (done, rest) = presses.split_at_mut(number);
    let press = rest.first_mut().filter(|press| press.is_open())?;
    if context.cancel.is_cancelled() {
        press.end(Err(interrupted()));
        return None;
    }
    let failed = press.needs.iter().filter_map(|needed| done.get(*needed)).find(|needed| needed.has_failed());
    let Some(failed) = failed else { return Some(press) };
    press.end(Err(not_reached(press.request, failed.request)));
    None
}

fn not_reached(request: &ReleaseRequest, failed: &ReleaseRequest) -> Problem {
    let message = format!("{} was not reached: it needs {}, which failed", request.project, failed.project);
    Problem::new(ErrorCode::NotReached, message)
        .note("Nothing was uploaded by this run.")
        .hint(format!("mend {}, then press again", failed.project))
}

/// One question for everything that goes to production. A single release asks for itself.
fn ask_once(context: &Context, presses: &mut [Press<'_>]) {
    if presses.len() < 2 {
        return;
    }
    let mut lines = Vec::new();
    let mut asked = Vec::new();
    for press in presses.iter_mut().filter(|press| press.is_open()) {
        let question =
            press.ready.as_ref().and_then(|ready| question(&ready.plan, &press.request.targets, &ready.page));
        if let Some(question) = question {
            lines.extend(question);
            asked.push(press);
        }
    }
    if asked.is_empty() {
        return;
    }
    let answer = ask(context, &lines);
    for press in asked {
        match &answer {
            Ok(()) => press.answered = Answered::Yes,
            Err(problem) => press.end(Err(problem.clone())),
        }
    }
}
