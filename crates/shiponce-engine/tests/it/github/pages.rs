//! Pages that were there before: of a person, of another press, of another machine.

use super::{cut_off, ended, two_files};
use crate::kit::{Forge, REPOSITORY, dist};
use shiponce_api::v1::{Outcome, PageState, TargetState};
use shiponce_core::forge::{Marker, body_with};
use shiponce_engine::{Finished, GitHub, ReleaseRequest, release};
use shiponce_rehearsal::Index::{Pypi, TestPypi};
use shiponce_rehearsal::{FaultSpec, HandMade, Tag};

impl Forge {
    fn by_hand(&self, made: HandMade) -> u64 {
        self.lab.world.github(|github| github.repository(REPOSITORY).release_by_hand(made))
    }

    async fn press_fresh(&self, request: &ReleaseRequest) -> Finished {
        release(&self.fresh_context(), request).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_persons_release_gets_what_it_lacks_after_production() {
    let forge = Forge::new().await;
    let (request, dist) = two_files(&forge);
    forge.by_hand(HandMade::new("v1.0").body("By hand.").asset("manual.pdf", "theirs"));
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    forge.complete(&dist);
    let page = forge.published().unwrap();
    assert_eq!(page.body.as_deref(), Some("By hand."), "their words are theirs");
    assert_eq!(page.asset("manual.pdf").unwrap().content, "theirs");
    let log = forge.lab.world.log();
    let sent = log.iter().position(|entry| entry.is_write && entry.index == Some(Pypi)).unwrap();
    let added = log.iter().position(|entry| entry.is_write && entry.route.is_github()).unwrap();
    assert!(sent < added, "what everybody sees changes after production");
    let writes = forge.writes().len();
    let finished = forge.press(&request).await;
    assert_eq!((finished.document.outcome, forge.writes().len()), (Outcome::NothingToDo, writes));
}

#[tokio::test(start_paused = true)]
async fn the_remains_of_our_upload_to_a_persons_release_are_replaced_and_theirs_are_not() {
    let forge = Forge::new().await;
    let (request, dist) = two_files(&forge);
    forge.by_hand(HandMade::new("v1.0"));
    forge.lab.fault("github.asset:1:502-starter");
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    forge.complete(&dist);

    let forge = Forge::new().await;
    let (request, _) = two_files(&forge);
    forge.by_hand(HandMade::new("v1.0").starter("demo-1.0.tar.gz"));
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 6, "github-outstanding");
    let left = forge.published().unwrap();
    assert!(
        left.asset("demo-1.0.tar.gz").unwrap().content.is_empty(),
        "perhaps they are sending it right now"
    );
}

#[tokio::test(start_paused = true)]
async fn a_persons_file_with_other_bytes_stops_before_anything_is_written() {
    let forge = Forge::new().await;
    let (request, _) = two_files(&forge);
    forge.by_hand(HandMade::new("v1.0").asset("demo-1.0-py3-none-any.whl", "other"));
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 4, "file-conflict");
    assert!(forge.writes().is_empty() && forge.lab.uploads(Pypi).is_empty());
    assert!(forge.lab.uploads(TestPypi).is_empty());
    // Nothing was frozen that the page contradicts.
    assert!(
        forge.lab.ledger().manifest(&"demo".parse().unwrap(), &"1.0".parse().unwrap()).unwrap().is_none()
    );
}

#[tokio::test(start_paused = true)]
async fn an_asset_without_a_digest_is_compared_by_downloading_it() {
    let forge = Forge::new().await;
    let (request, dist) = two_files(&forge);
    let name = "demo-1.0-py3-none-any.whl";
    let bytes = fs_err::read(dist.join(name)).unwrap();
    forge.by_hand(HandMade::new("v1.0").without_digests().asset(name, bytes));
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    forge.complete(&dist);
}

#[tokio::test(start_paused = true)]
async fn an_immutable_release_that_lacks_files_is_outstanding() {
    let forge = Forge::new().await;
    let (mut request, _) = two_files(&forge);
    forge.by_hand(HandMade::new("v1.0").immutable());
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 6, "github-outstanding");
    assert_eq!(forge.lab.names(Pypi).len(), 2, "everything else is published");
    assert!(forge.writes().is_empty());
    let page = finished.document.receipt.unwrap().github.unwrap();
    assert!(page.outstanding.unwrap().contains("is immutable and lacks"));
    assert_eq!(finished.document.files[0].targets["github"].state, TargetState::Closed);

    request.github = Some(GitHub::Page(Box::new(forge.page(false))));
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
}

#[tokio::test(start_paused = true)]
async fn the_switch_for_immutable_releases_changes_nothing_for_us() {
    let forge = Forge::new().await;
    let (request, dist) = two_files(&forge);
    forge.lab.world.github(|github| {
        github.repository(REPOSITORY).immutable_releases(true);
    });
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    assert!(forge.published().unwrap().immutable);
    forge.complete(&dist);
    let finished = forge.press(&request).await;
    assert_eq!(finished.document.outcome, Outcome::NothingToDo);
}

#[tokio::test(start_paused = true)]
async fn a_persons_draft_counts_as_no_release() {
    let forge = Forge::new().await;
    let (request, dist) = two_files(&forge);
    let theirs = forge.by_hand(HandMade::new("v1.0").draft().asset("demo-1.0.tar.gz", "other"));
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    forge.complete(&dist);
    let kept = forge.releases().into_iter().find(|release| release.id == theirs).unwrap();
    assert!(kept.draft && kept.assets.len() == 1);
}

#[tokio::test(start_paused = true)]
async fn a_machine_without_the_ledger_finishes_the_draft_of_another() {
    let forge = Forge::new().await;
    let (request, dist) = two_files(&forge);
    cut_off(&forge, &request).await;
    let before = forge.writes().len();
    let finished = forge.press_fresh(&request).await;
    ended(&forge, &finished, 0, "");
    forge.complete(&dist);
    assert_eq!(forge.writes().len(), before + 1, "publishing was left to do");
    assert_eq!(forge.releases().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_draft_for_other_bytes_of_this_commit_stops() {
    let forge = Forge::new().await;
    let (mut request, _) = two_files(&forge);
    cut_off(&forge, &request).await;
    let other = forge.lab.folder("other");
    dist::wheel(&other, "1.0", "py3-none-any", "b");
    request.input = shiponce_engine::Input::Folder(other);
    request.targets.remove(0);
    let finished = forge.press_fresh(&request).await;
    ended(&forge, &finished, 4, "manifest-mismatch");
    assert!(forge.lab.names(Pypi).is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_empty_duplicate_of_our_draft_is_removed_and_a_full_one_is_not() {
    let forge = Forge::new().await;
    let (request, dist) = two_files(&forge);
    cut_off(&forge, &request).await;
    let marker = Marker::find(&forge.releases()[0].body.clone().unwrap()).unwrap();
    let body = body_with("", &marker);
    let empty = forge.by_hand(HandMade::new("v1.0").draft().body(&body));
    let full = forge.by_hand(HandMade::new("v1.0").draft().body(&body).asset("demo-1.0.tar.gz", "x"));
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    forge.complete(&dist);
    let left: Vec<u64> = forge.releases().iter().map(|release| release.id).collect();
    assert!(!left.contains(&empty) && left.contains(&full), "{left:?}");
}

#[tokio::test(start_paused = true)]
async fn the_remains_of_an_upload_in_our_draft_are_replaced() {
    let forge = Forge::new().await;
    let (request, dist) = two_files(&forge);
    cut_off(&forge, &request).await;
    made_anew(&forge, |draft| draft.starter("demo-1.0-py3-none-any.whl").starter("demo-1.0.tar.gz"));
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    forge.complete(&dist);
    assert!(forge.published().unwrap().body.unwrap().starts_with("Kept."));
}

#[tokio::test(start_paused = true)]
async fn a_file_that_a_person_put_into_our_draft_is_not_deleted() {
    let forge = Forge::new().await;
    let (request, _) = two_files(&forge);
    cut_off(&forge, &request).await;
    made_anew(&forge, |draft| draft.asset("demo-1.0.tar.gz", "by hand"));
    let writes = forge.writes().len();
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 4, "file-conflict");
    assert_eq!(forge.writes().len(), writes);
    assert_eq!(forge.releases()[0].asset("demo-1.0.tar.gz").unwrap().content, "by hand");
    assert!(forge.lab.names(Pypi).is_empty());
}

/// Puts a draft with the marker of ours in the place of ours.
fn made_anew(forge: &Forge, filled: impl FnOnce(HandMade) -> HandMade) {
    let draft = forge.releases()[0].clone();
    let marker = Marker::find(&draft.body.clone().unwrap()).unwrap();
    forge.lab.world.github(|github| github.repository(REPOSITORY).delete_by_hand(draft.id));
    forge.by_hand(filled(HandMade::new("v1.0").draft().body(&body_with("Kept.", &marker))));
}

#[tokio::test(start_paused = true)]
async fn a_published_release_that_was_taken_down_is_not_made_again() {
    let forge = Forge::new().await;
    let (request, _) = two_files(&forge);
    forge.press(&request).await;
    let page = forge.published().unwrap().id;
    forge.lab.world.github(|github| github.repository(REPOSITORY).delete_by_hand(page));
    let writes = forge.writes().len();
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 6, "github-outstanding");
    assert_eq!(forge.writes().len(), writes);
    assert!(
        forge.lab.report.questions().len() == 1 || !forge.releases().iter().any(|release| !release.draft)
    );
}

#[tokio::test(start_paused = true)]
async fn a_published_release_that_was_made_a_draft_again_is_not_published_again() {
    let forge = Forge::new().await;
    let (request, _) = two_files(&forge);
    forge.press(&request).await;
    let page = forge.published().unwrap().id;
    assert!(forge.lab.world.github(|github| github.repository(REPOSITORY).withdraw_by_hand(page)));
    let writes = forge.writes().len();
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 6, "github-outstanding");
    assert_eq!(forge.writes().len(), writes);
    assert!(forge.releases().iter().all(|release| release.draft), "somebody did that on purpose");
}

#[tokio::test(start_paused = true)]
async fn a_lost_asset_of_our_published_release_is_sent_again() {
    let forge = Forge::new().await;
    let (request, dist) = two_files(&forge);
    forge.press(&request).await;
    let page = forge.published().unwrap();
    let asset = page.asset("demo-1.0.tar.gz").unwrap().id;
    forge.lab.world.github(|github| github.repository(REPOSITORY).delete_asset_by_hand(asset));
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    forge.complete(&dist);
}

#[tokio::test(start_paused = true)]
async fn files_that_only_the_page_shows_are_frozen_with_the_release() {
    let forge = Forge::new().await;
    let (mut request, dist) = two_files(&forge);
    fs_err::create_dir_all(forge.project.join("docs")).unwrap();
    fs_err::write(forge.project.join("docs/the manual~1.pdf"), "pages").unwrap();
    let mut page = forge.page(true);
    page.assets = vec!["docs/*.pdf".to_owned()];
    request.github = Some(GitHub::Page(Box::new(page)));
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    forge.complete(&dist);
    let page = forge.published().unwrap();
    let manual = page.assets.iter().find(|asset| asset.content == "pages").unwrap();
    assert_eq!((manual.name.as_str(), manual.label.as_str()), ("the.manual.1.pdf", "the manual~1.pdf"));
    let row = finished.document.files.iter().find(|row| row.filename == "the manual~1.pdf").unwrap();
    assert_eq!(row.targets["github"].state, TargetState::Same);
    assert_eq!(row.targets.len(), 1);

    // Changed or gone, the frozen bytes stay what the release is.
    fs_err::write(forge.project.join("docs/the manual~1.pdf"), "changed").unwrap();
    let writes = forge.writes().len();
    let finished = forge.press(&request).await;
    assert_eq!(forge.writes().len(), writes, "{}", forge.lab.report.text());
    drop(finished);
}

#[tokio::test(start_paused = true)]
async fn two_presses_at_once_make_one_release() {
    let forge = Forge::new().await;
    let (request, dist) = two_files(&forge);
    let (one, other) = (forge.context(), forge.context());
    let (first, second) = tokio::join!(release(&one, &request), release(&other, &request));
    for finished in [&first, &second] {
        ended(&forge, finished, 0, "");
    }
    forge.complete(&dist);
    assert_eq!(forge.releases().len(), 1);
    assert_eq!(forge.writes().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn two_machines_at_once_make_one_release() {
    let forge = Forge::new().await;
    let (request, dist) = two_files(&forge);
    let (one, other) = (forge.context(), forge.fresh_context());
    let (first, second) = tokio::join!(release(&one, &request), release(&other, &request));
    for finished in [&first, &second] {
        ended(&forge, finished, 0, "");
    }
    forge.complete(&dist);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_lags_makes_no_second_release() {
    for lag in ["github.list:*:stale=90s", "github.list:*:stale=4", "github.list:*:stale=900s"] {
        let forge = Forge::new().await;
        let (request, dist) = two_files(&forge);
        forge.lab.world.add_fault(lag.parse::<FaultSpec>().unwrap());
        let finished = forge.press(&request).await;
        ended(&forge, &finished, 0, "");
        forge.complete(&dist);
        let finished = forge.press(&request).await;
        ended(&forge, &finished, 0, "");
        assert_eq!(finished.document.receipt.unwrap().github.unwrap().state, PageState::Published);
        forge.complete(&dist);
    }
}

#[tokio::test(start_paused = true)]
async fn a_tag_that_github_lacks_or_has_elsewhere_stops_before_anything_is_written() {
    for (tag, number, slug) in [(None, 1, "unpushed-commit"), (Some("b".repeat(40)), 4, "moved-tag")] {
        let forge = Forge::new().await;
        let (request, _) = two_files(&forge);
        forge.lab.world.github(|github| {
            let repository = github.repository(REPOSITORY);
            repository.delete_tag("v1.0");
            if let Some(commit) = &tag {
                repository.tag("v1.0", Tag::annotated(commit, &"c".repeat(40)));
            }
        });
        let finished = forge.press(&request).await;
        ended(&forge, &finished, number, slug);
        assert!(forge.writes().is_empty() && forge.lab.uploads(TestPypi).is_empty());
        let looked_at = finished.document.steps.iter().any(|step| step.name == "check");
        assert!(!looked_at, "it is known before a file is built or opened");
    }
}

#[tokio::test(start_paused = true)]
async fn a_release_that_grows_before_it_is_sealed_is_marked_anew() {
    for fresh in [false, true] {
        let forge = Forge::new().await;
        let (request, dist) = two_files(&forge);
        let sdist = dist.join("demo-1.0.tar.gz");
        let bytes = fs_err::read(&sdist).unwrap();
        fs_err::remove_file(&sdist).unwrap();
        cut_off(&forge, &request).await;
        let older = forge.releases()[0].clone();
        fs_err::write(&sdist, bytes).unwrap();
        let finished = if fresh { forge.press_fresh(&request).await } else { forge.press(&request).await };
        ended(&forge, &finished, 0, "");
        forge.complete(&dist);
        let page = forge.published().unwrap();
        assert_eq!((page.id, forge.releases().len()), (older.id, 1));
        assert_ne!(page.body, older.body, "the marker names the manifest that was released");
        let marker = Marker::find(&page.body.unwrap()).unwrap();
        let manifest = finished.document.manifest_sha256.unwrap();
        assert_eq!(marker.manifest.to_string(), manifest);
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_added_to_a_published_release_joins_its_page() {
    let forge = Forge::new().await;
    let (request, dist) = two_files(&forge);
    forge.press(&request).await;
    let before = forge.published().unwrap();
    dist::wheel(&dist, "1.0", &dist::tag(0), "a");
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    forge.complete(&dist);
    let page = forge.published().unwrap();
    assert_eq!((page.assets.len(), &page.body), (4, &before.body));
    let writes = forge.writes().len();
    let finished = forge.press(&request).await;
    assert_eq!((finished.document.outcome, forge.writes().len()), (Outcome::NothingToDo, writes));
}
