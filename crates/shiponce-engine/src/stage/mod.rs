//! Bringing one target to hold every file of a manifest: decide, intend, send, record, read back.

mod board;
mod compare;
mod send;
mod wave;

use crate::context::Context;
use crate::observe::Seen;
use crate::problem::{StopContext, partial_problem, stop_problem, target_total};
use crate::python::interrupted;
use crate::report::Say as _;
use crate::session::Session;
use crate::target::ReleaseTarget;
use shiponce_api::v1::Propagation;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::decide::{Action, Skip, Stop};
use shiponce_core::form::UploadForm;
use shiponce_core::journal::{Event, Sent};
use shiponce_core::observation::{Listing, Observation, View};
use shiponce_core::{FileEntry, Manifest};
use shiponce_index::{Attestation, Freshness};
use shiponce_io::http::BodySource;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

pub(crate) use board::{Board, Settled};

/// How long an accepted file may take to show up. Simple pages lag by minutes when a cache serves them; the longest
/// lag on record is a little over ten minutes.
const VISIBLE_WITHIN: Duration = Duration::from_secs(15 * 60);
/// The first pause between two readings; it doubles.
const PAUSE_FIRST: Duration = Duration::from_secs(1);
/// The longest pause between two readings.
const PAUSE_MAX: Duration = Duration::from_secs(15);
/// A reading older than this is taken again before anything is sent.
const READING_MAX_AGE: Duration = Duration::from_secs(30);
/// How long an index may be unreadable after something was sent to it, before its files are given up as unknown.
const BLIND_MAX: Duration = Duration::from_secs(5 * 60);
/// How long an index may take nothing of what it is sent, before a stage gives up the files that are not there yet. A 500
/// can be permanent, and a PyPI worker that hangs is stopped after four minutes: this is time for three of those.
const TROUBLE_MAX: Duration = Duration::from_secs(15 * 60);
/// The first pause before a file is sent again; it doubles.
const RETRY_FIRST: Duration = Duration::from_secs(2);
/// The longest pause an index may ask for before we give the press back to the user.
const RETRY_MAX: Duration = Duration::from_secs(120);

/// The bytes of one file, ready to be sent any number of times.
#[derive(Debug, Clone)]
pub(crate) struct Payload {
    /// The form around them.
    pub(crate) form: UploadForm,
    /// The bytes, re-openable.
    pub(crate) source: Arc<dyn BodySource>,
    /// What vouches for them, for targets that take it.
    pub(crate) attestations: Vec<Attestation>,
}

/// One pass over one target.
#[derive(Debug)]
pub(crate) struct Stage<'a> {
    pub(crate) session: &'a Session<'a>,
    pub(crate) target: &'a ReleaseTarget,
    pub(crate) manifest: &'a Manifest,
    pub(crate) payloads: &'a BTreeMap<String, Payload>,
}

/// What a target holds when a stage has ended.
#[derive(Debug)]
pub(crate) struct StageReport {
    /// Every file and how it ended.
    pub(crate) files: BTreeMap<String, Settled>,
    /// The last listing; `None` when the target could never be read.
    pub(crate) listing: Option<Listing>,
    /// Files this stage sent and read back.
    pub(crate) uploaded: usize,
    /// Files this stage sent, the index accepted, and nobody has read back.
    pub(crate) accepted: usize,
    /// Whether surely nothing of this stage reached the index.
    pub(crate) untouched: bool,
    /// Why the stage ended before every file was settled.
    pub(crate) cut: Option<Problem>,
    /// What readers get after files were sent.
    pub(crate) propagation: Option<Propagation>,
}

/// What one pass over the files leaves to do.
#[derive(Debug, Default)]
struct Passed {
    /// Something was sent.
    sent: bool,
    /// A file waits for the index to show it.
    polls: bool,
    /// The shortest time until a file may be sent again.
    resend_in: Option<Duration>,
}

impl Passed {
    /// Whether something was done or is waited for.
    fn works(&self) -> bool {
        self.sent || self.polls || self.resend_in.is_some()
    }
}

/// What one file asks for at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Nothing more: it is settled.
    Over,
    /// To be sent now.
    Send,
    /// To be sent after a pause.
    SendIn(Duration),
    /// To be looked for before anything else, or to be sent once another file's fate is known.
    Look,
    /// It was accepted and is not shown yet.
    Appear,
    /// Nothing: somebody else releases this version.
    Leave,
}

impl Step {
    /// Whether the file may still be sent by this stage.
    fn is_open(self) -> bool {
        matches!(self, Self::Send | Self::SendIn(_) | Self::Look)
    }
}

impl Stage<'_> {
    /// Works until every file is settled, or until it must not go on: interrupted, without a credential, without a
    /// ledger that records intents. `seen` comes from the plan.
    ///
    /// # Errors
    /// When the journal cannot be read; then nothing was sent.
    pub(crate) async fn run(&self, seen: &Seen) -> Result<StageReport, Problem> {
        let mut board = Board::new(self.session, self.target, self.manifest, seen)?;
        let cut = self.work(&mut board).await.err();
        Ok(board.into_report(cut))
    }

    async fn work(&self, board: &mut Board) -> Result<(), Problem> {
        let mut pause = PAUSE_FIRST;
        loop {
            let passed = self.pass(board).await?;
            if board.all_settled() || (board.is_lost() && !passed.works()) {
                return Ok(());
            }
            // A round that sent something is read back at once; one that waits takes longer breaths.
            let breath = match (passed.sent, passed.resend_in) {
                (true, _) => Duration::ZERO,
                (false, Some(wait)) if passed.polls => wait.min(pause),
                (false, Some(wait)) => wait,
                (false, None) => pause,
            };
            pause = if passed.sent { PAUSE_FIRST } else { (pause * 2).min(PAUSE_MAX) };
            self.rest(breath.max(board.quiet(self.now()))).await?;
            self.read(board).await?;
        }
    }

    /// Once a stage: a wait of many minutes must not look like a hanging program.
    fn say_waiting(&self, board: &mut Board, name: &str) {
        if board.first_wait() {
            let minutes = VISIBLE_WITHIN.as_secs() / 60;
            let line = format!(
                "{} accepted {name} and does not show it yet; waiting up to {minutes} min",
                self.target.label
            );
            self.session.context.report.info(line);
        }
    }

    /// One pass over the unsettled files: what has an end is settled, then what may go is sent.
    async fn pass(&self, board: &mut Board) -> Result<Passed, Problem> {
        let mut passed = Passed::default();
        let (mut ready, mut wheels_open) = (Vec::new(), false);
        for entry in self.manifest.in_upload_order() {
            let step = self.step(board, entry).await?;
            match step {
                Step::Send => ready.push(entry),
                Step::SendIn(wait) => {
                    passed.resend_in = Some(passed.resend_in.map_or(wait, |other| other.min(wait)));
                }
                Step::Look | Step::Appear => passed.polls = true,
                Step::Over | Step::Leave => {}
            }
            wheels_open |= step.is_open() && entry.filename.as_wheel().is_some();
        }
        if wheels_open {
            // The sdist goes last and alone: as long as it is not there, nobody builds from source by accident what a
            // wheel is about to bring.
            ready.retain(|entry| entry.filename.as_wheel().is_some());
        }
        if board.is_lost() {
            // A file further down turned out to hold other bytes.
            ready.clear();
        }
        if !board.is_opened() {
            ready.truncate(1);
        }
        passed.sent = self.wave(board, ready).await?;
        Ok(passed)
    }

    /// Settles one file if it has an end, else says what it asks for.
    async fn step(&self, board: &mut Board, entry: &FileEntry) -> Result<Step, Problem> {
        let name = entry.filename.to_string();
        // A file can ask for another look at the same reading: compared by download, or settled by an answer.
        while !board.is_settled(&name) {
            match board.next(entry, self.session.context) {
                Action::Skip(skip) => self.settle_there(board, entry, skip)?,
                Action::Stop(stop) => self.settle_stopped(board, entry, stop),
                Action::CompareByDownload => self.compare(board, entry).await?,
                Action::Upload { .. } if !board.pause_left(&name, self.now()).is_zero() => {
                    return Ok(Step::SendIn(board.pause_left(&name, self.now())));
                }
                // The rest of a lost release is left unsettled; the conflict says why.
                Action::Upload { .. } if board.is_lost() => return Ok(Step::Leave),
                Action::Upload { attempt: 1 } if board.is_contested() => return Ok(Step::Look),
                Action::Upload { .. } => return Ok(Step::Send),
                Action::AwaitVisibility => {
                    self.say_waiting(board, &name);
                    return Ok(Step::Appear);
                }
                Action::Reobserve => return Ok(Step::Look),
            }
        }
        Ok(Step::Over)
    }

    fn now(&self) -> Duration {
        self.session.context.clock.monotonic()
    }

    fn too_old(&self, board: &Board) -> bool {
        self.now().saturating_sub(board.read_at()) > READING_MAX_AGE
    }

    async fn read(&self, board: &mut Board) -> Result<(), Problem> {
        let view = self.look().await?;
        board.take_reading(view, self.now());
        Ok(())
    }

    /// One observation of the target, past all caches.
    async fn look(&self) -> Result<View, Problem> {
        self.session.check()?;
        let reading =
            self.session.observer.read(&self.target.index, &self.manifest.project, Freshness::Bypass);
        let reading = tokio::select! {
            reading = reading => reading,
            () = self.session.context.cancel.cancelled() => return Err(interrupted()),
        };
        self.session.check()?;
        Ok(reading.view)
    }

    fn settle_there(&self, board: &mut Board, entry: &FileEntry, skip: Skip) -> Result<(), Problem> {
        let name = entry.filename.to_string();
        let history = board.history(&name);
        let ours = matches!(history.sent, Sent::Accepted | Sent::Unknown) && history.attempts > 0;
        // A file nobody sent from here needs no receipt; one whose fate was open does.
        if !matches!(history.sent, Sent::Confirmed | Sent::Nothing) {
            self.session.journal(self.target, self.manifest, &name, &Event::Confirmed)?;
            board.record(&name, &Event::Confirmed);
        }
        let label = &self.target.label;
        let report = &self.session.context.report;
        match (&skip, ours) {
            (Skip::Yanked { reason }, _) => report.warning(format!("{name} is on {label}, yanked: {reason}")),
            (Skip::Identical { .. }, true) => report.success(format!("{name} is on {label} (read back)")),
            (Skip::Identical { since }, false) => {
                let kind = if entry.filename.as_wheel().is_some() { "wheel" } else { "sdist" };
                let since =
                    since.map_or(String::new(), |at| format!(" since {}", crate::problem::minute(at)));
                report.info(format!("{name}: Identical {kind} already published on {label}{since}"));
            }
        }
        report.event(
            shiponce_api::v1::Level::Info,
            "file.present",
            &[("file", &name), ("target", &self.target.core.name)],
        );
        board.settle(&name, Action::Skip(skip));
        Ok(())
    }

    fn settle_stopped(&self, board: &mut Board, entry: &FileEntry, stop: Stop) {
        let name = entry.filename.to_string();
        let fields = [("file", name.as_str()), ("target", self.target.core.name.as_str())];
        self.session.context.report.event(shiponce_api::v1::Level::Error, "file.stopped", &fields);
        board.settle(&name, Action::Stop(stop));
    }

    async fn rest(&self, pause: Duration) -> Result<(), Problem> {
        rest(self.session.context, pause).await
    }
}

/// Waits on the clock; Ctrl-C ends the wait.
pub(crate) async fn rest(context: &Context, pause: Duration) -> Result<(), Problem> {
    tokio::select! {
        () = context.clock.sleep(pause) => Ok(()),
        () = context.cancel.cancelled() => Err(interrupted()),
    }
}

impl StageReport {
    /// How many files are there.
    pub(crate) fn present(&self) -> usize {
        self.files.values().filter(|settled| matches!(settled.action, Action::Skip(_))).count()
    }

    /// The problems of the files that are not there, in upload order.
    pub(crate) fn problems(&self, stage: &Stage<'_>) -> Vec<Problem> {
        let taken = self.listing.as_ref().map(Listing::versions).unwrap_or_default();
        let order = stage.manifest.in_upload_order();
        let stopped = order.into_iter().filter_map(|entry| {
            let settled = self.files.get(&entry.filename.to_string())?;
            match &settled.action {
                Action::Stop(stop) => Some((entry, settled, stop)),
                _ => None,
            }
        });
        let explain = |(entry, settled, stop): (&FileEntry, &Settled, &Stop)| {
            let context = StopContext {
                target: &stage.target.core,
                label: &stage.target.label,
                manifest: stage.manifest,
                entry,
                history: &settled.history,
                taken: &taken,
            };
            stop_problem(stop, context)
        };
        stopped.map(explain).collect()
    }

    /// The problem of this target as a whole, `None` when it is complete. A production index with some of the files
    /// is `partial`, with the end of its window; otherwise the first reason stands for all.
    pub(crate) fn problem(&self, stage: &Stage<'_>) -> Option<Problem> {
        if let Some(cut) = self.cut.as_ref().filter(|cut| cut.code == ErrorCode::Interrupted) {
            return Some(cut.clone());
        }
        let mut problems = self.problems(stage);
        problems.splice(..0, self.cut.clone());
        // An accepted file that never shows up is a failure of the index until somebody has seen it there.
        let written = self.present() > 0 || (self.cut.is_some() && self.accepted > 0);
        let partial = (stage.target.is_production() && written).then(|| {
            let opened = self.listing.as_ref().and_then(|listing| listing.opened_at(&stage.manifest.version));
            let now = stage.session.context.now();
            let counts = (self.present(), self.accepted);
            partial_problem(stage.manifest, &stage.target.core, &stage.target.label, counts, opened, now)
        });
        let problem = target_total(&problems, partial)?;
        // Other targets may have got their files before this one.
        let nothing = || format!("Nothing was uploaded to {} by this run.", stage.target.label);
        Some(if self.untouched { problem.note(nothing()) } else { problem })
    }

    /// Whether the press must not go on to another target: interrupted, or without its lease or ledger.
    pub(crate) fn halts(&self) -> bool {
        let code = self.cut.as_ref().map(|cut| cut.code);
        matches!(
            code,
            Some(
                ErrorCode::Interrupted
                    | ErrorCode::LeaseTimeout
                    | ErrorCode::LedgerUnusable
                    | ErrorCode::Internal
            )
        )
    }

    /// What the target says of a file, for JSON and tables.
    pub(crate) fn observation(&self, filename: &str) -> Option<&Observation> {
        self.files.get(filename).map(|settled| &settled.observation)
    }
}
