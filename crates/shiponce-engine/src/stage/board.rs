//! The state of one stage: what was read last, what the journal says, what is settled.

use super::{BLIND_MAX, RETRY_FIRST, RETRY_MAX, StageReport, TROUBLE_MAX, VISIBLE_WITHIN};
use crate::context::Context;
use crate::observe::Seen;
use crate::planning::READINGS_TO_BELIEVE;
use crate::session::Session;
use crate::target::ReleaseTarget;
use shiponce_api::Problem;
use shiponce_core::decide::{Action, Facts, OnUnknown, Stop, decide};
use shiponce_core::journal::{Event, History, Refusal, Sent};
use shiponce_core::observation::{Listing, Observation, View, observe};
use shiponce_core::plan::Target;
use shiponce_core::{FileEntry, Manifest, Sha256};
use std::collections::BTreeMap;
use std::time::Duration;

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
    /// Before this reading of the monotonic clock it is not sent again.
    not_before: Duration,
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
    /// Until when the index asked to be left alone.
    quiet_until: Duration,
    /// The index asks for a longer pause than a press makes.
    too_busy: bool,
    /// Since when the index cannot be read.
    blind_since: Option<Duration>,
    /// Since when the index has taken nothing, although it was asked to.
    troubled_since: Option<Duration>,
    /// See [`Self::is_lost`].
    lost: bool,
    /// Whether it was said that a file is waited for.
    said_waiting: bool,
}

impl Board {
    /// A board from the plan's reading and the journal.
    pub(super) fn new(
        session: &Session<'_>,
        target: &ReleaseTarget,
        manifest: &Manifest,
        seen: &Seen,
    ) -> Result<Self, Problem> {
        let histories = session.histories(target, manifest)?;
        let seat = |name: &String| {
            let history = histories.get(name).cloned().unwrap_or_default();
            let seat = Seat {
                history,
                readings: seen.readings,
                waiting_since: None,
                downloaded: None,
                settled: None,
                sent: false,
                not_before: Duration::ZERO,
            };
            (name.clone(), seat)
        };
        let seats = manifest.files.keys().map(seat).collect();
        let mut board = Self {
            target: target.core.clone(),
            view: seen.view.clone(),
            read_at: seen.read_at,
            listing: None,
            lost: false,
            said_waiting: false,
            seats,
            observations: BTreeMap::new(),
            refused_all: None,
            quiet_until: Duration::ZERO,
            too_busy: false,
            blind_since: None,
            troubled_since: None,
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
            self.blind_since = None;
            for seat in self.seats.values_mut() {
                seat.readings += 1;
            }
        } else {
            self.blind_since = self.blind_since.or(Some(at));
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

    /// Whether this is the first time that anything is waited for.
    pub(super) fn first_wait(&mut self) -> bool {
        !std::mem::replace(&mut self.said_waiting, true)
    }

    pub(super) fn is_settled(&self, name: &str) -> bool {
        self.seats.get(name).is_none_or(|seat| seat.settled.is_some())
    }

    pub(super) fn all_settled(&self) -> bool {
        self.seats.values().all(|seat| seat.settled.is_some())
    }

    /// Whether another machine may be ahead with other bytes: nothing of this release is known to be ours yet, and what
    /// became of a file that was sent is open. Two machines meet at the first file; who loses it sends no other one.
    pub(super) fn is_contested(&self) -> bool {
        let open = |seat: &Seat| {
            seat.sent
                && seat.settled.is_none()
                && matches!(seat.history.sent, Sent::Unknown | Sent::Refused(Refusal::NameTaken))
        };
        !self.is_opened() && self.seats.values().any(open)
    }

    /// Whether the release exists on the index with a file of ours. Until then files go one at a time: of several
    /// uploads that create a release at once PyPI answers 500 to all but one (measured), and who loses the first file
    /// must not have sent another.
    pub(super) fn is_opened(&self) -> bool {
        self.seats.values().any(|seat| {
            matches!(seat.settled, Some(Action::Skip(_)))
                || matches!(seat.history.sent, Sent::Accepted | Sent::Confirmed)
        })
    }

    /// Whether other bytes appeared under a name of this release after something of it was sent: somebody else releases
    /// this version.
    pub(super) fn is_lost(&self) -> bool {
        self.lost
    }

    /// The next step for a file.
    pub(super) fn next(&mut self, entry: &FileEntry, context: &Context) -> Action {
        let name = entry.filename.to_string();
        let any_sent = self.seats.values().any(|seat| seat.sent);
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
        // What was sent is not given up for one page that does not come.
        let patient = seat.sent || (any_sent && self.target.on_unknown == OnUnknown::Stop);
        let blind = self.blind_since.is_some_and(|since| monotonic.saturating_sub(since) < BLIND_MAX);
        if matches!(observation, Observation::Unobserved { .. }) && patient && blind {
            return Action::Reobserve;
        }
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
            Action::Upload { .. } if self.too_busy || self.is_hopeless(monotonic) => {
                Action::Stop(Stop::GaveUp)
            }
            action => action,
        }
    }

    /// Whether the index has taken nothing for so long that no file is sent any more: one that fails for good must not
    /// cost the attempts of forty files one after the other.
    fn is_hopeless(&self, now: Duration) -> bool {
        self.troubled_since.is_some_and(|since| now.saturating_sub(since) > TROUBLE_MAX)
    }

    /// Takes a journal event in.
    pub(super) fn record(&mut self, name: &str, event: &Event) {
        let Some(seat) = self.seats.get_mut(name) else { return };
        seat.history.record(event);
        match event {
            Event::Intent => seat.sent = true,
            Event::Refused { refusal: refusal @ (Refusal::Auth | Refusal::Disabled), .. } => {
                self.refused_all = Some(refusal.clone());
            }
            Event::Accepted => self.troubled_since = None,
            _ => {}
        }
        // A reading that was made while the file was on its way says nothing about how that ended.
        if !matches!(event, Event::Press | Event::Confirmed) {
            seat.readings = 0;
        }
        if self.refused_all.is_some() {
            self.share_words(name);
        }
    }

    /// What the index said about one file is why the others are not sent.
    fn share_words(&mut self, name: &str) {
        let words = self.seats.get(name).and_then(|seat| seat.history.message.clone());
        for other in self.seats.values_mut().filter(|other| other.history.message.is_none()) {
            other.history.message.clone_from(&words);
        }
    }

    /// After an attempt that may be repeated: when. The index's own wish holds for every file; without one a file's
    /// pauses double. `jitter`, from 0 to 1, makes a pause up to half as long again: what failed together must not come
    /// back together.
    pub(super) fn postpone(&mut self, name: &str, asked: Option<Duration>, jitter: f64, now: Duration) {
        self.troubled_since = self.troubled_since.or(Some(now));
        let stretched = |pause: Duration| pause.mul_f64(1.0 + jitter.clamp(0.0, 1.0) / 2.0);
        let Some(seat) = self.seats.get_mut(name) else { return };
        match asked {
            Some(pause) if pause > RETRY_MAX => {
                self.too_busy = true;
                self.share_words(name);
            }
            Some(pause) => self.quiet_until = self.quiet_until.max(now.saturating_add(stretched(pause))),
            None => {
                let doubled = 2_u32.saturating_pow(seat.history.attempts.saturating_sub(1));
                let pause = RETRY_FIRST.saturating_mul(doubled).min(RETRY_MAX);
                seat.not_before = now.saturating_add(stretched(pause));
            }
        }
    }

    /// How long the index asked to be left alone from now on.
    pub(super) fn quiet(&self, now: Duration) -> Duration {
        self.quiet_until.saturating_sub(now)
    }

    /// How long to wait before a file may be sent.
    pub(super) fn pause_left(&self, name: &str, now: Duration) -> Duration {
        let own = self.seats.get(name).map_or(Duration::ZERO, |seat| seat.not_before.saturating_sub(now));
        own.max(self.quiet(now))
    }

    /// Remembers what a download showed.
    pub(super) fn compared(&mut self, name: &str, there: Sha256) {
        if let Some(seat) = self.seats.get_mut(name) {
            seat.downloaded = Some(there);
        }
    }

    /// A file's last word.
    pub(super) fn settle(&mut self, name: &str, action: Action) {
        if matches!(action, Action::Skip(_)) {
            self.troubled_since = None;
        }
        // What was there before the first file was sent is settled before it is.
        let conflict = matches!(action, Action::Stop(Stop::Conflict { .. }));
        self.lost |= conflict && self.seats.values().any(|seat| seat.sent);
        if let Some(seat) = self.seats.get_mut(name) {
            seat.settled = Some(action);
        }
    }

    /// The report. `cut` is why files are not settled, when some are not.
    pub(super) fn into_report(mut self, cut: Option<Problem>) -> StageReport {
        let mut files = BTreeMap::new();
        let (mut uploaded, mut accepted) = (0, 0);
        let mut untouched = true;
        for (name, seat) in self.seats {
            let harmless = matches!(seat.history.sent, Sent::Nothing | Sent::NotSent | Sent::Refused(_));
            untouched &= !seat.sent || harmless;
            let there = matches!(seat.settled, Some(Action::Skip(_)));
            accepted += usize::from(!there && seat.sent && seat.history.sent == Sent::Accepted);
            uploaded += usize::from(there && seat.sent);
            let Some(action) = seat.settled else { continue };
            let observation = self.observations.remove(&name).unwrap_or(Observation::Absent);
            files.insert(name, Settled { observation, action, history: seat.history, sent: seat.sent });
        }
        StageReport { files, listing: self.listing, uploaded, accepted, untouched, cut, propagation: None }
    }
}
