//! What a page holds of a release, for plans, tables and status.

use super::asset::Verdict;
use super::choose::{Choice, choose};
use super::decide::{Facts, On, Phase};
use super::page::{View, Wanted};
use std::collections::BTreeMap;

/// What kind of page a release has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// None yet.
    None,
    /// A draft of ours.
    Draft,
    /// A public page.
    Published,
    /// A public page that a person made.
    Persons,
    /// A page for other bytes or another commit.
    Foreign,
}

/// A page and every wanted file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// What kind of page it is.
    pub kind: Kind,
    /// Its id, if there is one.
    pub release: Option<u64>,
    /// What each wanted file needs there.
    pub files: BTreeMap<String, Verdict>,
}

impl Survey {
    /// Whether every wanted file is there.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.files.values().all(|verdict| *verdict == Verdict::Done)
    }

    /// Whether the page is public and nothing is missing.
    #[must_use]
    pub fn is_published(&self) -> bool {
        matches!(self.kind, Kind::Published | Kind::Persons) && self.is_complete()
    }
}

/// Surveys what can be seen; `None` when nothing can.
#[must_use]
pub fn survey(wanted: &Wanted, facts: &Facts<'_>) -> Option<Survey> {
    let View::Seen { releases, .. } = facts.view else { return None };
    let releases = facts.without_deleted(releases);
    let (kind, page, ours) = match choose(wanted, &releases, facts.rows) {
        Choice::None | Choice::Removable(_) => (Kind::None, None, false),
        Choice::Ours(page) if page.draft => (Kind::Draft, Some(page), true),
        Choice::Ours(page) => (Kind::Published, Some(page), true),
        Choice::Persons(page) => (Kind::Persons, Some(page), false),
        Choice::Foreign(page, _) => (Kind::Foreign, Some(page), false),
    };
    let verdict = |name: &String| match page {
        Some(page) => On { wanted, facts, phase: Phase::Publish, page, ours }.verdict(name),
        None => Verdict::Absent,
    };
    let files = wanted.assets.keys().map(|name| (name.clone(), verdict(name))).collect();
    Some(Survey { kind, release: page.map(|page| page.id), files })
}
