//! Which of the pages of a tag is the release's.

use super::marker::Marker;
use super::page::{Release, Row, Stage, Wanted};

/// The page a release lives on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice<'a> {
    /// There is none.
    None,
    /// A page with our marker.
    Ours(&'a Release),
    /// A published page without it: somebody made it by hand, or with another tool.
    Persons(&'a Release),
    /// A page that says it belongs to other bytes or another commit.
    Foreign(&'a Release, &'a Marker),
    /// An empty draft that can go: a duplicate, or one that was begun for other bytes and got none of them.
    Removable(&'a Release),
}

/// Chooses.
///
/// A published page wins over drafts. Of drafts with our marker one that is sealed wins, then the one with the lowest id:
/// every machine chooses the same. A draft that a person made counts as no release at all.
#[must_use]
pub fn choose<'a>(wanted: &Wanted, releases: &'a [Release], rows: &[Row]) -> Choice<'a> {
    if let Some(page) = releases.iter().filter(|release| !release.draft).min_by_key(|release| release.id) {
        return match &page.marker {
            None => Choice::Persons(page),
            Some(marker) if is_ours(wanted, page, marker, rows) => Choice::Ours(page),
            Some(marker) => Choice::Foreign(page, marker),
        };
    }
    let marked: Vec<(&Release, &Marker)> =
        releases.iter().filter_map(|release| Some((release, release.marker.as_ref()?))).collect();
    let (ours, foreign): (Vec<_>, Vec<_>) =
        marked.into_iter().partition(|(release, marker)| is_ours(wanted, release, marker, rows));
    for (release, marker) in foreign {
        let abandoned = release.assets.is_empty() && marker.commit == wanted.marker.commit;
        if !abandoned {
            return Choice::Foreign(release, marker);
        }
        if stage_of(release, rows) == Stage::Assembling {
            return Choice::Removable(release);
        }
    }
    let mut ours: Vec<&Release> = ours.into_iter().map(|(release, _)| release).collect();
    ours.sort_by_key(|release| (stage_of(release, rows) == Stage::Assembling, release.id));
    let Some((home, others)) = ours.split_first() else { return Choice::None };
    let empty = |other: &&&Release| other.assets.is_empty() && stage_of(other, rows) == Stage::Assembling;
    if stage_of(home, rows) == Stage::Assembling
        && let Some(other) = others.iter().find(empty)
    {
        return Choice::Removable(other);
    }
    Choice::Ours(home)
}

/// Ours by its marker, or because the ledger says that this machine made it for this commit.
fn is_ours(wanted: &Wanted, release: &Release, marker: &Marker, rows: &[Row]) -> bool {
    let made_here = rows.iter().any(|row| row.release_id == release.id);
    wanted.is_marked(marker) || (made_here && marker.commit == wanted.marker.commit)
}

/// How far the ledger says a page came. Without a row it is read off the page.
pub(super) fn stage_of(release: &Release, rows: &[Row]) -> Stage {
    rows.iter().find(|row| row.release_id == release.id).map_or(Stage::Assembling, |row| row.stage)
}
