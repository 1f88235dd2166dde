//! Trusted publishing against the embedded world and its runner.

use std::sync::Arc;
use std::time::Duration;

use shiponce_core::redact::SecretString;
use shiponce_index::AnswerClass;
use shiponce_index::trusted::{IdentitySource, TrustedError, TrustedOptions, TrustedPublishing};
use shiponce_rehearsal::{Index as Which, Publisher, RouteKind, WorldConfig};

use crate::lab::{BASE, File, Lab, answer, clock, index, server, url};

pub(crate) fn github() -> IdentitySource {
    IdentitySource::GitHub {
        request_url: url(&format!("{BASE}/runner/token?api-version=2.0")),
        request_token: SecretString::from("runner-bearer"),
    }
}

pub(crate) fn publishing(lab: &Lab) -> TrustedPublishing {
    TrustedPublishing::new(Arc::clone(&lab.transport), Arc::clone(&lab.clock), TrustedOptions::default())
}

/// A world where `octo/demo`'s `release.yml` may publish `demo`, which exists.
pub(crate) async fn registered() -> Lab {
    let lab = Lab::new();
    lab.upload(&File::wheel("a")).await;
    lab.world.register(Which::Pypi, Publisher::new("demo", "octo/demo", "release.yml"));
    lab
}

#[tokio::test(start_paused = true)]
async fn a_minted_token_uploads_until_it_expires() {
    let lab = registered().await;
    let publishing = publishing(&lab);
    assert_eq!(publishing.audience(&lab.index).await.unwrap().as_deref(), Some("pypi"));
    let minted = publishing.mint(&lab.index, &github()).await.unwrap();
    assert_eq!(minted.claims.get("repository"), Some("octo/demo"));
    let now = shiponce_core::Timestamp(lab.clock.now().as_microsecond());
    assert!(!minted.expires_within(Duration::from_secs(890), now));
    assert!(minted.expires_within(Duration::from_secs(910), now));
    let second = File::named("demo-1.0-1-py3-none-any.whl", "b");
    assert_eq!(lab.upload_as(&second, &minted.credential).await.class, AnswerClass::Accepted);
    assert!(publishing.burn(&lab.index, &minted).await);
    lab.clock.sleep(Duration::from_secs(901)).await;
    let late = lab.upload_as(&second, &minted.credential).await;
    assert!(matches!(late.class, AnswerClass::Refused(_)), "{late:?}");
}

#[tokio::test(start_paused = true)]
async fn an_unregistered_workflow_is_told_what_to_register() {
    let lab = Lab::new();
    lab.upload(&File::wheel("a")).await;
    let error = publishing(&lab).mint(&lab.index, &github()).await.unwrap_err();
    let TrustedError::Refused(refused) = &error else { panic!("{error:?}") };
    assert_eq!(refused.code, "invalid-publisher");
    let explanation = error.explanation();
    assert_eq!(explanation.rule, "publisher-unknown");
    let hint = explanation.hint.unwrap();
    assert!(hint.contains("owner: octo, repository name: demo, workflow name: release.yml"), "{hint}");
    assert_eq!(lab.requests(RouteKind::Mint).len(), 1, "a refusal is not tried again");
}

#[tokio::test(start_paused = true)]
async fn a_lost_mint_is_done_again_with_a_new_identity() {
    for fault in ["mint:1:drop-after", "mint:1:500", "mint:1:hang"] {
        let lab = registered().await;
        lab.fault(fault);
        let minted = publishing(&lab).mint(&lab.index, &github()).await;
        assert!(minted.is_ok(), "{fault}: {minted:?}");
        assert_eq!(lab.requests(RouteKind::Identity).len(), 2, "{fault}");
        assert_eq!(lab.requests(RouteKind::Mint).len(), 2, "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_ready_identity_is_used_once() {
    let lab = registered().await;
    let claims = lab.world.identity_claims("pypi", lab.clock.now());
    let token = SecretString::from(lab.world.sign_identity(&claims));
    let source = IdentitySource::Ready { token, from: "PYPI_ID_TOKEN".to_owned() };
    lab.fault("mint:1:drop-after");
    let error = publishing(&lab).mint(&lab.index, &source).await.unwrap_err();
    assert!(matches!(error, TrustedError::Lost { .. }), "{error:?}");
    assert_eq!(lab.requests(RouteKind::Mint).len(), 1);
    let again = publishing(&lab).mint(&lab.index, &source).await.unwrap_err();
    assert_eq!(again.explanation().rule, "identity-used");
    let malformed =
        IdentitySource::Ready { token: SecretString::from("no jwt"), from: "PYPI_ID_TOKEN".to_owned() };
    let error = publishing(&lab).mint(&lab.index, &malformed).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`PYPI_ID_TOKEN` does not hold an identity token: it has not the shape of a JWT"
    );
}

#[tokio::test(start_paused = true)]
async fn wrong_audience_and_age_are_read_from_the_claims() {
    let lab = registered().await;
    for (name, value, rule) in [
        ("aud", serde_json::json!("testpypi"), "identity-audience"),
        ("exp", serde_json::json!(1_000), "identity-expired"),
        ("repository", serde_json::json!("octo/other"), "publisher-unknown"),
        ("event_name", serde_json::json!("pull_request_target"), "publisher-event"),
        ("iss", serde_json::json!("https://ci.example"), "issuer-unknown"),
    ] {
        let mut claims = lab.world.identity_claims("pypi", lab.clock.now());
        claims[name] = value;
        let token = SecretString::from(lab.world.sign_identity(&claims));
        let source = IdentitySource::Ready { token, from: "PYPI_ID_TOKEN".to_owned() };
        let error = publishing(&lab).mint(&lab.index, &source).await.unwrap_err();
        assert_eq!(error.explanation().rule, rule, "{name}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_pending_publisher_creates_its_project_at_mint_time() {
    let mut config = WorldConfig::new();
    config.index(Which::Pypi).publisher(Publisher::new("demo", "octo/demo", "release.yml").pending());
    let lab = Lab::with(config);
    let minted = publishing(&lab).mint(&lab.index, &github()).await.unwrap();
    // The Simple page exists and is empty, the JSON API still says 404.
    let reading = lab.read().await;
    let listing = reading.listing().unwrap();
    assert_eq!((listing.exists, listing.files.len()), (true, 0));
    assert_eq!(lab.upload_as(&File::wheel("a"), &minted.credential).await.class, AnswerClass::Accepted);
    let other = lab.upload_as(&File::named("other-1.0-py3-none-any.whl", "a"), &minted.credential).await;
    assert_eq!(other.explanation.unwrap().rule, "publisher-cannot-create", "{}", other.message);
}

#[tokio::test(start_paused = true)]
async fn switched_off_missing_and_unreachable_are_different() {
    let lab = registered().await;
    lab.fault("audience:1:oidc-disabled");
    let error = publishing(&lab).mint(&lab.index, &github()).await.unwrap_err();
    assert!(matches!(error, TrustedError::SwitchedOff { .. }), "{error:?}");
    lab.fault("audience:*:500x3");
    let error = publishing(&lab).mint(&lab.index, &github()).await.unwrap_err();
    assert!(matches!(error, TrustedError::Audience { .. }), "{error:?}");
    let clock = clock();
    let (transport, asked) = server(&clock, |_, _| answer(404, "text/plain", "404 Not Found"));
    let publishing = TrustedPublishing::new(transport, clock, TrustedOptions::default());
    let index = index("http://127.0.0.1:9");
    assert_eq!(publishing.audience(&index).await.unwrap(), None);
    let error = publishing.mint(&index, &github()).await.unwrap_err();
    assert_eq!(error.to_string(), "`http://127.0.0.1:9` has no trusted publishing");
    assert!(asked.lock().unwrap().iter().all(|request| request.uri().path() == "/_/oidc/audience"));
    let open = crate::lab::index("http://index.example");
    assert!(matches!(publishing.audience(&open).await, Err(TrustedError::Insecure(_))));
}

#[tokio::test(start_paused = true)]
async fn a_runner_that_gives_no_identity_is_explained() {
    let lab = registered().await;
    let source = IdentitySource::GitHub {
        request_url: url(&format!("{BASE}/runner/token")),
        request_token: SecretString::from("wrong"),
    };
    let error = publishing(&lab).mint(&lab.index, &source).await.unwrap_err();
    assert_eq!(error.to_string(), "the CI gave no identity token: it answered 401: Bad credentials");
    assert!(error.explanation().hint.unwrap().contains("id-token: write"));
}
