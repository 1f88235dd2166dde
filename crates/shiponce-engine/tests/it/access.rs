//! Credentials, and indexes that cannot be read.

use crate::kit::{BASE, Lab, at, code, dist, wheel_name};
use secrecy::SecretString;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::decide::OnUnknown;
use shiponce_engine::{Access, PublishRequest, Publisher, ReleaseTarget, publish};
use shiponce_index::trusted::IdentitySource;
use shiponce_rehearsal::Index::Pypi;
use shiponce_rehearsal::{FaultSpec, RouteKind};
use std::time::Duration;

/// Production with the identity of a CI job instead of a token; `demo` exists and knows the job.
pub(crate) fn trusted(lab: &Lab) -> ReleaseTarget {
    lab.put(Pypi, &dist::wheel(&lab.folder("old"), "0.9", "py3-none-any", "old"));
    lab.world.register(Pypi, shiponce_rehearsal::Publisher::new("demo", "octo/demo", "release.yml"));
    let mut target = lab.target(Pypi);
    let identity = IdentitySource::GitHub {
        request_url: at(&format!("{BASE}/runner/token?api-version=2.0")),
        request_token: SecretString::from("runner-bearer"),
    };
    target.access = Access::TrustedPublishing(Publisher::new(identity, "GitHub Actions"));
    target
}

#[tokio::test(start_paused = true)]
async fn one_exchange_serves_a_release_and_an_old_token_is_exchanged_again() {
    for (delays, mints) in [(0, 1), (1, 2)] {
        let lab = Lab::new();
        let mut target = trusted(&lab);
        target.uploads_at_once = 1;
        for _ in 0..delays {
            // Eleven minutes of fifteen: the token would still be taken, but not for long.
            let slow = format!("upload:*:delay={}x4", 165_000);
            lab.world.add_fault(slow.parse::<FaultSpec>().unwrap());
        }
        let files = dist::wheels(&lab.folder("dist"), "1.0", 6);
        let ended = lab.publish_to(&files, vec![target]).await;
        assert_eq!(ended.exit_code().number(), 0, "{ended:?}\n{}", lab.report.text());
        assert_eq!(lab.requests(RouteKind::Mint).len(), mints);
        assert_eq!(lab.uploads(Pypi).len(), 6);
        lab.check();
    }
}

/// A token that is stolen afterwards is worth nothing, however the press ended.
#[tokio::test(start_paused = true)]
async fn tokens_are_given_back_however_a_press_ends() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 1);
    let ended = lab.publish_to(&files, vec![trusted(&lab)]).await;
    assert_eq!(ended.exit_code().number(), 0, "{ended:?}");
    assert_eq!((lab.requests(RouteKind::Mint).len(), lab.requests(RouteKind::Burn).len()), (1, 1));

    let lab = Lab::new();
    let target = trusted(&lab);
    lab.fault("upload:*:read-onlyx9");
    let ended = lab.publish_to(&files, vec![target]).await;
    assert_ne!(ended.exit_code().number(), 0, "{ended:?}");
    assert_eq!((lab.requests(RouteKind::Mint).len(), lab.requests(RouteKind::Burn).len()), (1, 1));

    let lab = Lab::new();
    let target = trusted(&lab);
    let cancel = lab.cancel.clone();
    lab.hook(move |request| {
        if request.uri().path().ends_with("/legacy/") {
            cancel.cancel();
        }
        None
    });
    let ended = lab.publish_to(&files, vec![target]).await;
    assert_eq!(code(&ended), "interrupted", "{ended:?}");
    assert_eq!((lab.requests(RouteKind::Mint).len(), lab.requests(RouteKind::Burn).len()), (1, 1));

    // Nobody waits for an index that does not answer.
    let lab = Lab::new();
    let target = trusted(&lab);
    lab.fault("burn:*:hang");
    let begun = lab.clock.monotonic();
    let ended = lab.publish_to(&files, vec![target]).await;
    assert_eq!(ended.exit_code().number(), 0, "{ended:?}");
    assert!(lab.clock.monotonic() - begun < Duration::from_secs(10));
    assert_eq!(lab.requests(RouteKind::Burn).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_the_index_calls_expired_is_exchanged_and_the_file_sent_again() {
    let lab = Lab::new();
    let target = trusted(&lab);
    let mut once = false;
    lab.hook(move |request| {
        let message = "403 Invalid API Token: token is expired";
        (request.uri().path().ends_with("/legacy/") && !std::mem::replace(&mut once, true))
            .then(|| http::Response::builder().status(403).body(message.into()).unwrap())
    });
    let files = dist::wheels(&lab.folder("dist"), "1.0", 1);
    let ended = lab.publish_to(&files, vec![target]).await;
    assert_eq!(ended.exit_code().number(), 0, "{ended:?}\n{}", lab.report.text());
    assert_eq!(lab.requests(RouteKind::Mint).len(), 2);
    assert_eq!(lab.sent(Pypi, &wheel_name("1.0", &dist::tag(0))), 1, "the world saw the second attempt only");
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn an_exchange_that_fails_half_way_leaves_a_partial_release() {
    let lab = Lab::new();
    let mut target = trusted(&lab);
    target.uploads_at_once = 1;
    lab.fault("upload:1:delay=290000");
    lab.fault("upload:2:delay=290000");
    lab.fault("upload:3:delay=290000");
    let mut mints = 0;
    lab.hook(move |request| {
        mints += u32::from(request.uri().path().ends_with("mint-token"));
        let refused = r#"{"message": "Token request failed", "errors": [{"code": "not-enabled", "description": "off"}]}"#;
        (mints > 1 && request.uri().path().ends_with("mint-token")).then(|| {
            let answer = http::Response::builder().status(422).header("content-type", "application/json");
            answer.body(refused.into()).unwrap()
        })
    });
    let files = dist::wheels(&lab.folder("dist"), "1.0", 6);
    let ended = lab.publish_to(&files, vec![target]).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (6, "partial"), "{ended:?}");
    let uploads = lab.uploads(Pypi).len();
    assert!((1..6).contains(&uploads), "{uploads}");
    let problem = ended.problem.unwrap().render();
    assert!(problem.contains("[trusted-publishing-failed]"), "{problem}");
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn without_a_credential_nothing_is_sent_and_a_finished_release_needs_none() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 2);
    let without = || {
        let mut target = lab.target(Pypi);
        let problem = Problem::new(ErrorCode::TokenMissing, "no token for PyPI").hint("set PYPI_API_TOKEN");
        target.access = Access::Missing(Box::new(problem));
        target
    };
    let ended = lab.publish_to(&files, vec![without()]).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (7, "token-missing"), "{ended:?}");
    assert!(ended.problem.unwrap().render().contains("Nothing was uploaded to PyPI by this run."));
    assert_eq!(lab.uploads(Pypi).len(), 0);
    assert_eq!(lab.publish(&files).await.exit_code().number(), 0);
    assert_eq!(lab.publish_to(&files, vec![without()]).await.exit_code().number(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_index_is_written_to_only_by_those_who_asked_for_it() {
    let lab = Lab::new();
    lab.fault("simple:*:503x20");
    let files = dist::wheels(&lab.folder("dist"), "1.0", 1);
    let ended = lab.publish(&files).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (5, "target-unobserved"), "{ended:?}");
    assert_eq!(lab.uploads(Pypi).len(), 0);
    let target = lab.target_with(Pypi, |core, _| core.on_unknown = OnUnknown::Attempt);
    let ended = lab.publish_to(&files, vec![target]).await;
    assert_eq!(ended.exit_code().number(), 0, "{ended:?}\n{}", lab.report.text());
    assert!(lab.report.warned("Package not found, assuming doesn't exist"));
    assert_eq!(lab.uploads(Pypi).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_reads_tells_and_leaves_nothing_behind() {
    let lab = Lab::new();
    let mine = dist::wheel(&lab.folder("dist"), "1.0", "py3-none-any", "mine");
    let other = dist::wheel(&lab.folder("other"), "1.0", "py3-none-any", "other");
    let request = || PublishRequest {
        files: vec![mine.clone()],
        expected: None,
        targets: vec![lab.target(Pypi)],
        left_out: Vec::new(),
        write: false,
        wait: Duration::ZERO,
    };
    let context = lab.context();
    let told = publish(&context, &request()).await;
    assert_eq!((told.exit_code().number(), told.document.outcome), (0, shiponce_api::v1::Outcome::Changes));
    assert!(!lab.folder("ledger.sqlite").exists() && !lab.folder("store").exists());
    lab.put(Pypi, &other);
    lab.world.delete_file(
        Pypi,
        "demo",
        &wheel_name("1.0", "py3-none-any"),
        shiponce_io::Clock::now(&*lab.clock),
    );
    assert_eq!(code(&lab.publish(std::slice::from_ref(&mine)).await), "file-name-burned");
    let told = publish(&context, &request()).await;
    assert_eq!(code(&told), "file-name-burned", "a dry run knows what the journal knows: {told:?}");
    assert_eq!(lab.uploads(Pypi).len(), 1);
}
