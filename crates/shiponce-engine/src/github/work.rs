//! Bringing the page to where a phase wants it: decide, intend, carry out, record, read back.

use super::board::Board;
use super::sight::read_page;
use super::target::GitHubTarget;
use super::wanted::Wish;
use super::words::{StopWords, stop_problem};
use crate::python::interrupted;
use crate::release::TagRule;
use crate::session::Session;
use crate::stage::rest;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::Manifest;
use shiponce_core::forge::{Done, Effect, Phase, Row, Stage, Step, Stop};
use shiponce_core::journal::{Event, Sent};
use shiponce_ledger::Moved;
use shiponce_store::Store;
use std::path::Path;
use std::time::Duration;

/// The first pause between two readings; it doubles.
const PAUSE_FIRST: Duration = Duration::from_secs(1);
/// The longest pause between two readings.
const PAUSE_MAX: Duration = Duration::from_secs(15);
/// How long GitHub may be unreadable after something was sent to it.
const BLIND_MAX: Duration = Duration::from_secs(5 * 60);
/// The largest asset that is downloaded only to compare it: the largest GitHub takes.
const COMPARED_MAX: u64 = 2 << 30;

/// One page at work.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) session: &'a Session<'a>,
    pub(crate) target: &'a GitHubTarget,
    pub(crate) manifest: &'a Manifest,
    pub(crate) store: &'a Store,
    pub(crate) project_dir: &'a Path,
    pub(crate) rule: &'a TagRule,
    pub(crate) tag: &'a str,
    pub(crate) wish: &'a Wish,
}

/// How far a phase brought the page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reached {
    /// Where it is.
    pub(crate) done: Done,
    /// Effects of this phase.
    pub(crate) effects: usize,
}

impl Page<'_> {
    /// Works until the phase has nothing left to do.
    ///
    /// # Errors
    /// Why the page cannot go on; `interrupted`; what the ledger says.
    pub(crate) async fn run(&self, board: &mut Board, phase: Phase) -> Result<Reached, Problem> {
        let before = board.done.len();
        let mut pause = PAUSE_FIRST;
        loop {
            self.session.check()?;
            let step = board.next(&self.wish.wanted, phase, self.now());
            match step {
                Step::Effect(_) if board.too_busy => return Err(self.too_busy(board, &step)),
                Step::Effect(effect) => {
                    self.breathe(board).await?;
                    self.carry_out(board, &effect).await?;
                    pause = PAUSE_FIRST;
                }
                Step::Compare { release, asset, name } => {
                    self.compare(board, release, asset, &name).await?;
                }
                Step::Look => {
                    // What was just done is read back at once; what does not show is given time.
                    if board.readings > 0 {
                        self.rest(pause).await?;
                        pause = (pause * 2).min(PAUSE_MAX);
                    }
                    self.read(board).await?;
                }
                Step::Seal { release } => self.seal(board, release)?,
                // An answer proves nothing: what everybody will rely on is read back.
                Step::Done(_) if board.readings == 0 => self.read(board).await?,
                Step::Done(done) => {
                    self.settle(board, done)?;
                    return Ok(Reached { done, effects: board.done.len() - before });
                }
                Step::Stop(stop) => return Err(self.problem(board, &stop)),
            }
        }
    }

    /// Reads the page again; while something is on its way an unreadable GitHub is given time.
    pub(crate) async fn read(&self, board: &mut Board) -> Result<(), Problem> {
        let since = self.now();
        let mut pause = PAUSE_FIRST;
        loop {
            self.session.check()?;
            let known = board.known();
            let sight = tokio::select! {
                sight = read_page(self.target, self.tag, &known) => sight,
                () = self.session.context.cancel.cancelled() => return Err(interrupted()),
            };
            let failure = sight.failure.clone();
            let patient = failure
                .as_ref()
                .filter(|failure| failure.may_pass && self.now().saturating_sub(since) < BLIND_MAX);
            let Some(failure) = patient else {
                board.take_reading(sight);
                return Ok(());
            };
            self.rest(failure.wait.unwrap_or(pause).min(BLIND_MAX)).await?;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    pub(super) fn now(&self) -> Duration {
        self.session.context.clock.monotonic()
    }

    async fn rest(&self, pause: Duration) -> Result<(), Problem> {
        rest(self.session.context, pause).await
    }

    async fn breathe(&self, board: &Board) -> Result<(), Problem> {
        let left = board.not_before.saturating_sub(self.now());
        if left.is_zero() { Ok(()) } else { self.rest(left).await }
    }

    async fn compare(&self, board: &mut Board, release: u64, asset: u64, name: &str) -> Result<(), Problem> {
        let mut sink = std::io::sink();
        let downloading = self.target.client.download_asset(asset, None, COMPARED_MAX, &mut sink);
        let fetched = tokio::select! {
            fetched = downloading => fetched,
            () = self.session.context.cancel.cancelled() => return Err(interrupted()),
        };
        match fetched {
            Ok(fetched) => board.compared(asset, fetched.sha256),
            Err(error) => {
                let message =
                    format!("{name} on GitHub (release {release}) has no digest and cannot be read");
                return Err(Problem::new(ErrorCode::TargetUnobserved, message)
                    .cause(error.to_string())
                    .sources_of(&error)
                    .hint("press again when GitHub answers"));
            }
        }
        Ok(())
    }

    /// From assembling to sealed. From here on nothing of the page is deleted.
    fn seal(&self, board: &mut Board, release: u64) -> Result<(), Problem> {
        if !board.rows.iter().any(|row| row.release_id == release) {
            // A draft found by its marker, by a machine whose ledger does not know it.
            self.session.note_page(self.target, self.manifest, release, self.wish.wanted.marker.manifest)?;
        }
        self.advance(board, release, Stage::Assembling)
    }

    fn advance(&self, board: &mut Board, release: u64, from: Stage) -> Result<(), Problem> {
        match self.session.advance_page(self.target, self.manifest, release, from)? {
            Moved::Yes if from == Stage::Assembling => board.stage(release, Stage::Sealed),
            Moved::Yes => board.stage(release, Stage::Published),
            Moved::No { stage } => board.stage(release, stage),
        }
        Ok(())
    }

    /// What was read back is noted: the receipt of publishing, and the last stage.
    fn settle(&self, board: &mut Board, done: Done) -> Result<(), Problem> {
        let Done::Published { release } = done else { return Ok(()) };
        let publish = Effect::Publish { release };
        let sent = board.effects.get(&publish.to_string()).map(|history| history.sent.clone());
        if matches!(sent, Some(Sent::Accepted | Sent::Unknown)) {
            self.session.journal_effect(self.target, self.manifest, &publish, &Event::Confirmed)?;
            board.record(&publish, &Event::Confirmed);
        }
        let stage = |row: &Row| (row.release_id == release).then_some(row.stage);
        match board.rows.iter().find_map(stage) {
            Some(Stage::Published) => return Ok(()),
            Some(Stage::Sealed) => {}
            None | Some(Stage::Assembling) => self.seal(board, release)?,
        }
        self.advance(board, release, Stage::Sealed)
    }

    fn too_busy(&self, board: &Board, step: &Step) -> Problem {
        let Step::Effect(effect) = step else {
            return Problem::new(ErrorCode::Internal, "busy without work");
        };
        let problem =
            Problem::new(ErrorCode::GithubFailed, "GitHub asks for a longer pause than a press can make");
        let problem = match board.words(effect) {
            Some(words) => problem.cause(format!("GitHub said: {words}")),
            None => problem,
        };
        problem.hint("press again later: what is there is found, what is missing is sent")
    }

    pub(super) fn problem(&self, board: &Board, stop: &Stop) -> Problem {
        let failure = board.sight.failure.as_ref().map(|failure| &failure.problem);
        stop_problem(
            stop,
            &StopWords {
                target: self.target,
                tag: self.tag,
                manifest: self.manifest,
                failure,
                words: &|effect| board.words(effect),
            },
        )
    }
}
