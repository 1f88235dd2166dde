//! What GitHub refuses, and what cannot be seen.

use super::{ended, two_files};
use crate::kit::{Forge, REPOSITORY};
use shiponce_api::v1::PageState;
use shiponce_engine::GitHub;
use shiponce_rehearsal::Index::{Pypi, TestPypi};
use shiponce_rehearsal::{GithubToken, HandMade, RouteKind};

#[tokio::test(start_paused = true)]
async fn a_burned_tag_is_outstanding_for_good() {
    let forge = Forge::new().await;
    let (request, _) = two_files(&forge);
    forge.lab.world.github(|github| {
        let repository = github.repository(REPOSITORY);
        let gone = repository.release_by_hand(HandMade::new("v1.0").immutable());
        repository.delete_by_hand(gone);
    });
    for _ in 0..2 {
        let finished = forge.press(&request).await;
        ended(&forge, &finished, 6, "github-outstanding");
        let outstanding = finished.document.receipt.unwrap().github.unwrap().outstanding.unwrap();
        assert!(outstanding.contains("GitHub never frees the name"), "{outstanding}");
    }
    assert_eq!(forge.lab.names(Pypi).len(), 2);
    assert_eq!(forge.releases().iter().filter(|release| release.draft).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_burned_tag_that_refuses_the_draft_stops_before_production() {
    let forge = Forge::new().await;
    let (request, _) = two_files(&forge);
    forge.lab.hook(|request| {
        let create = request.method() == http::Method::POST
            && request.uri().path() == "/github/api/v3/repos/octo/demo/releases";
        let words = r#"{"message":"Validation Failed","errors":[{"resource":"Release","code":"custom","message":"tag_name was used by an immutable release"}]}"#;
        create.then(|| http::Response::builder().status(422).body(words.into()).unwrap())
    });
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 4, "tag-burned");
    assert!(forge.lab.uploads(Pypi).is_empty());
}

#[tokio::test(start_paused = true)]
async fn github_that_cannot_be_read_stops_everything_only_where_the_page_is_required() {
    for (required, number, slug) in [(true, 5, "target-unobserved"), (false, 0, "")] {
        let forge = Forge::new().await;
        let (mut request, _) = two_files(&forge);
        request.github = Some(GitHub::Page(Box::new(forge.page(required))));
        forge.lab.fault("github.list:*:503");
        let finished = forge.press(&request).await;
        ended(&forge, &finished, number, slug);
        assert!(forge.writes().is_empty());
        if required {
            assert!(forge.lab.uploads(TestPypi).is_empty());
            continue;
        }
        assert!(forge.lab.report.warned("GitHub is advisory and left out"));
        assert_eq!(forge.lab.names(Pypi).len(), 2);
        let page = finished.document.receipt.unwrap().github.unwrap();
        assert_eq!(page.state, PageState::Unknown);
        assert!(page.outstanding.unwrap().contains("503"));
        assert!(finished.document.files[0].targets["github"].reason.contains("503"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_does_not_work_or_may_only_read_ends_before_production() {
    let forge = Forge::new().await;
    let (mut request, _) = two_files(&forge);
    let read = forge.lab.world.github(|github| github.token(GithubToken::of("bob").read(REPOSITORY)));
    for token in ["github_pat_wrong", read.as_str()] {
        request.github = Some(GitHub::Page(Box::new(forge.page_with(true, Some(token)))));
        let finished = forge.press(&request).await;
        ended(&forge, &finished, 7, "auth-refused");
        assert!(forge.lab.uploads(Pypi).is_empty() && forge.releases().is_empty());
    }
    assert!(!forge.lab.report.text().contains("github_pat_wrong"));

    request.github = Some(GitHub::Page(Box::new(forge.page_with(false, Some(&read)))));
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    assert!(forge.lab.report.warned("GitHub is advisory and left out"));
}

#[tokio::test(start_paused = true)]
async fn a_failure_after_production_is_outstanding_and_the_next_press_publishes() {
    let forge = Forge::new().await;
    let (request, dist) = two_files(&forge);
    forge.lab.fault("github.publish:*:502x5");
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 6, "github-outstanding");
    assert_eq!(forge.lab.requests(RouteKind::GithubPublish).len(), 5, "bounded");
    assert_eq!(forge.lab.names(Pypi).len(), 2);
    let page = finished.document.receipt.unwrap().github.unwrap();
    assert_eq!(page.state, PageState::Draft);
    assert!(page.outstanding.is_some() && page.release_id.is_some());

    let (sent, writes) = (forge.lab.uploads(Pypi).len(), forge.writes().len());
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    forge.complete(&dist);
    assert_eq!((forge.lab.uploads(Pypi).len(), forge.writes().len()), (sent, writes + 1));
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_is_waited_for_within_reason() {
    for (fault, number, slug) in [
        ("github.asset:2:rate-limit=60", 0, ""),
        ("github.create:1:secondary-limit+retry-after=30", 0, ""),
        ("github.publish:1:secondary-limit", 0, ""),
        ("github.list:1:rate-limit=60", 0, ""),
        ("github.list:1:rate-limit=3000", 5, "target-unobserved"),
        ("github.asset:2:rate-limit=3000", 8, "github-failed"),
    ] {
        let forge = Forge::new().await;
        let (request, dist) = two_files(&forge);
        forge.lab.fault(fault);
        let started = forge.lab.clock.monotonic();
        let finished = forge.press(&request).await;
        ended(&forge, &finished, number, slug);
        if number == 0 {
            forge.complete(&dist);
            let waited = forge.lab.clock.monotonic().checked_sub(started).unwrap();
            assert!(waited.as_secs() >= 30, "{fault}: {waited:?}");
        } else {
            assert!(forge.lab.uploads(Pypi).is_empty());
            let told = format!("{}{:?}", forge.lab.report.text(), finished.problem);
            assert!(told.contains("rate limit"), "{told}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn two_files_that_github_would_call_alike_are_refused() {
    let forge = Forge::new().await;
    let (mut request, _) = two_files(&forge);
    for name in ["a b.txt", "a~b.txt"] {
        fs_err::write(forge.project.join(name), name).unwrap();
    }
    let mut page = forge.page(true);
    page.assets = vec!["*.txt".to_owned()];
    request.github = Some(GitHub::Page(Box::new(page)));
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 2, "config-invalid");
    assert!(forge.writes().is_empty() && forge.lab.uploads(TestPypi).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_page_that_cannot_be_read_gives_the_advice_that_fits() {
    for (status, number, slug, advice) in [
        (401, 7, "auth-refused", "check the token for"),
        (403, 5, "target-unobserved", "permissions: contents: write"),
        (404, 5, "target-unobserved", "check the name of the repository"),
        (301, 5, "target-unobserved", "the repository has another name now"),
        (503, 5, "target-unobserved", "press again when GitHub answers"),
    ] {
        let forge = Forge::new().await;
        let (request, _) = two_files(&forge);
        forge.lab.hook(move |request| {
            let list = request.uri().path().ends_with("/releases");
            let answer = || http::Response::builder().status(status).body(bytes::Bytes::from("{}")).unwrap();
            list.then(answer)
        });
        let finished = forge.press(&request).await;
        ended(&forge, &finished, number, slug);
        let hints = finished.problem.unwrap().hints;
        assert!(hints[0].contains(advice), "{status}: {hints:?}");
        assert!(forge.lab.uploads(TestPypi).is_empty());
    }
}
