//! The plan: every file, every target, and what would happen now.

use crate::canonical::Value;
use crate::decide::{Action, OnUnknown, Rules, Skip, WriteOnce};
use crate::manifest::Manifest;
use crate::observation::{ListingRules, Observation};
use crate::time::{MICROS_PER_DAY, Timestamp};
use std::collections::BTreeMap;

/// What a target is for. Written to a production index means written for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A rehearsal for installers; never makes a run partial.
    Test,
    /// The index users install from.
    Production,
}

/// Days a release on PyPI takes new files after its first one (announced 2026-07-22).
pub const PYPI_WINDOW_DAYS: i64 = 14;

/// An index a release goes to, reduced to what decisions need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The name in the configuration: `pypi`, `testpypi`, `company`.
    pub name: String,
    /// Its identity: the normalised upload URL. Two local names with one identity are one target.
    pub identity: String,
    /// Host and port, for messages.
    pub host: String,
    /// Its role.
    pub role: Role,
    /// Whether a failure there stops the run.
    pub required: bool,
    /// Property of the index.
    pub write_once: WriteOnce,
    /// Whether the index follows PyPI's rules (14-day window, one sdist, no equal bytes twice).
    pub pypi_rules: bool,
    /// The user's opt-in for this run.
    pub on_unknown: OnUnknown,
}

/// Attempts a press makes on one file before it gives up: enough for a burst of 5xx, not for an outage.
pub const ATTEMPTS_MAX: u32 = 5;

impl Target {
    /// What a listing of this target means.
    #[must_use]
    pub fn listing_rules(&self) -> ListingRules {
        let closes_after = self.pypi_rules.then_some(PYPI_WINDOW_DAYS * MICROS_PER_DAY);
        ListingRules { closes_after, pypi_rules: self.pypi_rules }
    }

    /// The rules decisions about this target follow.
    #[must_use]
    pub fn rules(&self) -> Rules {
        Rules { write_once: self.write_once, on_unknown: self.on_unknown, attempts_max: ATTEMPTS_MAX }
    }

    /// When a release that was opened at `opened_at` stops taking files here.
    #[must_use]
    pub fn closes_at(&self, opened_at: Timestamp) -> Option<Timestamp> {
        self.listing_rules().closes_after.map(|window| opened_at.plus(window))
    }
}

/// One cell of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What the target says.
    pub observation: Observation,
    /// What would be done.
    pub action: Action,
}

/// Files × targets with what would happen. Built from observations only; building it changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The bytes.
    pub manifest: Manifest,
    /// The targets in the order they are visited: test indexes first.
    pub targets: Vec<Target>,
    /// Cells by (target name, file name).
    pub cells: BTreeMap<(String, String), Cell>,
}

impl Plan {
    /// The cell of a file on a target.
    #[must_use]
    pub fn cell(&self, target: &str, filename: &str) -> Option<&Cell> {
        self.cells.get(&(target.to_owned(), filename.to_owned()))
    }

    /// Cells of one target, by file name.
    pub fn cells_of<'a>(&'a self, target: &'a str) -> impl Iterator<Item = (&'a str, &'a Cell)> + 'a {
        let of_target = move |key: &&(String, String)| key.0 == target;
        self.cells.iter().filter(move |(key, _)| of_target(key)).map(|(key, cell)| (key.1.as_str(), cell))
    }

    /// How many files would be sent to a target.
    #[must_use]
    pub fn uploads(&self, target: &str) -> usize {
        self.cells_of(target).filter(|(_, cell)| matches!(cell.action, Action::Upload { .. })).count()
    }

    /// How many files may be sent to a target: those to upload, and those of an unknown outcome, which are sent again
    /// when they turn out to be absent.
    #[must_use]
    pub fn may_send(&self, target: &str) -> usize {
        self.cells_of(target).filter(|(_, cell)| cell.action.may_send()).count()
    }

    /// The canonical form a stored plan is compared by: if bytes or observations changed, it is stale.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let targets = self.targets.iter().map(|target| {
            let cells = self.cells_of(&target.name).map(|(filename, cell)| {
                (
                    filename.to_owned(),
                    Value::text(format!("{} {}", state_word(&cell.observation), action_word(&cell.action))),
                )
            });
            (target.identity.clone(), Value::object(cells))
        });
        Value::object([
            ("manifest", self.manifest.to_value()),
            ("schema", Value::text("shiponce-plan/1")),
            ("targets", Value::object(targets)),
        ])
    }
}

/// The stable word for an observation, used in JSON and tables.
#[must_use]
pub fn state_word(observation: &Observation) -> &'static str {
    match observation {
        Observation::Identical { .. } => "same",
        Observation::Yanked { .. } => "yanked",
        Observation::OtherBytes { .. } => "conflict",
        Observation::BytesUnknown => "digest-unknown",
        Observation::SameBytesElsewhere { .. } => "same-bytes-other-name",
        Observation::SecondSdist { .. } => "second-sdist",
        Observation::Absent => "missing",
        Observation::Burned => "burned",
        Observation::Closed { .. } => "closed",
        Observation::NotAccepting(_) => "not-accepting",
        Observation::Unobserved { .. } => "unknown",
    }
}

/// The stable word for an action, used in JSON and tables.
#[must_use]
pub fn action_word(action: &Action) -> &'static str {
    match action {
        Action::Skip(Skip::Identical { .. } | Skip::Yanked { .. }) => "skip",
        Action::Upload { .. } => "upload",
        Action::CompareByDownload => "compare",
        Action::Reobserve | Action::AwaitVisibility => "wait",
        Action::Stop(_) => "stop",
    }
}
