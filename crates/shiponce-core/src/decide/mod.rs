//! The one decision: desired, observed and journalled facts in, the next step out.
//!
//! Re-running is never special. Crash recovery, resume, dry run, `status` and `plan` call this same function and
//! differ only in what they do with its answer.

mod properties;

use crate::digest::Sha256;
use crate::journal::{History, Refusal, Sent};
use crate::observation::{Observation, ProjectStatus};
use crate::time::Timestamp;

/// Whether an index lets a name have two contents over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteOnce {
    /// Never: PyPI and Test PyPI. A blind resend of identical bytes is harmless.
    Yes,
    /// It replaces files.
    No,
    /// Nobody has said; treated as `No`.
    Unknown,
}

/// What to do about a target that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnUnknown {
    /// Write nothing there (the default).
    Stop,
    /// `--on-unknown attempt`: go on as if the name were absent.
    Attempt,
}

/// The bounds and properties a decision depends on besides the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Property of the index.
    pub write_once: WriteOnce,
    /// The user's opt-in.
    pub on_unknown: OnUnknown,
    /// Attempts a press may make on one file.
    pub attempts_max: u32,
}

/// Everything known about one file on one target at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// What the target says.
    pub observation: Observation,
    /// Whether that was read after the last attempt ended, often enough to trust an absence.
    pub fresh: bool,
    /// Whether waiting for the file to show up has lasted as long as it may.
    pub wait_over: bool,
    /// The journal.
    pub history: History,
}

/// The next step for one file on one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Nothing to do: it is there.
    Skip(Skip),
    /// Send the bytes.
    Upload {
        /// Which attempt of this press this is, from 1.
        attempt: u32,
    },
    /// The index lists the name without a digest: download it and compare.
    CompareByDownload,
    /// Read again before deciding; an attempt ended after the last reading.
    Reobserve,
    /// The target accepted it and does not show it yet: wait, never send again.
    AwaitVisibility,
    /// Nothing can be done by this program.
    Stop(Stop),
}

impl Action {
    /// Whether bytes may be sent because of this: now, or after the next reading.
    #[must_use]
    pub fn may_send(&self) -> bool {
        matches!(self, Self::Upload { .. } | Self::Reobserve)
    }
}

/// Why nothing needs doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Skip {
    /// The same bytes are there.
    Identical {
        /// Since when, if known.
        since: Option<Timestamp>,
    },
    /// The same bytes are there and yanked; publishing again would not un-yank them.
    Yanked {
        /// The reason given.
        reason: String,
    },
}

/// Why the file cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The name holds other bytes.
    Conflict {
        /// Their digest.
        there: Sha256,
        /// Since when, if known.
        since: Option<Timestamp>,
    },
    /// The same bytes are there under another name.
    SameBytesElsewhere {
        /// That name.
        filename: String,
    },
    /// The release has another sdist.
    SecondSdist {
        /// Its name.
        filename: String,
    },
    /// The name is burned.
    Burned,
    /// The release takes no new files.
    Closed {
        /// When it was opened.
        opened_at: Timestamp,
    },
    /// The project is archived or quarantined.
    NotAccepting(ProjectStatus),
    /// The target could not be read.
    Unobserved {
        /// Why.
        why: String,
    },
    /// It was sent, nobody knows what happened, and the index may replace files: sending again is not safe.
    OutcomeUnknown,
    /// Accepted or confirmed before, and not to be seen within the wait.
    NotVisible,
    /// The target refused it.
    Refused(Refusal),
    /// Every attempt of this press failed.
    GaveUp,
}

/// Decides the next step for one file on one target.
#[must_use]
pub fn decide(facts: &Facts, rules: Rules) -> Action {
    match &facts.observation {
        Observation::Identical { uploaded_at } => Action::Skip(Skip::Identical { since: *uploaded_at }),
        Observation::Yanked { reason } => Action::Skip(Skip::Yanked { reason: reason.clone() }),
        Observation::OtherBytes { there, uploaded_at } => {
            Action::Stop(Stop::Conflict { there: *there, since: *uploaded_at })
        }
        Observation::BytesUnknown => Action::CompareByDownload,
        Observation::SameBytesElsewhere { filename } => {
            Action::Stop(Stop::SameBytesElsewhere { filename: filename.clone() })
        }
        Observation::SecondSdist { filename } => {
            Action::Stop(Stop::SecondSdist { filename: filename.clone() })
        }
        Observation::Burned => Action::Stop(Stop::Burned),
        Observation::Closed { opened_at } => decide_closed(facts, *opened_at),
        Observation::NotAccepting(status) => Action::Stop(Stop::NotAccepting(*status)),
        Observation::Absent => decide_absent(facts, rules),
        Observation::Unobserved { why } => decide_unobserved(facts, rules, why),
    }
}

/// A release may close between our accepted upload and the moment a cached page shows the file.
fn decide_closed(facts: &Facts, opened_at: Timestamp) -> Action {
    match facts.history.sent {
        Sent::Accepted | Sent::Confirmed if !facts.wait_over => Action::AwaitVisibility,
        Sent::Unknown if !facts.fresh => Action::Reobserve,
        _ => Action::Stop(Stop::Closed { opened_at }),
    }
}

fn decide_absent(facts: &Facts, rules: Rules) -> Action {
    let history = &facts.history;
    let upload = || {
        if history.attempts >= rules.attempts_max {
            return Action::Stop(Stop::GaveUp);
        }
        Action::Upload { attempt: history.attempts + 1 }
    };
    match &history.sent {
        Sent::Nothing | Sent::NotSent => upload(),
        Sent::Accepted | Sent::Confirmed if facts.wait_over => Action::Stop(Stop::NotVisible),
        // An absence read from a cache must never outweigh our own receipt.
        Sent::Accepted | Sent::Confirmed => Action::AwaitVisibility,
        Sent::Unknown if !facts.fresh => Action::Reobserve,
        Sent::Unknown if rules.write_once == WriteOnce::Yes => upload(),
        Sent::Unknown => Action::Stop(Stop::OutcomeUnknown),
        // "Already exists" for a name the listing lacks: the same bytes live elsewhere, or the page is old.
        Sent::Refused(Refusal::NameTaken) if !facts.fresh => Action::Reobserve,
        Sent::Refused(refusal) => Action::Stop(Stop::Refused(refusal.clone())),
    }
}

fn decide_unobserved(facts: &Facts, rules: Rules, why: &str) -> Action {
    let stop = || Action::Stop(Stop::Unobserved { why: why.to_owned() });
    if rules.on_unknown == OnUnknown::Stop {
        return stop();
    }
    match &facts.history.sent {
        Sent::Nothing | Sent::NotSent => decide_absent(facts, rules),
        Sent::Unknown if rules.write_once == WriteOnce::Yes => {
            decide_absent(&Facts { fresh: true, ..facts.clone() }, rules)
        }
        Sent::Refused(refusal) => Action::Stop(Stop::Refused(refusal.clone())),
        Sent::Unknown | Sent::Accepted | Sent::Confirmed => stop(),
    }
}
