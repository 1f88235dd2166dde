//! What single answers mean, those included that the world never gives.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use shiponce_forge::{Client, Error, Options, Reason, RepositoryName};
use shiponce_io::VirtualClock;
use shiponce_io::http::MemoryTransport;

use crate::lab::{draft, here, repository, server, start};

type Seen = Arc<Mutex<Vec<Request<Bytes>>>>;

/// A client of a server that always gives one answer, and what it was asked.
fn always(status: u16, headers: &[(&'static str, &'static str)], body: &'static str) -> (Client, Seen) {
    let clock = Arc::new(VirtualClock::new(start()));
    let headers = headers.to_vec();
    let seen = Seen::default();
    let log = Arc::clone(&seen);
    let transport = MemoryTransport::new(clock.clone(), move |request, _| {
        log.lock().unwrap().push(request);
        let answer = Response::builder().status(status);
        let answer = headers.iter().fold(answer, |answer, (name, value)| answer.header(*name, *value));
        answer.body(Bytes::from_static(body.as_bytes())).unwrap()
    });
    let client = Client::new(Arc::new(transport), clock, here(), repository(), None, Options::default());
    (client, seen)
}

async fn refused(status: u16, body: &'static str) -> Error {
    always(status, &[], body).0.create_draft(&draft("v1.0")).await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn the_reason_of_a_refusal() {
    let burned = r#"{"message":"Validation Failed","errors":[{"resource":"Release","code":"custom","field":"tag_name","message":"tag_name was used by an immutable release"}]}"#;
    let frozen = r#"{"message":"Cannot upload assets to an immutable release."}"#;
    let taken = r#"{"message":"Validation Failed","errors":[{"resource":"ReleaseAsset","code":"already_exists","field":"name"}]}"#;
    let odd = r#"{"message":"Validation Failed","errors":["Published releases must have a valid tag",3,{"code":"custom"}]}"#;
    for (body, reason) in [
        (burned, Reason::BurnedTag),
        (frozen, Reason::Immutable),
        (taken, Reason::AlreadyExists),
        (odd, Reason::Other),
        ("", Reason::Other),
        ("[]", Reason::Other),
    ] {
        let error = refused(422, body).await;
        assert_eq!(error.reason(), Some(reason), "{body}");
        assert!(!error.outcome_unknown() && !error.may_pass(), "{body}");
    }
    insta::assert_snapshot!(refused(422, odd).await, @"could not make a draft of `v1.0` at owner/demo: GitHub refuses: Validation Failed; Published releases must have a valid tag; custom");
    insta::assert_snapshot!(refused(409, r#"{"message":"Conflict\u001b[31m\n now"}"#).await, @"could not make a draft of `v1.0` at owner/demo: GitHub refuses: Conflict[31m now");
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_not_understood() {
    let release = r#"{"id":1,"tag_name":"v1.0","draft":false}"#;
    let (client, _) = always(200, &[], release);
    assert!(
        client.release_by_tag("v1.0").await.unwrap().is_some_and(|found| !found.immutable),
        "an old server"
    );
    for (status, body) in [(200, "{}"), (200, ""), (200, "[]"), (304, "")] {
        let (client, _) = always(status, &[], body);
        let error = client.release_by_tag("v1.0").await.unwrap_err();
        assert!(matches!(error, Error::Malformed { write: false, .. }), "{error}");
        assert!(!error.may_pass() && !error.outcome_unknown());
        // What a write did is unknown when its answer is not understood.
        let error = client.create_draft(&draft("v1.0")).await.unwrap_err();
        assert!(error.outcome_unknown(), "{status} {body}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_renamed_repository_is_named_and_not_followed() {
    let to = [("location", "http://me:hunter2@127.0.0.1:8080/github/api/v3/repositories/7?token=x")];
    let (client, seen) = always(301, &to, "");
    let error = client.access().await.unwrap_err();
    insta::assert_snapshot!(error, @"could not read the repository owner/demo: GitHub sends the request elsewhere (301): http://127.0.0.1:8080/github/api/v3/repositories/7");
    let Error::Moved { to, .. } = error else { panic!() };
    assert_eq!(to, "http://127.0.0.1:8080/github/api/v3/repositories/7");
    assert!(client.access().await.unwrap_err().hint().is_some_and(|hint| hint.contains("another name")));
    assert_eq!(seen.lock().unwrap().len(), 2, "one request for each call");
}

#[tokio::test(start_paused = true)]
async fn what_every_request_carries() {
    let (client, seen) = always(404, &[], "{}");
    assert_eq!(client.release_by_tag("py/v1.0").await.unwrap(), None);
    let seen = seen.lock().unwrap();
    let header = |name: &str| seen[0].headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header("accept").as_deref(), Some("application/vnd.github+json"));
    assert_eq!(header("x-github-api-version").as_deref(), Some("2022-11-28"));
    assert!(header("user-agent").is_some_and(|agent| agent.starts_with("shiponce/")));
    assert_eq!(header("authorization"), None);
    assert_eq!(seen[0].uri().path(), "/github/api/v3/repos/owner/demo/releases/tags/py%2Fv1.0");
}

#[tokio::test(start_paused = true)]
async fn the_next_page_is_at_the_same_server() {
    let next = [("link", "<http://other.example/releases?page=2>; rel=\"next\"")];
    let (client, seen) = always(200, &next, "[]");
    let error = client.releases().await.unwrap_err();
    assert!(matches!(error, Error::Malformed { .. }), "{error}");
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn tags_on_other_things_and_tags_of_tags() {
    let answer = |kind: &str| -> &'static str {
        let text = format!(r#"{{"ref":"refs/tags/v1.0","object":{{"sha":"aa","type":"{kind}"}}}}"#);
        Box::leak(text.into_boxed_str())
    };
    let (client, seen) = always(200, &[], answer("tag"));
    assert!(matches!(client.tag_commit("v1.0").await, Err(Error::Malformed { .. })));
    assert_eq!(seen.lock().unwrap().len(), 9, "a circle of tags ends");
    let (client, _) = always(200, &[], answer("tree"));
    assert!(matches!(client.tag_commit("v1.0").await, Err(Error::Malformed { .. })));
    let (client, _) = always(200, &[], answer("commit"));
    assert_eq!(client.tag_commit("v1.0").await.unwrap().as_deref(), Some("aa"));
    assert!(matches!(client.tag_commit("v1").await, Err(Error::Malformed { .. })), "another reference");
}

#[tokio::test(start_paused = true)]
async fn redirects_of_a_download_that_are_not_followed() {
    let mut seen = Vec::new();
    for (location, status) in [("", 302), ("http://127.0.0.1:8080/again", 302), ("http://[", 307)] {
        let headers: &[(&str, &str)] = if location.is_empty() { &[] } else { &[("location", location)] };
        let leaked: &'static [(&'static str, &'static str)] = Box::leak(headers.to_vec().into_boxed_slice());
        let (client, _) = always(status, leaked, "");
        let error = client.download_asset(1, None, 9, &mut Vec::new()).await.unwrap_err();
        seen.push(error.to_string());
    }
    insta::assert_snapshot!(seen.join("\n"), @"
    could not download asset 1 of owner/demo: the answer is not understood: a redirect without saying where to
    could not download asset 1 of owner/demo: the answer is not understood: more than 5 redirects
    could not download asset 1 of owner/demo: the answer is not understood: a redirect without saying where to
    ");
}

#[tokio::test(start_paused = true)]
async fn a_download_does_not_leave_https() {
    let clock = Arc::new(VirtualClock::new(start()));
    let transport = MemoryTransport::new(clock.clone(), |request, _| {
        assert_eq!(request.uri().scheme_str(), Some("https"));
        Response::builder()
            .status(302)
            .header("location", "http://files.example/x")
            .body(Bytes::new())
            .unwrap()
    });
    let at = server("https://forge.example");
    let client = Client::new(Arc::new(transport), clock, at, repository(), None, Options::default());
    let error = client.download_asset(1, None, 9, &mut Vec::new()).await.unwrap_err();
    insta::assert_snapshot!(error, @"could not download asset 1 of owner/demo: the answer is not understood: a redirect from https to plain http");
}

/// The engine awaits these calls on a runtime with several threads.
#[test]
fn calls_can_cross_threads() {
    fn crosses<T: Send>(_: T) {}
    let (client, _) = always(200, &[], "");
    let mut sink = Vec::new();
    crosses(client.releases());
    crosses(client.tag_commit("v1.0"));
    crosses(client.create_draft(&draft("v1.0")));
    crosses(client.download_asset(1, None, 1, &mut sink));
    let name: RepositoryName = "a/b".parse().unwrap();
    crosses(name);
}
