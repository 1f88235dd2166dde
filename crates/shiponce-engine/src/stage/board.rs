//! The state of one stage: what was read last, what the journal says, what is settled.

use super::{StageReport, VISIBLE_WITHIN};
use crate::context::Context;
use crate::session::Session;
use crate::target::ReleaseTarget;
use shiponce_api::Problem;
use shiponce_core::decide::{Action, Facts, Stop, decide};
use shiponce_core::journal::{Event, History, Refusal, Sent};
use shiponce_core::observation::{Listing, Observation, View, observe};
use shiponce_core::plan::Target;
use shiponce_core::{FileEntry, Manifest, Sha256};
use std::collections::BTreeMap;
use std::time::Duration;

/// Readings after an attempt before an absence is believed: the first one after a purge may legitimately be old.
const READINGS_TO_BELIEVE: u32 = 2;

/// How one file ended on one target.
#[derive(Debug, Clone)]
pub(crate) struct Settled {
    /// The last observation.
    pub(crate) observation: Observation,
    /// The final action: a skip or a stop.
    pub(crate) action: Action,
    /// The journal's sum.
    pub(crate) history: History,
    /// Whether this stage sent it.
    pub(crate) sent: bool,
}

#[derive(Debug)]
struct Seat {
    history: History,
    /// Successful readings since the last attempt ended.
    readings: u32,
    /// When waiting for visibility began.
    waiting_since: Option<Duration>,
    /// The digest found by downloading, where the index lists none.
    downloaded: Option<Sha256>,
    settled: Option<Action>,
    sent: bool,
}

/// The board of one stage.
#[derive(Debug)]
pub(crate) struct Board {
    target: Target,
    view: View,
    read_at: Duration,
    listing: Option<Listing>,
    seats: BTreeMap<String, Seat>,
    observations: BTreeMap<String, Observation>,
    /// A refusal that holds for every file: the credential, or uploads switched off.
    refused_all: Option<Refusal>,
    /// The pause the index last asked for.
    retry_after: Option<Duration>,
}

impl Board {
    /// A board from the plan's reading and the journal.
    pub(super) fn new(
        session: &Session<'_>,
        target: &ReleaseTarget,
        manifest: &Manifest,
        view: View,
        read_at: Duration,
    ) -> Result<Self, Problem> {
        let histories = session.histories(target, manifest)?;
        let seat = |name: &String| {
            let history = histories.get(name).cloned().unwrap_or_default();
            let seat = Seat {
                history,
                readings: 1,
                waiting_since: None,
                downloaded: None,
                settled: None,
                sent: false,
            };
            (name.clone(), seat)
        };
        let seats = manifest.files.keys().map(seat).collect();
        let mut board = Self {
            target: target.core.clone(),
            view,
            read_at,
            listing: None,
            seats,
            observations: BTreeMap::new(),
            refused_all: None,
            retry_after: None,
        };
        board.remember_listing();
        Ok(board)
    }

    pub(super) fn read_at(&self) -> Duration {
        self.read_at
    }

    /// Takes a new reading in.
    pub(super) fn take_reading(&mut self, view: View, at: Duration) {
        if matches!(view, View::Listed(_)) {
            for seat in self.seats.values_mut() {
                seat.readings += 1;
            }
        }
        self.view = view;
        self.read_at = at;
        self.remember_listing();
    }

    fn remember_listing(&mut self) {
        if let View::Listed(listing) = &self.view {
            self.listing = Some(listing.clone());
        }
    }

    pub(super) fn listing(&self) -> Option<&Listing> {
        self.listing.as_ref()
    }

    pub(super) fn history(&self, name: &str) -> History {
        self.seats.get(name).map(|seat| seat.history.clone()).unwrap_or_default()
    }

    pub(super) fn is_settled(&self, name: &str) -> bool {
        self.seats.get(name).is_none_or(|seat| seat.settled.is_some())
    }

    pub(super) fn all_settled(&self) -> bool {
        self.seats.values().all(|seat| seat.settled.is_some())
    }

    /// The next step for a file.
    pub(super) fn next(&mut self, entry: &FileEntry, context: &Context) -> Action {
        let name = entry.filename.to_string();
        let Some(seat) = self.seats.get_mut(&name) else { return Action::Stop(Stop::GaveUp) };
        let mut observation =
            observe(entry, &self.view, self.target.listing_rules(), seat.history.burned, context.now());
        if let (Observation::BytesUnknown, Some(there)) = (&observation, seat.downloaded) {
            observation = if there == entry.sha256 {
                Observation::Identical { uploaded_at: None }
            } else {
                Observation::OtherBytes { there, uploaded_at: None }
            };
        }
        let monotonic = context.clock.monotonic();
        let waiting = matches!(seat.history.sent, Sent::Accepted | Sent::Confirmed);
        let wait_over = waiting
            && monotonic.saturating_sub(*seat.waiting_since.get_or_insert(monotonic)) > VISIBLE_WITHIN;
        let facts = Facts {
            observation: observation.clone(),
            fresh: seat.readings >= READINGS_TO_BELIEVE,
            wait_over,
            history: seat.history.clone(),
        };
        self.observations.insert(name, observation);
        match decide(&facts, self.target.rules()) {
            Action::Upload { .. } if self.refused_all.is_some() => {
                Action::Stop(Stop::Refused(self.refused_all.clone().unwrap_or(Refusal::Auth)))
            }
            action => action,
        }
    }

    /// Takes a journal event in.
    pub(super) fn record(&mut self, name: &str, event: &Event) {
        let Some(seat) = self.seats.get_mut(name) else { return };
        seat.history.record(event);
        match event {
            Event::Intent => {
                seat.readings = 0;
                seat.sent = true;
            }
            Event::Refused { refusal: refusal @ (Refusal::Auth | Refusal::Disabled), .. } => {
                self.refused_all = Some(refusal.clone());
            }
            _ => {}
        }
        let message = seat.history.message.clone();
        if self.refused_all.is_some() {
            for other in self.seats.values_mut().filter(|other| other.history.message.is_none()) {
                other.history.message.clone_from(&message);
            }
        }
    }

    /// Remembers the pause the index asked for with its last answer, if any.
    pub(super) fn set_retry_after(&mut self, pause: Option<Duration>) {
        self.retry_after = pause;
    }

    pub(super) fn asked_pause(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Remembers what a download showed.
    pub(super) fn compared(&mut self, name: &str, there: Sha256) {
        if let Some(seat) = self.seats.get_mut(name) {
            seat.downloaded = Some(there);
        }
    }

    /// A file's last word.
    pub(super) fn settle(&mut self, name: &str, action: Action) {
        if let Some(seat) = self.seats.get_mut(name) {
            seat.settled = Some(action);
        }
    }

    /// The report, once everything is settled.
    pub(super) fn into_report(mut self) -> StageReport {
        let mut files = BTreeMap::new();
        let mut uploaded = 0;
        for (name, seat) in self.seats {
            let Some(action) = seat.settled else { continue };
            uploaded += usize::from(seat.sent && matches!(action, Action::Skip(_)));
            let observation = self.observations.remove(&name).unwrap_or(Observation::Absent);
            files.insert(name, Settled { observation, action, history: seat.history, sent: seat.sent });
        }
        StageReport { files, listing: self.listing, uploaded }
    }
}
