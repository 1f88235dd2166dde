//! What is known about one project on one index, and whose turn it is to read it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use shiponce_core::observation::{Listing, View};

use super::Reading;

/// One (index, project). Tickets are drawn from one counter by questions, readings and forgetting alike, so "began
/// after" needs no clock.
#[derive(Debug, Default)]
pub(crate) struct Slot {
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The last reading, whatever it says, and the ticket it began with.
    last: Option<(u64, Reading)>,
    /// The last listing of an existing project.
    known: Option<Reading>,
    /// The highest change counter ever seen with the project; a page below it is an old one.
    highest: Option<u64>,
    /// The ticket of the last forgetting; readings that began before it are not kept.
    forgotten: u64,
}

impl Slot {
    /// Waits until nobody else reads.
    pub(crate) async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// The last reading, when it began after the question with ticket `asked`.
    pub(crate) fn begun_after(&self, asked: u64) -> Option<Reading> {
        let state = self.state();
        state.last.as_ref().filter(|(begun, _)| *begun > asked).map(|(_, reading)| reading.clone())
    }

    /// The last listing that may still be used.
    pub(crate) fn known(&self) -> Option<Reading> {
        self.state().known.clone()
    }

    pub(crate) fn highest_serial(&self) -> Option<u64> {
        self.state().highest
    }

    /// Keeps a reading; says whether it may be cached: only listings of existing projects are, an absence or a
    /// failure never (a cached absence is how one version gets published twice).
    pub(crate) fn remember(&self, reading: &Reading, begun: u64) -> bool {
        let mut state = self.state();
        let listed = matches!(&reading.view, View::Listed(Listing { exists: true, .. }));
        if listed {
            state.highest = state.highest.max(reading.serial);
        }
        state.last = Some((begun, reading.clone()));
        if begun < state.forgotten {
            return false;
        }
        state.known = listed.then(|| reading.clone());
        listed
    }

    pub(crate) fn forget(&self, ticket: u64) {
        let mut state = self.state();
        state.known = None;
        state.forgotten = ticket;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
