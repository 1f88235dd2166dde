//! The release page of a run: read with the indexes, filled before production, published after it.

use super::pipeline::Pipeline;
use super::prepare::Prepared;
use crate::github::{
    Board, Extra, GitHub, GitHubTarget, Page, RETRY_MAX, Sight, Wish, extends, find_extras, page_rows,
    plan_lines, question_lines, read_page, receipt_page, remembered, settled_cells, stops_now, tag_problem,
    wish,
};
use crate::python::interrupted;
use crate::report::Say as _;
use crate::session::Session;
use crate::stage::rest;
use shiponce_api::v1::{FileRow, ReceiptPage, StepStatus};
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::Manifest;
use shiponce_core::forge::{Done, Kind, Phase, Stage, Survey, TagState, Verdict, View, survey};
use shiponce_ledger::{Ledger, PressId};
use std::collections::{BTreeMap, BTreeSet};

/// Readings of the page before the plan, where a limit that ends soon cuts them off.
const READINGS_MAX: u32 = 3;

/// What a run knows of its page.
#[derive(Debug, Default)]
pub(super) struct Seat {
    board: Option<Board>,
    wish: Option<Wish>,
    survey: Option<Survey>,
    /// Why the page is left alone, in words for people.
    left_out: Option<String>,
    reached: Option<Done>,
    /// Effects of this run.
    effects: usize,
}

impl Seat {
    /// Whether this run changed anything on GitHub.
    pub(super) fn wrote(&self) -> bool {
        self.effects > 0
    }

    /// Whether a file of the release is held by the page.
    pub(super) fn holds(&self, name: &str) -> bool {
        matches!(self.reached, Some(Done::Assembled { .. } | Done::Published { .. }))
            || self.survey.as_ref().is_some_and(|survey| survey.files.get(name) == Some(&Verdict::Done))
    }
}

impl<'a> Pipeline<'a> {
    /// The page that this run makes, if it makes one.
    fn page_target(&self) -> Option<&'a GitHubTarget> {
        match &self.request.github {
            Some(GitHub::Page(target)) if self.page.left_out.is_none() => Some(target),
            _ => None,
        }
    }

    /// The page as it was read, if it was.
    pub(super) fn page_seen(&self) -> Option<(&'a GitHubTarget, &Sight)> {
        Some((self.page_target()?, &self.page.board.as_ref()?.sight))
    }

    /// Lets go of what was read: what comes next takes its time, and is decided on what will be true then.
    pub(super) fn forget_page(&mut self) {
        self.page.board = None;
    }

    /// Whether the page will hold every file before production.
    pub(super) fn page_will_hold(&self) -> bool {
        let public = |survey: &Survey| matches!(survey.kind, Kind::Published | Kind::Persons | Kind::Foreign);
        self.page_target().is_some()
            && !self.page.board.as_ref().is_some_and(Board::was_public)
            && self.page.survey.as_ref().is_none_or(|survey| !public(survey) || survey.is_complete())
    }

    fn page_tag(&self) -> Option<String> {
        let tags = self.checkout.as_ref().map(|checkout| checkout.tags.as_slice()).unwrap_or_default();
        Some(self.request.tag.tag_of(self.version.as_ref()?, tags))
    }

    fn page_commit(&self) -> Option<String> {
        self.checkout.as_ref().map(|checkout| checkout.commit.to_string())
    }

    /// Leaves the page out of the run: it goes on without, and says why.
    fn leave_page(&mut self, why: impl Into<String>) {
        let why = why.into();
        self.context.report.warning(&why);
        self.page.left_out = Some(why);
    }

    /// A problem with the page: it ends the run where the page is required, and is a warning where it is not.
    pub(super) fn page_problem(&mut self, target: &GitHubTarget, problem: Problem) -> Result<(), Problem> {
        let ends = matches!(
            problem.code,
            ErrorCode::Interrupted
                | ErrorCode::LeaseTimeout
                | ErrorCode::LedgerUnusable
                | ErrorCode::Internal
        );
        if target.required || ends {
            return Err(problem);
        }
        let causes: String = problem.causes.iter().map(|cause| format!(": {cause}")).collect();
        self.leave_page(format!("GitHub is advisory and left out: {}{causes}", problem.message));
        Ok(())
    }

    /// Reads the page together with the indexes. Without a version nothing can be looked for yet.
    ///
    /// # Errors
    /// `target-unobserved` or `auth-refused` when a required page cannot be read; `interrupted`.
    pub(super) async fn look_at_page(
        &mut self,
        ledger: &Ledger,
        press: Option<PressId>,
    ) -> Result<(), Problem> {
        if let (Some(GitHub::Outstanding { why, .. }), None) = (&self.request.github, &self.page.left_out) {
            self.leave_page(why.clone());
        }
        let (Some(target), None) = (self.page_target(), &self.page.board) else { return Ok(()) };
        if self.checkout.is_none() {
            self.leave_page("Skipping GitHub release creation: the project is in no git commit");
            return Ok(());
        }
        let (Some(tag), Some(version)) = (self.page_tag(), &self.version) else { return Ok(()) };
        let (rows, effects) = remembered(ledger, target, &self.request.project, version, press)?;
        let open = rows.iter().filter(|row| row.stage != Stage::Published);
        let known: Vec<u64> = open.map(|row| row.release_id).collect();
        let sight = self.sight(target, &tag, &known).await?;
        if let Some(failure) = sight.failure {
            return self.page_problem(target, failure.problem);
        }
        let stop = self.tag_stop(target, &tag, &sight.view);
        self.page.board = Some(Board::new(sight, rows, effects));
        stop.map_or(Ok(()), |problem| self.page_problem(target, problem))
    }

    /// A tag that GitHub lacks or has elsewhere is no reason to build first. One that a real run would make is none.
    fn tag_stop(&self, target: &GitHubTarget, tag: &str, view: &View) -> Option<Problem> {
        let View::Seen { tag: state, .. } = view else { return None };
        let planned = !self.request.write && self.request.create_tag.is_some();
        if planned && *state == TagState::Missing {
            return None;
        }
        let problem = tag_problem(target, tag, &self.page_commit()?, state)?;
        Some(problem.note("Nothing was uploaded by this run."))
    }

    /// Files of the project that only the page shows, found before they are frozen.
    ///
    /// # Errors
    /// `config-invalid` when a pattern names nothing.
    pub(super) fn page_extras(&self) -> Result<BTreeMap<String, Extra>, Problem> {
        let Some(target) = self.page_target() else { return Ok(BTreeMap::new()) };
        find_extras(&self.request.project_dir, &target.assets)
    }

    /// One reading of the page. A limit that ends soon is waited for: it says nothing about the page.
    async fn sight(&self, target: &GitHubTarget, tag: &str, known: &[u64]) -> Result<Sight, Problem> {
        let mut left = READINGS_MAX;
        loop {
            let sight = tokio::select! {
                sight = read_page(target, tag, known) => sight,
                () = self.context.cancel.cancelled() => return Err(interrupted()),
            };
            left -= 1;
            let pause =
                sight.failure.as_ref().filter(|failure| failure.may_pass).and_then(|failure| failure.wait);
            match pause.filter(|pause| *pause <= RETRY_MAX && left > 0) {
                Some(pause) => rest(self.context, pause).await?,
                None => return Ok(sight),
            }
        }
    }

    /// What a release with these bytes would find on the page and must not go on beside. It comes before the freeze:
    /// bytes that a public page contradicts must not be frozen.
    ///
    /// # Errors
    /// What stops a release with a required page.
    pub(super) async fn page_allows(
        &mut self,
        session: &Session<'_>,
        manifest: &Manifest,
    ) -> Result<(), Problem> {
        self.look_at_page(&session.ledger, session.press()).await?;
        self.judge_page(manifest).await
    }

    /// Decides what the page needs, and stops where nothing this program does can help.
    async fn judge_page(&mut self, manifest: &Manifest) -> Result<(), Problem> {
        let (Some(target), Some(commit)) = (self.page_target(), self.page_commit()) else { return Ok(()) };
        let Some(board) = &self.page.board else { return Ok(()) };
        let extended = match extends(target, &board.sight, manifest, &commit).await {
            Ok(extended) => extended,
            Err(problem) => {
                self.page_problem(target, problem)?;
                BTreeSet::new()
            }
        };
        let (Some(board), Some(tag)) = (&self.page.board, self.page_tag()) else { return Ok(()) };
        let wish = wish(manifest, &commit, extended)?;
        let facts = board.facts(self.context.clock.monotonic());
        let found = survey(&wish.wanted, &facts);
        let planned = !self.request.write && self.request.create_tag.is_some();
        let stop = stops_now(target, &tag, manifest, &wish.wanted, &facts, planned);
        (self.page.survey, self.page.wish) = (found, Some(wish));
        match stop {
            Some(problem) => self.page_problem(target, problem.note("Nothing was uploaded by this run.")),
            None => Ok(()),
        }
    }

    /// The page in the plan: its rows and lines.
    ///
    /// # Errors
    /// As [`Self::page_allows`].
    pub(super) async fn plan_page(
        &mut self,
        ledger: &Ledger,
        press: Option<PressId>,
        manifest: &Manifest,
    ) -> Result<(), Problem> {
        self.look_at_page(ledger, press).await?;
        self.judge_page(manifest).await?;
        if self.request.github.is_none() {
            return Ok(());
        }
        let why = self.page.left_out.clone().unwrap_or_default();
        let found = self.page.survey.as_ref().filter(|_| why.is_empty());
        page_rows(&mut self.files, manifest, found, &why);
        let (Some(target), Some(tag), Some(found)) = (self.page_target(), self.page_tag(), found) else {
            return Ok(());
        };
        if found.is_published() {
            self.context.report.warning("Skipping GitHub release creation - release already exists");
        }
        for line in plan_lines(target, &tag, found) {
            self.context.report.info(line);
        }
        Ok(())
    }

    /// Whether the page needs anything.
    pub(super) fn page_has_work(&self) -> bool {
        self.page_target().is_some() && !self.page.survey.as_ref().is_some_and(Survey::is_published)
    }

    /// What a dry run would ask GitHub.
    pub(super) fn say_page_addresses(&self) {
        let (Some(target), Some(tag)) = (self.page_target(), self.page_tag()) else { return };
        let report = &self.context.report;
        report.info(format!("[DRY RUN] Would check: {}/releases/tags/{tag}", target.address));
        report.info(format!("[DRY RUN] Would check: gh release view {tag}"));
    }

    /// The page in a plan whose bytes are not known.
    pub(super) fn say_page_unbuilt(&self) {
        let (Some(target), Some(tag)) = (self.page_target(), self.page_tag()) else { return };
        let Some(board) = &self.page.board else { return };
        let what = match board.sight.pages.values().find(|page| !page.draft) {
            Some(page) => format!("published, {} assets there", page.assets.len()),
            None => "not published; made as a draft before production, published last".to_owned(),
        };
        self.context.report.info(format!("  GitHub release {tag} ({}): {what}", target.repository()));
    }

    /// What is asked about the page.
    pub(super) fn page_question(&self) -> Vec<String> {
        match (self.page_target(), self.page_tag(), &self.page.survey) {
            (Some(target), Some(tag), Some(survey)) => question_lines(target, &tag, survey),
            _ => Vec::new(),
        }
    }

    /// Fills the draft: the second place of every file. A page that is public already waits for production.
    ///
    /// # Errors
    /// What stops a release with a required page.
    pub(super) async fn assemble_page(
        &mut self,
        session: &Session<'_>,
        prepared: &Prepared,
    ) -> Result<(), Problem> {
        let Some(target) = self.page_target() else { return Ok(()) };
        let public = |survey: &Survey| matches!(survey.kind, Kind::Published | Kind::Persons);
        if self.page.survey.as_ref().is_none_or(public)
            || self.page.board.as_ref().is_none_or(Board::was_public)
        {
            return Ok(());
        }
        match self.work_on_page(session, prepared, target, "github draft", Phase::Assemble).await {
            Ok(()) => Ok(()),
            Err(problem) => self.page_problem(target, problem),
        }
    }

    /// Publishes the page, or adds what a public one lacks. Returns why it is outstanding, where the release is not
    /// complete without it.
    ///
    /// # Errors
    /// `interrupted`, and what the ledger says.
    pub(super) async fn publish_page(
        &mut self,
        session: &Session<'_>,
        prepared: &Prepared,
    ) -> Result<Option<Problem>, Problem> {
        let Some(target) = self.page_target() else {
            return Ok(match (&self.request.github, &self.page.left_out) {
                (Some(GitHub::Outstanding { required: true, .. }), Some(why)) => {
                    Some(Problem::new(ErrorCode::GithubOutstanding, why.clone()))
                }
                (Some(GitHub::Page(target)), Some(why)) if target.required => {
                    Some(Problem::new(ErrorCode::GithubOutstanding, why.clone()))
                }
                _ => None,
            });
        };
        if self.page.survey.is_none() {
            return Ok(None);
        }
        let Err(problem) = self.work_on_page(session, prepared, target, "github", Phase::Publish).await
        else {
            return Ok(None);
        };
        match self.page_problem(target, problem) {
            Ok(()) => Ok(None),
            Err(problem) if problem.code == ErrorCode::Interrupted => Err(problem),
            Err(problem) => {
                self.page.left_out = Some(problem.message.clone());
                Ok(Some(problem))
            }
        }
    }

    async fn work_on_page(
        &mut self,
        session: &Session<'_>,
        prepared: &Prepared,
        target: &GitHubTarget,
        step: &str,
        phase: Phase,
    ) -> Result<(), Problem> {
        let tag = self.page_tag().unwrap_or_default();
        let (Some(board), Some(wish)) = (&mut self.page.board, &self.page.wish) else { return Ok(()) };
        let page = Page {
            session,
            target,
            manifest: &prepared.manifest,
            store: &prepared.store,
            project_dir: &self.request.project_dir,
            rule: &self.request.tag,
            tag: &tag,
            wish,
        };
        let complete = self.page.survey.as_ref().is_some_and(Survey::is_published);
        let work = async {
            if phase == Phase::Publish && !complete {
                // Listed again after production: what is published is what is there now.
                page.read(board).await?;
            }
            let reached = page.run(board, phase).await?;
            let status = if reached.effects > 0 { StepStatus::Done } else { StepStatus::Skipped };
            let detail = format!("{}: {} changes made", target.repository(), reached.effects);
            Ok((reached, status, detail))
        };
        let result = self.steps.run(Some(session), step, work).await;
        self.page.effects = self.page.board.as_ref().map_or(0, Board::effects);
        self.page.reached = Some(result?.done);
        Ok(())
    }

    /// The page in the receipt.
    pub(super) fn receipt_page(&self) -> Option<ReceiptPage> {
        let github = self.request.github.as_ref()?;
        Some(receipt_page(github, self.page.board.as_ref(), self.page.reached, self.page.left_out.clone()))
    }

    /// Puts what was done into the rows.
    pub(super) fn page_settled(&self, files: &mut [FileRow]) {
        let (Some(wish), Some(board)) = (&self.page.wish, &self.page.board) else { return };
        if self.page_target().is_some() {
            settled_cells(files, &wish.wanted, board, self.context.clock.monotonic());
        }
    }
}
