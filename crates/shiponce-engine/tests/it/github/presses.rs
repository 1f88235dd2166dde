//! Presses in fine weather: the order of things, and nothing twice.

use super::{ended, two_files};
use crate::kit::Forge;
use shiponce_api::v1::{Action, Outcome, PageState, TargetState};
use shiponce_engine::{GitHub, StatusPage, StatusReport, StatusRequest, status};
use shiponce_rehearsal::Index::Pypi;
use shiponce_rehearsal::{LogEntry, RouteKind};

fn position(log: &[LogEntry], wanted: impl Fn(&LogEntry) -> bool) -> usize {
    log.iter().position(wanted).expect("it happened")
}

#[tokio::test(start_paused = true)]
async fn the_page_is_drafted_before_production_and_published_after_it() {
    let forge = Forge::new().await;
    let (request, dist) = two_files(&forge);
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    assert_eq!(finished.document.outcome, Outcome::Released);
    forge.complete(&dist);

    let log = forge.lab.world.log();
    let created = position(&log, |entry| entry.route == RouteKind::GithubCreate);
    let first = position(&log, |entry| entry.route == RouteKind::GithubAsset);
    let last =
        log.len() - 1 - log.iter().rev().position(|entry| entry.route == RouteKind::GithubAsset).unwrap();
    let sent = position(&log, |entry| entry.is_write && entry.index == Some(Pypi));
    let published = position(&log, |entry| entry.route == RouteKind::GithubPublish);
    assert!(created < first && last < sent && sent < published);
    let listed = log[sent..published]
        .iter()
        .any(|entry| entry.route == RouteKind::GithubList || entry.route == RouteKind::GithubRelease);
    assert!(listed, "listed again before it is published");
    assert!(log[published..].iter().any(|entry| entry.route == RouteKind::GithubList), "read back");
    assert_eq!(forge.writes().len(), 5, "a draft, three assets, publishing");
    assert_eq!(log[first].filename.as_deref(), Some("shiponce-manifest.json"), "the manifest goes first");

    let page = forge.published().unwrap();
    assert!(page.latest && !page.prerelease);
    assert!(page.body.unwrap().starts_with("The first one.\n\n<!-- shiponce manifest="));
    let receipt = finished.document.receipt.unwrap().github.unwrap();
    assert_eq!(
        (receipt.state, receipt.release_id, receipt.outstanding),
        (PageState::Published, Some(page.id), None)
    );
    for row in &finished.document.files {
        let cell = &row.targets["github"];
        assert_eq!((cell.state, cell.action), (TargetState::Same, Action::Upload), "{cell:?}");
    }
    forge.lab.check();
}

#[tokio::test(start_paused = true)]
async fn a_second_press_writes_nothing_and_says_that_the_page_exists() {
    let forge = Forge::new().await;
    let (request, dist) = two_files(&forge);
    forge.press(&request).await;
    let before = (forge.releases(), forge.writes().len(), forge.lab.uploads(Pypi).len());
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    assert_eq!(finished.document.outcome, Outcome::NothingToDo);
    assert_eq!(before, (forge.releases(), forge.writes().len(), forge.lab.uploads(Pypi).len()));
    assert!(forge.lab.report.warned("Skipping GitHub release creation - release already exists"));
    assert_eq!(finished.document.files[0].targets["github"].action, Action::Skip);
    assert_eq!(forge.lab.report.questions().len(), 1, "only the first press asked");
    forge.complete(&dist);
}

#[tokio::test(start_paused = true)]
async fn the_draft_is_the_second_place_of_the_files() {
    let forge = Forge::new().await;
    let (mut request, dist) = two_files(&forge);
    request.targets.remove(0);
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    forge.complete(&dist);
}

#[tokio::test(start_paused = true)]
async fn without_a_page_or_a_test_index_there_is_no_second_place() {
    let forge = Forge::new().await;
    let (mut request, _) = two_files(&forge);
    request.targets.remove(0);
    let why = "gh is not logged in".to_owned();
    request.github = Some(GitHub::Outstanding { why, required: false, repository: None });
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 2, "single-copy");
    assert!(forge.lab.uploads(Pypi).is_empty() && forge.writes().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_page_that_cannot_be_made_is_outstanding_and_counts_only_where_it_is_configured() {
    for (required, number, slug) in [(true, 6, "github-outstanding"), (false, 0, "")] {
        let forge = Forge::new().await;
        let (mut request, _) = two_files(&forge);
        let why = "GitHub CLI (gh) not found. Skipping release creation.".to_owned();
        request.github = Some(GitHub::Outstanding { why: why.clone(), required, repository: None });
        let finished = forge.press(&request).await;
        ended(&forge, &finished, number, slug);
        assert!(forge.lab.report.warned(&why));
        assert_eq!(forge.lab.names(Pypi).len(), 2);
        let page = finished.document.receipt.unwrap().github.unwrap();
        assert_eq!((page.state, page.outstanding), (PageState::Unknown, Some(why)));

        // With a credential only the page is left to do.
        request.github = Some(GitHub::Page(Box::new(forge.page(true))));
        let sent = forge.lab.uploads(Pypi).len();
        let finished = forge.press(&request).await;
        ended(&forge, &finished, 0, "");
        assert_eq!(finished.document.outcome, Outcome::Released);
        assert_eq!(forge.lab.uploads(Pypi).len(), sent);
        assert!(forge.published().is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_names_what_it_would_check_and_writes_nothing() {
    let forge = Forge::new().await;
    let (mut request, _) = two_files(&forge);
    request.write = false;
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    assert_eq!(finished.document.outcome, Outcome::Changes);
    for line in [
        "[DRY RUN] Would check: http://127.0.0.1:8080/github/api/v3/repos/octo/demo/releases/tags/v1.0",
        "[DRY RUN] Would check: gh release view v1.0",
        "GitHub release v1.0 (octo/demo): no release yet: a draft with 3 files, published last",
    ] {
        assert!(forge.lab.report.said(line), "{line}\n{}", forge.lab.report.text());
    }
    assert_eq!(finished.document.files[0].targets["github"].action, Action::Upload);
    assert!(forge.writes().is_empty());

    request.write = true;
    forge.press(&request).await;
    request.write = false;
    let finished = forge.press(&request).await;
    assert_eq!(finished.document.outcome, Outcome::NothingToDo);
}

#[tokio::test(start_paused = true)]
async fn only_the_highest_version_becomes_the_latest_release() {
    let forge = Forge::new().await;
    let (request, _) = two_files(&forge);
    forge.lab.world.github(|github| {
        github.repository(crate::kit::REPOSITORY).release_by_hand(shiponce_rehearsal::HandMade::new("v2.0"));
    });
    forge.press(&request).await;
    assert!(!forge.published().unwrap().latest);
}

async fn look(forge: &Forge, required: bool) -> StatusReport {
    let rule = two_files(forge).0.tag;
    let request = StatusRequest {
        tagged: Vec::new(),
        project: "demo".parse().unwrap(),
        version: None,
        targets: vec![forge.lab.target(Pypi)],
        page: Some(StatusPage { target: forge.page(required), rule }),
    };
    status(&forge.context(), &request).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn status_has_a_column_for_the_page_and_counts_it_where_it_is_required() {
    let forge = Forge::new().await;
    let (mut request, _) = two_files(&forge);
    let why = "no credential".to_owned();
    request.github = Some(GitHub::Outstanding { why, required: true, repository: None });
    forge.press(&request).await;
    let cell = |report: &StatusReport| {
        let cell = &report.document.files[0].targets["github"];
        (cell.state, cell.action)
    };
    let report = look(&forge, true).await;
    assert_eq!((report.exit_code.number(), cell(&report)), (6, (TargetState::Missing, Action::Wait)));
    assert!(report.lines.contains(&"GitHub release v1.0: there is none".to_owned()), "{:?}", report.lines);
    assert_eq!(look(&forge, false).await.exit_code.number(), 0);

    forge.lab.fault("github.publish:*:502x5");
    request.github = Some(GitHub::Page(Box::new(forge.page(true))));
    forge.press(&request).await;
    let report = look(&forge, true).await;
    assert_eq!((report.exit_code.number(), cell(&report)), (6, (TargetState::Same, Action::Skip)));
    assert!(report.lines[0].starts_with("GitHub release v1.0: a draft"), "{:?}", report.lines);

    forge.press(&request).await;
    let report = look(&forge, true).await;
    assert_eq!((report.exit_code.number(), cell(&report)), (0, (TargetState::Same, Action::Skip)));
    let writes = forge.writes().len();
    forge.lab.fault("github.list:*:503");
    let report = look(&forge, true).await;
    assert_eq!((report.exit_code.number(), cell(&report)), (5, (TargetState::Unknown, Action::Wait)));
    assert_eq!(forge.writes().len(), writes);
}
