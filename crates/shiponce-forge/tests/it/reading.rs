//! Lists and single releases, as they are and as they lag.

use shiponce_forge::{Error, Options};
use shiponce_rehearsal::{GithubToken, HandMade, Lag, RouteKind};

use crate::lab::{Lab, REPOSITORY, draft};

#[tokio::test(start_paused = true)]
async fn what_a_token_may_do_is_read_first() {
    let lab = Lab::new();
    let access = lab.client().access().await.unwrap();
    assert_eq!(
        (access.name.to_string().as_str(), access.push, access.private),
        (REPOSITORY, Some(true), false)
    );
    let reader = lab.world.github(|github| github.token(GithubToken::of("bob")));
    let access = lab.client_with(Some(&reader), Options::default()).access().await.unwrap();
    assert_eq!(access.push, Some(false));
    assert_eq!(lab.client_with(None, Options::default()).access().await.unwrap().push, None);
    lab.repository(|repository| {
        repository.private();
    });
    let error = lab.client_with(Some(&reader), Options::default()).access().await.unwrap_err();
    insta::assert_snapshot!(error, @"could not read the repository owner/demo: GitHub says there is no such thing, or none this token may see");
    assert!(error.is_not_found() && !error.may_pass());
}

#[tokio::test(start_paused = true)]
async fn every_page_of_a_list_is_read() {
    let lab = Lab::new();
    lab.repository(|repository| {
        for number in 0..250 {
            repository.release_by_hand(HandMade::new(&format!("v0.{number}")));
        }
    });
    let releases = lab.client().releases().await.unwrap();
    assert_eq!(releases.len(), 250);
    assert_eq!(lab.requests(RouteKind::GithubList).len(), 3);
    let few = Options { pages: 2, ..Options::default() };
    let error = lab.client_with(Some(&lab.token), few).releases().await.unwrap_err();
    insta::assert_snapshot!(error, @"could not list the releases of owner/demo: the answer is not understood: more than 2 pages");
}

#[tokio::test(start_paused = true)]
async fn half_a_list_is_an_error() {
    let lab = Lab::new();
    lab.repository(|repository| {
        for number in 0..150 {
            repository.release_by_hand(HandMade::new(&format!("v0.{number}")));
        }
    });
    lab.fault("github.list:2:503x9");
    let error = lab.client().releases().await.unwrap_err();
    assert!(matches!(error, Error::Server { status: 503, write: false, .. }), "{error}");
    assert_eq!(lab.requests(RouteKind::GithubList).len(), 5, "the second page was tried four times");
}

#[tokio::test(start_paused = true)]
async fn drafts_are_found_in_the_list_and_by_number_and_never_by_tag() {
    let lab = Lab::new();
    let client = lab.client();
    let made = lab.draft().await;
    assert_eq!(client.release_by_tag("v1.0").await.unwrap(), None);
    assert_eq!(client.release(made.id).await.unwrap().unwrap().tag, "v1.0");
    let listed = client.releases().await.unwrap();
    assert_eq!(listed.iter().map(|release| release.id).collect::<Vec<_>>(), [made.id]);
    let anonymous = lab.client_with(None, Options::default());
    assert!(anonymous.releases().await.unwrap().is_empty());
    assert_eq!(anonymous.release(made.id).await.unwrap(), None);
}

/// softprops/action-gh-release#705: a release that was just made may be missing from the list.
#[tokio::test(start_paused = true)]
async fn a_lagging_list_hides_a_draft_that_its_number_shows() {
    let lab = Lab::new();
    lab.repository(|repository| {
        repository.list_lag(Lag::Reads(2));
    });
    let client = lab.client();
    let made = client.create_draft(&draft("v1.0")).await.unwrap();
    assert!(client.releases().await.unwrap().is_empty());
    assert!(client.release(made.id).await.unwrap().is_some());
    assert!(client.releases().await.unwrap().is_empty());
    assert_eq!(client.releases().await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn failures_that_pass_are_waited_out() {
    for fault in ["503", "500", "502", "drop-before", "drop-after", "truncated", "unicorn"] {
        let lab = Lab::new();
        lab.fault(&format!("github.list:*:{fault}x3"));
        assert!(lab.client().releases().await.is_ok(), "{fault}");
        assert_eq!(lab.elapsed(), 1 + 2 + 4, "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn failures_that_stay_end_the_reading() {
    let mut seen = Vec::new();
    for fault in ["503", "unicorn", "drop-before", "hang"] {
        let lab = Lab::new();
        lab.fault(&format!("github.release:*:{fault}"));
        let error = lab.client().release_by_tag("v1.0").await.unwrap_err();
        assert!(error.may_pass() && !error.outcome_unknown() && !error.is_not_found(), "{fault}");
        seen.push(format!("{fault}: {error}, after {} s", lab.elapsed()));
    }
    insta::assert_snapshot!(seen.join("\n"), @"
    503: could not read the release `v1.0` of owner/demo: GitHub answered 503: a page of HTML, after 7 s
    unicorn: could not read the release `v1.0` of owner/demo: GitHub answered 200: a page of HTML, after 7 s
    drop-before: could not read the release `v1.0` of owner/demo: no answer, after 7 s
    hang: could not read the release `v1.0` of owner/demo: no answer, after 60 s
    ");
}
