//! What is known of the page while a press works on it.

use super::record::Effects;
use super::sight::{Sight, asset, release};
use crate::planning::READINGS_TO_BELIEVE;
use shiponce_core::Sha256;
use shiponce_core::forge::{Effect, Facts, Phase, Row, Stage, Step, View, Wanted, decide};
use shiponce_core::journal::Event;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long something that was done may take to show up.
const VISIBLE_WITHIN: Duration = Duration::from_secs(3 * 60);
/// The first pause before an effect is tried again; it doubles.
const RETRY_FIRST: Duration = Duration::from_secs(2);
/// The longest pause GitHub may ask for before the press is given back to the user.
pub(crate) const RETRY_MAX: Duration = Duration::from_secs(120);

/// The state of a page at work.
#[derive(Debug)]
pub(crate) struct Board {
    pub(crate) sight: Sight,
    pub(super) rows: Vec<Row>,
    pub(super) effects: Effects,
    /// Readings since the last effect ended.
    pub(super) readings: u32,
    /// Since when something is waited for.
    waiting_since: Option<Duration>,
    /// Digests found by downloading, by asset.
    compared: BTreeMap<u64, Sha256>,
    /// Before this reading of the monotonic clock nothing is sent.
    pub(super) not_before: Duration,
    /// GitHub asks for a longer pause than a press makes.
    pub(super) too_busy: bool,
    /// Effects that this press carried out.
    pub(super) done: Vec<Effect>,
}

impl Board {
    /// A board from one reading and what the ledger knows.
    pub(crate) fn new(sight: Sight, rows: Vec<Row>, effects: Effects) -> Self {
        Self {
            sight,
            rows,
            effects,
            readings: 1,
            waiting_since: None,
            compared: BTreeMap::new(),
            not_before: Duration::ZERO,
            too_busy: false,
            done: Vec::new(),
        }
    }

    /// The facts at a moment.
    pub(crate) fn facts(&self, now: Duration) -> Facts<'_> {
        let waited = self.waiting_since.map(|since| now.saturating_sub(since));
        Facts {
            view: &self.sight.view,
            fresh: self.readings >= READINGS_TO_BELIEVE,
            current: self.readings > 0,
            wait_over: waited.is_some_and(|waited| waited > VISIBLE_WITHIN),
            rows: &self.rows,
            histories: &self.effects,
        }
    }

    /// Whether the ledger knows that the page was public once. What became of it is a matter for after production.
    pub(crate) fn was_public(&self) -> bool {
        self.rows.iter().any(|row| row.stage == Stage::Published)
    }

    /// How many effects this press carried out.
    pub(crate) fn effects(&self) -> usize {
        self.done.len()
    }

    /// The next step.
    pub(super) fn next(&mut self, wanted: &Wanted, phase: Phase, now: Duration) -> Step {
        let step = decide(wanted, &self.facts(now), phase);
        match step {
            Step::Look => drop(self.waiting_since.get_or_insert(now)),
            _ => self.waiting_since = None,
        }
        step
    }

    /// Pages that may still change, by their numbers: the list lags behind them.
    pub(super) fn known(&self) -> Vec<u64> {
        let open = self.rows.iter().filter(|row| row.stage != Stage::Published);
        open.map(|row| row.release_id).collect()
    }

    /// Takes a new reading in.
    pub(super) fn take_reading(&mut self, sight: Sight) {
        if matches!(sight.view, View::Seen { .. }) {
            self.readings += 1;
        }
        self.sight = sight;
        self.apply_digests();
    }

    /// Remembers what a download showed.
    pub(super) fn compared(&mut self, asset: u64, digest: Sha256) {
        self.compared.insert(asset, digest);
        self.apply_digests();
    }

    fn apply_digests(&mut self) {
        let View::Seen { releases, .. } = &mut self.sight.view else { return };
        for asset in releases.iter_mut().flat_map(|release| release.assets.iter_mut()) {
            asset.digest = asset.digest.or_else(|| self.compared.get(&asset.id).copied());
        }
    }

    /// Takes a journal event in.
    pub(super) fn record(&mut self, effect: &Effect, event: &Event) {
        self.effects.entry(effect.to_string()).or_default().record(event);
        if *event == Event::Intent {
            self.readings = 0;
        }
        if *event == Event::Accepted {
            self.done.push(effect.clone());
        }
    }

    /// A page as an answer shows it.
    pub(super) fn page(&mut self, page: shiponce_forge::Release) {
        if let View::Seen { releases, .. } = &mut self.sight.view {
            releases.retain(|known| known.id != page.id);
            releases.push(release(&page));
        }
        self.sight.pages.insert(page.id, page);
    }

    /// An asset as the answer to its upload shows it.
    pub(super) fn uploaded(&mut self, release: u64, new: shiponce_forge::Asset) {
        if let View::Seen { releases, .. } = &mut self.sight.view
            && let Some(page) = releases.iter_mut().find(|page| page.id == release)
        {
            page.assets.push(asset(&new));
        }
        if let Some(page) = self.sight.pages.get_mut(&release) {
            page.assets.push(new);
        }
    }

    /// Remembers a page's stage.
    pub(super) fn stage(&mut self, release_id: u64, stage: Stage) {
        match self.rows.iter_mut().find(|row| row.release_id == release_id) {
            Some(row) => row.stage = stage,
            None => self.rows.push(Row { release_id, stage }),
        }
    }

    /// After an attempt that may be repeated: when.
    pub(super) fn postpone(&mut self, effect: &Effect, asked: Option<Duration>, now: Duration) {
        let attempts = self.effects.get(&effect.to_string()).map_or(1, |history| history.attempts);
        let doubled = RETRY_FIRST.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1)));
        let pause = asked.unwrap_or_else(|| doubled.min(RETRY_MAX));
        self.too_busy |= pause > RETRY_MAX;
        self.not_before = now.saturating_add(pause.min(RETRY_MAX));
    }

    /// The last words about an effect.
    pub(super) fn words(&self, effect: &Effect) -> Option<String> {
        self.effects.get(&effect.to_string())?.message.clone()
    }
}
