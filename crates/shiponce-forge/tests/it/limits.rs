//! Rate limits, primary and secondary.

use shiponce_forge::{Error, Limit};
use shiponce_rehearsal::RouteKind;

use crate::lab::{Lab, draft};

#[tokio::test(start_paused = true)]
async fn a_short_limit_is_waited_out_by_a_read() {
    for (fault, waited) in [
        ("rate-limit=20", 20),
        ("secondary-limit+retry-after=7", 7),
        ("429+retry-after=3", 3),
        ("503+retry-after=5", 5),
    ] {
        let lab = Lab::new();
        lab.fault(&format!("github.release:1:{fault}"));
        assert_eq!(lab.client().release_by_tag("v1.0").await.unwrap(), None, "{fault}");
        assert_eq!(lab.elapsed(), waited, "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_long_limit_ends_the_call_at_once_and_says_until_when() {
    let mut seen = Vec::new();
    for fault in ["rate-limit=1800", "secondary-limit", "429", "secondary-limit+retry-after=300"] {
        let lab = Lab::new();
        lab.fault(&format!("github.release:*:{fault}"));
        let error = lab.client().release_by_tag("v1.0").await.unwrap_err();
        assert_eq!(lab.elapsed(), 0, "{fault}");
        assert!(error.may_pass() && !error.outcome_unknown(), "{fault}");
        seen.push(format!("{fault}: {error} ({:?})", error.wait()));
    }
    insta::assert_snapshot!(seen.join("\n"), @"
    rate-limit=1800: could not read the release `v1.0` of owner/demo: GitHub's rate limit is used up for 1800 s (Some(1800s))
    secondary-limit: could not read the release `v1.0` of owner/demo: GitHub's secondary rate limit is used up for 60 s (Some(60s))
    429: could not read the release `v1.0` of owner/demo: GitHub's secondary rate limit is used up for 60 s (Some(60s))
    secondary-limit+retry-after=300: could not read the release `v1.0` of owner/demo: GitHub's secondary rate limit is used up for 300 s (Some(300s))
    ");
}

#[tokio::test(start_paused = true)]
async fn a_limited_write_was_not_done_and_is_not_repeated() {
    let lab = Lab::new();
    lab.fault("github.create:1:secondary-limit+retry-after=5");
    let error = lab.client().create_draft(&draft("v1.0")).await.unwrap_err();
    assert!(!error.outcome_unknown() && error.may_pass(), "{error}");
    assert_eq!(error.wait().map(|wait| wait.as_secs()), Some(5));
    assert_eq!(lab.requests(RouteKind::GithubCreate).len(), 1);
    assert!(lab.client().releases().await.unwrap().is_empty());
}

/// The allowance of a token really runs out.
#[tokio::test(start_paused = true)]
async fn the_allowance_of_an_hour() {
    let lab = Lab::new();
    let anonymous = lab.client_with(None, shiponce_forge::Options::default());
    for _ in 0..60 {
        anonymous.access().await.unwrap();
    }
    let error = anonymous.access().await.unwrap_err();
    let Error::RateLimited { limited, .. } = &error else { panic!("{error}") };
    assert_eq!(limited.limit, Limit::Primary);
    assert!((3500..=3600).contains(&limited.wait.as_secs()), "{limited:?}");
}
