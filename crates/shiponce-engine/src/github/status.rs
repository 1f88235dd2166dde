//! The page's column in `status`.

use super::rows::{COLUMN, cell};
use super::sight::{read_page, release};
use super::target::GitHubTarget;
use crate::context::Context;
use crate::python::interrupted;
use crate::release::TagRule;
use shiponce_api::v1::{Action, FileRow, TargetCell, TargetState};
use shiponce_api::{ExitCode, Problem};
use shiponce_core::forge::{Home, Kind, Marker, Release, Stage, Survey, View, Wanted, WantedAsset, judge};
use shiponce_core::{Manifest, Sha256, Version};
use std::collections::{BTreeMap, BTreeSet};

/// The page that `status` looks at.
#[derive(Debug)]
pub struct StatusPage {
    /// Where it is.
    pub target: GitHubTarget,
    /// Which tag it has.
    pub rule: TagRule,
}

/// What the page holds of a release.
#[derive(Debug)]
pub(crate) struct PageStatus {
    /// One line for people.
    pub(crate) line: String,
    /// What the page alone says of the release: 0, 1 nothing there, 4, 5 or 6.
    pub(crate) verdict: ExitCode,
}

/// Reads the page and puts its column into the rows.
///
/// # Errors
/// `interrupted`.
pub(crate) async fn page_status(
    context: &Context,
    page: &StatusPage,
    version: &Version,
    manifest: &Manifest,
    rows: &mut Vec<FileRow>,
) -> Result<PageStatus, Problem> {
    let tag = page.rule.render(version);
    let sight = tokio::select! {
        sight = read_page(&page.target, &tag, &[]) => sight,
        () = context.cancel.cancelled() => return Err(interrupted()),
    };
    for (name, entry) in &manifest.assets {
        let (sha256, targets) = (Some(entry.sha256.to_string()), BTreeMap::new());
        rows.push(FileRow { filename: name.clone(), sha256, size: Some(entry.size), targets });
    }
    rows.sort_by(|a, b| a.filename.cmp(&b.filename));
    if let View::Unobserved { why } = &sight.view {
        let unknown = TargetCell {
            state: TargetState::Unknown,
            action: Action::Wait,
            reason: format!("not known: {why}"),
        };
        put(rows, |_| Some(unknown.clone()));
        return Ok(PageStatus {
            line: format!("GitHub could not be read: {why}"),
            verdict: ExitCode::Unknown,
        });
    }
    let releases: Vec<Release> = sight.pages.values().map(release).collect();
    let survey = survey_page(manifest, &releases);
    put(rows, |name| {
        let mut cell = cell(&survey, survey.files.get(name)?);
        if cell.action == Action::Upload {
            cell.action = Action::Wait;
        }
        Some(cell)
    });
    uncompared(rows);
    let what = match survey.kind {
        Kind::None => "there is none",
        Kind::Draft => "a draft",
        Kind::Published | Kind::Persons | Kind::Foreign => "published",
    };
    let url = survey.release.and_then(|id| sight.pages.get(&id)).map(|page| format!(", {}", page.html_url));
    let line = format!("GitHub release {tag}: {what}{}", url.unwrap_or_default());
    Ok(PageStatus { line, verdict: verdict(&survey, rows) })
}

/// Without a digest to compare with, bytes that are there are not other bytes.
fn uncompared(rows: &mut [FileRow]) {
    for row in rows.iter_mut().filter(|row| row.sha256.is_none()) {
        if let Some(cell) = row.targets.get_mut(COLUMN).filter(|cell| cell.state == TargetState::Conflict) {
            cell.state = TargetState::DigestUnknown;
            cell.action = Action::Wait;
            "there; no digest is known to compare it with".clone_into(&mut cell.reason);
        }
    }
}

fn put(rows: &mut [FileRow], cell: impl Fn(&str) -> Option<TargetCell>) {
    for row in rows {
        if let Some(cell) = cell(&row.filename) {
            row.targets.insert(COLUMN.to_owned(), cell);
        }
    }
}

/// The public page, else the draft with our marker and the lowest id, against the files of the release. Whoever looks
/// needs no checkout: the page is found by its tag.
fn survey_page(manifest: &Manifest, releases: &[Release]) -> Survey {
    let public = releases.iter().find(|release| !release.draft);
    let draft = releases.iter().filter(|release| release.marker.is_some()).min_by_key(|release| release.id);
    let files = manifest.files.iter().map(|(name, entry)| (name, entry.size, entry.sha256));
    let assets = manifest.assets.iter().map(|(name, entry)| (name, entry.size, entry.sha256));
    let wanted = Wanted {
        marker: Marker { manifest: Sha256([0; 32]), commit: String::new() },
        extends: BTreeSet::new(),
        assets: files
            .chain(assets)
            .map(|(name, size, sha256)| (name.clone(), WantedAsset { size, sha256 }))
            .collect(),
    };
    let (kind, page) = match (public, draft) {
        (Some(page), _) if page.marker.is_some() => (Kind::Published, Some(page)),
        (Some(page), _) => (Kind::Persons, Some(page)),
        (None, Some(page)) => (Kind::Draft, Some(page)),
        (None, None) => (Kind::None, None),
    };
    // Nothing is changed by looking, so nothing may be deleted.
    let home = Home {
        ours: false,
        draft: page.is_some_and(|page| page.draft),
        immutable: page.is_some_and(|page| page.immutable),
        stage: Stage::Published,
        attempted: false,
    };
    let there = page.map(|page| page.assets.as_slice()).unwrap_or_default();
    let files = wanted.assets.keys().map(|name| (name.clone(), judge(&wanted, name, there, home))).collect();
    Survey { kind, release: page.map(|page| page.id), files }
}

fn verdict(survey: &Survey, rows: &[FileRow]) -> ExitCode {
    let states: Vec<TargetState> =
        rows.iter().filter_map(|row| Some(row.targets.get(COLUMN)?.state)).collect();
    match survey.kind {
        _ if states.contains(&TargetState::Conflict) => ExitCode::Conflict,
        Kind::None => ExitCode::Failed,
        Kind::Published | Kind::Persons if states.iter().all(|state| *state == TargetState::Same) => {
            ExitCode::Done
        }
        _ => ExitCode::Partial,
    }
}
