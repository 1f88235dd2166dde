//! Several files on their way to one index at the same time.
//!
//! The ledger has one connection and the board one owner: intents and receipts are written here, one after the other,
//! and only the requests themselves run side by side. Whatever ends a wave, it ends with nothing on its way.

use super::send::Landed;
use super::{Board, Stage};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use shiponce_api::Problem;
use shiponce_core::FileEntry;
use shiponce_core::decide::{Action, Stop};
use shiponce_core::journal::{Event, Refusal};
use std::collections::VecDeque;

/// What is on its way, and what is to follow.
struct Wave<'w> {
    queue: VecDeque<&'w FileEntry>,
    /// Uploads, and at most one reading.
    under_way: FuturesUnordered<BoxFuture<'w, Landed>>,
    uploads: usize,
    reads: bool,
    sent: bool,
    /// Why nothing more may begin.
    cut: Option<Problem>,
}

impl Wave<'_> {
    fn stop(&mut self, problem: Problem) {
        self.queue.clear();
        self.cut.get_or_insert(problem);
    }
}

impl<'s> Stage<'s> {
    /// Sends the files of a queue, as many at a time as the index may be sent. A file that fails stops no other; one
    /// whose turn comes when it may no longer be sent is left for the next pass. Returns whether anything was sent.
    ///
    /// # Errors
    /// Why the stage must end; what was on its way has been waited for or given up, and is recorded.
    pub(super) async fn wave<'w>(
        &'w self,
        board: &mut Board,
        queue: Vec<&'w FileEntry>,
    ) -> Result<bool, Problem>
    where
        's: 'w,
    {
        let mut wave = Wave {
            queue: queue.into(),
            under_way: FuturesUnordered::new(),
            uploads: 0,
            reads: false,
            sent: false,
            cut: None,
        };
        loop {
            self.fill(board, &mut wave).await;
            let Some(landed) = wave.under_way.next().await else { break };
            self.take(board, &mut wave, landed);
        }
        wave.cut.map_or(Ok(wave.sent), Err)
    }

    /// Lets files begin until enough are under way. A reading that has grown old is renewed first, while what is on
    /// its way goes on.
    async fn fill<'w>(&'w self, board: &mut Board, wave: &mut Wave<'w>) {
        while !wave.reads && wave.uploads < self.target.at_once() {
            if !wave.queue.is_empty() && self.too_old(board) {
                wave.under_way.push(self.look().map(Landed::Reading).boxed());
                wave.reads = true;
                return;
            }
            let Some(entry) = wave.queue.pop_front() else { return };
            let name = entry.filename.to_string();
            let Action::Upload { attempt } = board.next(entry, self.session.context) else { continue };
            if !board.pause_left(&name, self.now()).is_zero() {
                continue;
            }
            match self.launch(board, entry, attempt).await {
                Ok(upload) => {
                    wave.under_way.push(upload);
                    wave.uploads += 1;
                    wave.sent = true;
                }
                Err(problem) => wave.stop(problem),
            }
        }
    }

    fn take(&self, board: &mut Board, wave: &mut Wave<'_>, landed: Landed) {
        let done = match landed {
            Landed::Reading(view) => {
                wave.reads = false;
                view.map(|view| board.take_reading(view, self.now()))
            }
            Landed::Upload(flown) => {
                wave.uploads -= 1;
                if matches!(flown.event, Event::Refused { refusal: Refusal::NameTaken, .. }) {
                    // By our bytes or by others: that is read before anything else is sent.
                    wave.queue.clear();
                }
                self.land(board, flown)
            }
        };
        if let Err(problem) = done {
            wave.stop(problem);
        }
        if self.loses(board) {
            wave.queue.clear();
        }
    }

    /// Whether the last reading shows other bytes under a name of this release: somebody else releases this version.
    fn loses(&self, board: &mut Board) -> bool {
        self.manifest.files.values().any(|entry| {
            let name = entry.filename.to_string();
            !board.is_settled(&name)
                && matches!(board.next(entry, self.session.context), Action::Stop(Stop::Conflict { .. }))
        })
    }
}
