//! Bringing one target to hold every file of a manifest: decide, intend, send, record, read back.

mod board;
mod compare;
mod send;

use crate::context::Context;
use crate::problem::{StopContext, partial_problem, stop_problem};
use crate::python::interrupted;
use crate::report::Say as _;
use crate::session::Session;
use crate::target::ReleaseTarget;
use shiponce_api::Problem;
use shiponce_core::decide::{Action, Skip, Stop};
use shiponce_core::form::UploadForm;
use shiponce_core::journal::{Event, Sent};
use shiponce_core::observation::{Listing, Observation, View};
use shiponce_core::{FileEntry, Manifest};
use shiponce_index::Freshness;
use shiponce_io::http::BodySource;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

pub(crate) use board::{Board, Settled};

/// How long an accepted file may take to show up. Simple pages lag by minutes when a cache serves them; the longest
/// lag on record is a little over ten minutes.
const VISIBLE_WITHIN: Duration = Duration::from_secs(15 * 60);
/// The longest pause between two readings.
const PAUSE_MAX: Duration = Duration::from_secs(15);
/// A reading older than this is taken again before anything is sent.
const READING_MAX_AGE: Duration = Duration::from_secs(30);

/// The bytes of one file, ready to be sent any number of times.
#[derive(Debug, Clone)]
pub(crate) struct Payload {
    /// The form around them.
    pub(crate) form: UploadForm,
    /// The bytes, re-openable.
    pub(crate) source: Arc<dyn BodySource>,
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
    /// Files this stage sent and saw accepted.
    pub(crate) uploaded: usize,
}

impl Stage<'_> {
    /// Works until every file is settled. `view` and its age come from the plan.
    ///
    /// # Errors
    /// `interrupted`, or a ledger that cannot record an intent: then nothing more is sent.
    pub(crate) async fn run(&self, view: &View, read_at: Duration) -> Result<StageReport, Problem> {
        let mut board = Board::new(self.session, self.target, self.manifest, view.clone(), read_at)?;
        let mut pause = Duration::from_secs(1);
        loop {
            let sent = self.pass(&mut board).await?;
            if board.all_settled() {
                return Ok(board.into_report());
            }
            // A round that sent something is read back at once; one that waits takes longer breaths.
            if !sent {
                self.rest(pause).await?;
                pause = (pause * 2).min(PAUSE_MAX);
            }
            self.read(&mut board).await?;
        }
    }

    /// One pass over the unsettled files. Returns whether anything was sent.
    async fn pass(&self, board: &mut Board) -> Result<bool, Problem> {
        let mut sent = false;
        for entry in self.manifest.in_upload_order() {
            let name = entry.filename.to_string();
            // A file can ask for another look at the same reading: compared by download, or settled by an answer.
            while !board.is_settled(&name) {
                let action = board.next(entry, self.session.context);
                match action {
                    Action::Skip(skip) => self.settle_there(board, entry, skip)?,
                    Action::Stop(stop) => self.settle_stopped(board, entry, stop),
                    Action::CompareByDownload => self.compare(board, entry).await?,
                    Action::Upload { attempt } if self.too_old(board) && !sent => {
                        debug_assert!(attempt > 0);
                        self.read(board).await?;
                    }
                    Action::Upload { attempt } => {
                        self.send(board, entry, attempt).await?;
                        sent = true;
                        break;
                    }
                    Action::Reobserve | Action::AwaitVisibility => break,
                }
            }
        }
        Ok(sent)
    }

    fn too_old(&self, board: &Board) -> bool {
        self.session.context.clock.monotonic().saturating_sub(board.read_at()) > READING_MAX_AGE
    }

    async fn read(&self, board: &mut Board) -> Result<(), Problem> {
        self.check_cancelled()?;
        let reading =
            self.session.observer.read(&self.target.index, &self.manifest.project, Freshness::Bypass).await;
        self.check_cancelled()?;
        board.take_reading(reading.view, self.session.context.clock.monotonic());
        Ok(())
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
                let since = since.map_or(String::new(), |at| format!(" since {}", crate::problem::minute(at)));
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

    fn check_cancelled(&self) -> Result<(), Problem> {
        if self.session.context.cancel.is_cancelled() { Err(interrupted()) } else { Ok(()) }
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
    /// is `partial`, with the end of its window; otherwise the first file's reason stands for all.
    pub(crate) fn problem(&self, stage: &Stage<'_>) -> Option<Problem> {
        let problems = self.problems(stage);
        let (first, rest) = problems.split_first()?;
        let present = self.present();
        if stage.target.core.role == shiponce_core::plan::Role::Production && present > 0 {
            let opened = self.listing.as_ref().and_then(|listing| listing.opened_at(&stage.manifest.version));
            let now = stage.session.context.now();
            let mut partial = partial_problem(
                stage.manifest,
                &stage.target.core,
                &stage.target.label,
                present,
                opened,
                now,
            );
            for problem in &problems {
                partial = partial.fact("missing", format!("{} [{}]", problem.message, problem.code));
                partial.causes.extend(problem.causes.iter().cloned());
            }
            partial.causes.dedup();
            return Some(partial);
        }
        let mut problem = first.clone();
        for other in rest {
            problem = problem.fact("also", format!("{} [{}]", other.message, other.code));
        }
        Some(if self.uploaded == 0 { problem.note("Nothing was uploaded by this run.") } else { problem })
    }

    /// What the target says of a file, for JSON and tables.
    pub(crate) fn observation(&self, filename: &str) -> Option<&Observation> {
        self.files.get(filename).map(|settled| &settled.observation)
    }
}
