//! The page's column in the tables.

use super::board::Board;
use super::target::GitHub;
use shiponce_api::v1::{Action, FileRow, PageState, ReceiptPage, TargetCell, TargetState};
use shiponce_core::Manifest;
use shiponce_core::forge::{Done, Effect, Kind, Survey, Verdict, View, Wanted, survey};
use std::time::Duration;

/// The name of the column.
pub(crate) const COLUMN: &str = "github";

/// Puts the page's column into the rows of the files, and adds rows for what only the page shows.
pub(crate) fn page_rows(rows: &mut Vec<FileRow>, manifest: &Manifest, survey: Option<&Survey>, why: &str) {
    for (name, entry) in &manifest.assets {
        if !rows.iter().any(|row| row.filename == *name) {
            rows.push(FileRow {
                filename: name.clone(),
                sha256: Some(entry.sha256.to_string()),
                size: Some(entry.size),
                targets: std::collections::BTreeMap::new(),
            });
        }
    }
    rows.sort_by(|a, b| a.filename.cmp(&b.filename));
    page_cells(rows, |name| match survey {
        Some(survey) => survey.files.get(name).map(|verdict| cell(survey, verdict)),
        None => {
            Some(TargetCell { state: TargetState::Unknown, action: Action::LeaveOut, reason: why.to_owned() })
        }
    });
}

/// Sets the page's cell of every row it has something to say about.
fn page_cells(rows: &mut [FileRow], cell: impl Fn(&str) -> Option<TargetCell>) {
    for row in rows {
        if let Some(cell) = cell(&row.filename) {
            row.targets.insert(COLUMN.to_owned(), cell);
        }
    }
}

/// One file on the page.
pub(super) fn cell(survey: &Survey, verdict: &Verdict) -> TargetCell {
    let page = match survey.kind {
        Kind::None => "there is no release yet",
        Kind::Draft => "the draft does not have it",
        Kind::Published | Kind::Persons => "the release does not have it",
        Kind::Foreign => "the release is not this one",
    };
    let (state, action, reason) = match verdict {
        Verdict::Done if survey.kind == Kind::Draft => {
            (TargetState::Same, Action::Skip, "the same bytes are in the draft")
        }
        Verdict::Done => (TargetState::Same, Action::Skip, "the same bytes are there"),
        Verdict::Absent => (TargetState::Missing, Action::Upload, page),
        Verdict::Delete { .. } => {
            (TargetState::Missing, Action::Upload, "what has its name is broken and is replaced")
        }
        Verdict::Compare { .. } => {
            (TargetState::DigestUnknown, Action::Compare, "the name is there, GitHub gives no digest")
        }
        Verdict::Immutable => (TargetState::Closed, Action::Stop, "the release is immutable and lacks it"),
        Verdict::Conflict { .. } => (TargetState::Conflict, Action::Stop, "other bytes are there"),
        Verdict::Leftover => {
            (TargetState::Missing, Action::Stop, "an upload that did not end holds its name")
        }
    };
    TargetCell { state, action, reason: reason.to_owned() }
}

/// Puts what this run found and did into the rows.
pub(crate) fn settled_cells(rows: &mut [FileRow], wanted: &Wanted, board: &Board, now: Duration) {
    let Some(found) = survey(wanted, &board.facts(now)) else { return };
    page_cells(rows, |name| {
        let verdict = found.files.get(name)?;
        let mut cell = cell(&found, verdict);
        let sent = |effect: &Effect| matches!(effect, Effect::Upload { name: sent, .. } if sent == name);
        if *verdict == Verdict::Done && board.done.iter().any(sent) {
            cell.action = Action::Upload;
            cell.reason = "uploaded and read back".to_owned();
        }
        Some(cell)
    });
}

/// The page in the receipt.
pub(crate) fn receipt_page(
    github: &GitHub,
    board: Option<&Board>,
    reached: Option<Done>,
    outstanding: Option<String>,
) -> ReceiptPage {
    let repository = match github {
        GitHub::Page(target) => Some(target.repository()),
        GitHub::Outstanding { repository, .. } => repository.clone(),
    };
    let release_id = reached.map(|done| match done {
        Done::Assembled { release } | Done::Published { release } | Done::Later { release } => release,
    });
    let page = release_id.and_then(|id| board?.sight.pages.get(&id));
    let state = match (page, board.map(|board| &board.sight.view)) {
        (Some(page), _) if page.draft => PageState::Draft,
        (Some(_), _) => PageState::Published,
        (None, Some(View::Seen { .. })) => PageState::Missing,
        (None, _) => PageState::Unknown,
    };
    ReceiptPage { repository, release_id, url: page.map(|page| page.html_url.clone()), state, outstanding }
}
