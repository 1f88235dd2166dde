//! Whose token it is, where it goes, and that it never shows.

use std::sync::Arc;

use shiponce_core::redact::SecretString;
use shiponce_forge::{Client, Error, Options, Server, Token};
use shiponce_rehearsal::{GithubToken, TokenKind};

use crate::lab::{Lab, REPOSITORY, draft, repository, server, url};

#[tokio::test(start_paused = true)]
async fn tokens_that_do_not_work_or_may_not_write() {
    let lab = Lab::new();
    let mut seen = Vec::new();
    let error = lab.client_with(Some("ghp_wrong"), Options::default()).access().await.unwrap_err();
    assert!(matches!(error, Error::Unauthenticated { .. }));
    seen.push(error.to_string());
    for kind in [TokenKind::Classic, TokenKind::FineGrained, TokenKind::Workflow] {
        let reader =
            lab.world.github(|github| github.token(GithubToken::of("bob").kind(kind).read(REPOSITORY)));
        let client = lab.client_with(Some(&reader), Options::default());
        let error = client.create_draft(&draft("v1.0")).await.unwrap_err();
        assert!(!error.outcome_unknown() && !error.may_pass() && error.hint().is_some(), "{error}");
        seen.push(error.to_string());
    }
    let error = lab.client_with(None, Options::default()).create_draft(&draft("v1.0")).await.unwrap_err();
    seen.push(error.to_string());
    insta::assert_snapshot!(seen.join("\n"), @"
    could not read the repository owner/demo: GitHub does not accept the token: Bad credentials
    could not make a draft of `v1.0` at owner/demo: GitHub says there is no such thing, or none this token may see
    could not make a draft of `v1.0` at owner/demo: the token may not do it: Resource not accessible by personal access token
    could not make a draft of `v1.0` at owner/demo: the token may not do it: Resource not accessible by integration
    could not make a draft of `v1.0` at owner/demo: GitHub does not accept the token: Requires authentication
    ");
    assert_eq!(lab.world.releases(REPOSITORY).len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_sent_to_its_own_github_only() {
    let lab = Lab::new();
    let client = |at: Server| {
        let token = Token::new(SecretString::from("ghp_hunter2"), &server("https://forge.example"));
        let (transport, clock) = (Arc::clone(&lab.transport), Arc::clone(&lab.clock));
        Client::new(transport, clock, at, repository(), Some(token), Options::default())
    };
    let plain = client(server("http://forge.example"));
    let other = client(server("https://other.example"));
    let mixed =
        client(Server { api: url("https://forge.example/api/v3"), uploads: url("https://o.example/") });
    let source = crate::lab::Source::new("x");
    let new = shiponce_forge::NewAsset { name: "a", label: None };
    let errors = [
        plain.access().await.unwrap_err(),
        other.create_draft(&draft("v1.0")).await.unwrap_err(),
        mixed.upload_asset(1, new, source, None).await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, Error::Token { .. }) && !error.may_pass(), "{error}");
        let shown = format!("{error:?} {error}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    assert!(lab.world.log().is_empty(), "nothing was sent");
    assert!(!format!("{plain:?}").contains("hunter2"));
}
