//! The next step of a release page.

use super::asset::{Home, Verdict, judge};
use super::choose::{Choice, choose, stage_of};
use super::effect::Effect;
use super::marker::Marker;
use super::page::{Release, Row, Stage, TagState, View, Wanted};
use crate::digest::Sha256;
use crate::journal::{History, Refusal, Sent};
use std::collections::BTreeMap;

/// Attempts a press makes at one effect.
pub const ATTEMPTS_MAX: u32 = 5;

/// What a press wants of the page now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Before production: a draft that holds every file, which is their second place. What the public sees stays as it
    /// is.
    Assemble,
    /// After production: a page that everybody sees, with every file.
    Publish,
}

/// Everything known at one moment.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// What the forge says.
    pub view: &'a View,
    /// Whether it was read after the last effect ended, often enough to trust an absence: lists lag.
    pub fresh: bool,
    /// Whether it was read after the last effect ended at all.
    pub current: bool,
    /// Whether waiting for something to show up has lasted as long as it may.
    pub wait_over: bool,
    /// What the ledger remembers.
    pub rows: &'a [Row],
    /// What the journal says, by the effect's name.
    pub histories: &'a BTreeMap<String, History>,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Carry this out, and look again.
    Effect(Effect),
    /// Download an asset and remember its digest.
    Compare {
        /// The page.
        release: u64,
        /// The asset.
        asset: u64,
        /// The name it was given under.
        name: String,
    },
    /// Read again before deciding.
    Look,
    /// Every file was read back: move the ledger's row from assembling to sealed.
    Seal {
        /// The draft.
        release: u64,
    },
    /// Nothing to do in this phase.
    Done(Done),
    /// Nothing can be done by this program.
    Stop(Stop),
}

/// How far the page is when nothing is left to do in a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// The draft holds every file.
    Assembled {
        /// The draft.
        release: u64,
    },
    /// The page is public and holds every file.
    Published {
        /// The page.
        release: u64,
    },
    /// The page is public and lacks files; they are added after production, because everybody sees them.
    Later {
        /// The page.
        release: u64,
    },
}

/// Why the page cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// It could not be read.
    Unobserved {
        /// Why.
        why: String,
    },
    /// The forge does not have the tag.
    TagMissing,
    /// The forge has the tag on another commit.
    TagElsewhere {
        /// That commit.
        commit: String,
    },
    /// A page of this tag was made for another commit.
    OtherCommit {
        /// The page.
        release: u64,
        /// That commit.
        commit: String,
    },
    /// A page of this tag and commit was made for other bytes.
    OtherBytes {
        /// The page.
        release: u64,
        /// The digest of their manifest.
        manifest: Sha256,
    },
    /// A file's name holds other bytes.
    Conflict {
        /// The page.
        release: u64,
        /// The file.
        name: String,
        /// The digest there, if known.
        there: Option<Sha256>,
    },
    /// A file's name is taken by an upload that did not end, where nothing may be deleted.
    Leftover {
        /// The page.
        release: u64,
        /// The file.
        name: String,
    },
    /// The page can no longer be changed and lacks files.
    Immutable {
        /// The page.
        release: u64,
        /// What it lacks.
        missing: Vec<String>,
    },
    /// The forge refused an effect.
    Refused {
        /// Which one.
        effect: Effect,
        /// How.
        refusal: Refusal,
    },
    /// Every attempt of this press at an effect failed.
    GaveUp {
        /// Which one.
        effect: Effect,
    },
    /// It was done and does not show.
    NotVisible {
        /// What.
        effect: Effect,
    },
    /// The page was published before and is gone.
    Gone {
        /// Its id.
        release: u64,
    },
    /// The page was published before and is a draft again.
    Withdrawn {
        /// Its id.
        release: u64,
    },
}

/// Decides.
#[must_use]
pub fn decide(wanted: &Wanted, facts: &Facts<'_>, phase: Phase) -> Step {
    let (releases, tag) = match facts.view {
        View::Unobserved { why } => return Step::Stop(Stop::Unobserved { why: why.clone() }),
        View::Seen { releases, tag } => (releases, tag),
    };
    match tag {
        TagState::Missing => return Step::Stop(Stop::TagMissing),
        TagState::On(commit) if *commit != wanted.marker.commit => {
            return Step::Stop(Stop::TagElsewhere { commit: commit.clone() });
        }
        TagState::On(_) => {}
    }
    let releases = facts.without_deleted(releases);
    match choose(wanted, &releases, facts.rows) {
        Choice::None => create(facts),
        Choice::Foreign(page, marker) => Step::Stop(foreign(wanted, page, marker)),
        Choice::Removable(page) => facts.attempt(Effect::Remove { release: page.id }),
        Choice::Ours(page) => On { wanted, facts, phase, page, ours: true }.step(),
        Choice::Persons(page) => On { wanted, facts, phase, page, ours: false }.step(),
    }
}

fn foreign(wanted: &Wanted, page: &Release, marker: &Marker) -> Stop {
    let release = page.id;
    if marker.commit == wanted.marker.commit {
        Stop::OtherBytes { release, manifest: marker.manifest }
    } else {
        Stop::OtherCommit { release, commit: marker.commit.clone() }
    }
}

/// There is no page. What was published once is not made a second time: an absence read from a list that lags must never
/// outweigh our own receipt, and a person may have taken it down on purpose.
fn create(facts: &Facts<'_>) -> Step {
    let published = facts.rows.iter().find(|row| row.stage == Stage::Published || facts.may_be_public(row));
    match published {
        Some(_) if !facts.fresh && !facts.wait_over => Step::Look,
        Some(row) => Step::Stop(Stop::Gone { release: row.release_id }),
        None => facts.attempt(Effect::Create),
    }
}

impl Facts<'_> {
    fn history(&self, effect: &Effect) -> History {
        self.histories.get(&effect.to_string()).cloned().unwrap_or_default()
    }

    /// The pages without what was deleted: a receipt of a deletion outweighs a list that lags, because no id is ever used
    /// again. A duplicate that may not be removed is left where it is.
    pub(super) fn without_deleted(&self, releases: &[Release]) -> Vec<Release> {
        let gone = |effect: Effect| matches!(self.history(&effect).sent, Sent::Accepted | Sent::Confirmed);
        let kept = |release: &&Release| {
            let remove = Effect::Remove { release: release.id };
            let refused = matches!(self.history(&remove).sent, Sent::Refused(_));
            !(gone(remove) || (refused && release.assets.is_empty()))
        };
        let mut releases: Vec<Release> = releases.iter().filter(kept).cloned().collect();
        for release in &mut releases {
            let page = release.id;
            release.assets.retain(|asset| !gone(Effect::Delete { release: page, asset: asset.id }));
        }
        releases
    }

    /// Whether publishing a page was begun and it is not known that it failed.
    fn may_be_public(&self, row: &Row) -> bool {
        let sent = self.history(&Effect::Publish { release: row.release_id }).sent;
        matches!(sent, Sent::Unknown | Sent::Accepted | Sent::Confirmed)
    }

    /// An effect that the pages show as not done: do it, unless something about it is still open. Every effect here can be
    /// repeated without harm, so after looking often enough it is done again.
    fn attempt(&self, effect: Effect) -> Step {
        let history = self.history(&effect);
        match history.sent {
            Sent::Nothing | Sent::NotSent => {}
            Sent::Unknown | Sent::Accepted | Sent::Confirmed | Sent::Refused(Refusal::NameTaken)
                if !self.fresh =>
            {
                return Step::Look;
            }
            Sent::Unknown | Sent::Confirmed | Sent::Refused(Refusal::NameTaken) => {}
            Sent::Accepted if history.attempts == 0 => {}
            Sent::Accepted if !self.wait_over => return Step::Look,
            Sent::Accepted => return Step::Stop(Stop::NotVisible { effect }),
            Sent::Refused(refusal) => return Step::Stop(Stop::Refused { effect, refusal }),
        }
        if history.attempts >= ATTEMPTS_MAX {
            return Step::Stop(Stop::GaveUp { effect });
        }
        Step::Effect(effect)
    }
}

/// A page that is the release's.
pub(super) struct On<'a> {
    pub(super) wanted: &'a Wanted,
    pub(super) facts: &'a Facts<'a>,
    pub(super) phase: Phase,
    pub(super) page: &'a Release,
    pub(super) ours: bool,
}

impl On<'_> {
    fn step(&self) -> Step {
        let release = self.page.id;
        if self.page.draft && self.stage() == Stage::Published {
            return self.withdrawn();
        }
        let verdicts: Vec<(&String, Verdict)> =
            self.wanted.in_order().map(|(name, _)| (name, self.verdict(name))).collect();
        if let Some(stop) = self.stop(&verdicts) {
            return Step::Stop(stop);
        }
        // Comparing changes nothing, and everything else depends on it.
        if let Some(step) = verdicts.iter().find_map(|(name, verdict)| self.compare(name, verdict)) {
            return step;
        }
        let complete = verdicts.iter().all(|(_, verdict)| *verdict == Verdict::Done);
        match (complete, self.page.draft, self.phase) {
            (true, false, _) => Step::Done(Done::Published { release }),
            (false, false, Phase::Assemble) => Step::Done(Done::Later { release }),
            (false, false, Phase::Publish) => self.mend(&verdicts),
            (false, true, _) => self.mark().unwrap_or_else(|| self.mend(&verdicts)),
            (true, true, Phase::Assemble) => self.mark().unwrap_or(Step::Done(Done::Assembled { release })),
            (true, true, Phase::Publish) => self.mark().unwrap_or_else(|| self.publish()),
        }
    }

    /// Everybody saw the page, and it is a draft: a person made it one on purpose, or the reading is old.
    fn withdrawn(&self) -> Step {
        if self.facts.fresh || self.facts.wait_over {
            return Step::Stop(Stop::Withdrawn { release: self.page.id });
        }
        Step::Look
    }

    fn stage(&self) -> Stage {
        stage_of(self.page, self.facts.rows)
    }

    pub(super) fn verdict(&self, name: &str) -> Verdict {
        let upload = Effect::Upload { release: self.page.id, name: name.to_owned() };
        let home = Home {
            ours: self.ours,
            draft: self.page.draft,
            immutable: self.page.immutable,
            stage: self.stage(),
            attempted: self.facts.histories.contains_key(&upload.to_string()),
        };
        judge(self.wanted, name, &self.page.assets, home)
    }

    /// A person has to solve these, so nothing is begun beside them.
    fn stop(&self, verdicts: &[(&String, Verdict)]) -> Option<Stop> {
        let release = self.page.id;
        let conflict = verdicts.iter().find_map(|(name, verdict)| match verdict {
            Verdict::Conflict { there } => {
                Some(Stop::Conflict { release, name: (*name).clone(), there: *there })
            }
            _ => None,
        });
        let missing: Vec<String> = verdicts
            .iter()
            .filter(|(_, verdict)| *verdict == Verdict::Immutable)
            .map(|(name, _)| (*name).clone())
            .collect();
        let immutable = (!missing.is_empty()).then_some(Stop::Immutable { release, missing });
        let leftover = verdicts.iter().find(|(_, verdict)| *verdict == Verdict::Leftover);
        let leftover = leftover.map(|(name, _)| Stop::Leftover { release, name: (*name).clone() });
        conflict.or(immutable).or(leftover)
    }

    fn compare(&self, name: &str, verdict: &Verdict) -> Option<Step> {
        let Verdict::Compare { asset } = verdict else { return None };
        Some(Step::Compare { release: self.page.id, asset: *asset, name: name.to_owned() })
    }

    /// A manifest that grew since the draft was made: the marker follows it, while assembling.
    fn mark(&self) -> Option<Step> {
        let same = self.page.marker.as_ref() == Some(&self.wanted.marker);
        let mine = self.ours && self.page.draft && self.stage() == Stage::Assembling;
        (mine && !same).then(|| self.facts.attempt(Effect::Mark { release: self.page.id }))
    }

    /// The first thing that is missing.
    fn mend(&self, verdicts: &[(&String, Verdict)]) -> Step {
        let release = self.page.id;
        for (name, verdict) in verdicts {
            match verdict {
                Verdict::Delete { asset } => {
                    return self.facts.attempt(Effect::Delete { release, asset: *asset });
                }
                Verdict::Absent => {
                    return self.facts.attempt(Effect::Upload { release, name: (*name).clone() });
                }
                _ => {}
            }
        }
        Step::Look
    }

    /// Only from sealed, and only on a reading that is younger than everything that was done.
    fn publish(&self) -> Step {
        let release = self.page.id;
        if !self.facts.current {
            return Step::Look;
        }
        match self.stage() {
            Stage::Assembling => Step::Seal { release },
            Stage::Sealed | Stage::Published => self.facts.attempt(Effect::Publish { release }),
        }
    }
}
