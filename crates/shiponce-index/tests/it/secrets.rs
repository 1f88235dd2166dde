//! Secrets go where they were issued for, and into no text.

use std::sync::Arc;

use shiponce_core::redact::SecretString;
use shiponce_index::trusted::{IdentitySource, TrustedOptions, TrustedPublishing};
use shiponce_index::{AnswerClass, Credential, Freshness, Observer, ReadOptions, UploadOptions, Uploader};

use crate::lab::{File, answer, clock, demo, index, server, url, why};

const SECRET: &str = "hunter2-secret";

#[tokio::test(start_paused = true)]
async fn an_upload_credential_stays_home() {
    let clock = clock();
    let (transport, asked) = server(&clock, |_, _| answer(200, "", ""));
    let uploader = Uploader::new(transport, Arc::clone(&clock), UploadOptions::default());
    let file = File::wheel("a");
    for (upload, issued_for) in [
        ("http://index.example", "http://index.example"),
        ("https://index.example", "https://test.index.example"),
        ("https://index.example", "http://127.0.0.1:9"),
    ] {
        let index = index(upload);
        let credential = Credential::token(SecretString::from(SECRET), &url(issued_for));
        let answer = uploader.send(&index, &file.form(), file.body(), &credential, None).await;
        assert_eq!(answer.class, AnswerClass::NotSent, "{upload}");
        assert_eq!(answer.explanation.as_ref().unwrap().rule, "credential-kept");
        assert!(!format!("{answer:?} {credential:?} {index:?}").contains(SECRET));
    }
    assert!(asked.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn reads_carry_a_credential_only_when_one_is_for_reading() {
    let clock = clock();
    let (transport, asked) = server(&clock, |_, _| answer(404, "text/plain", "404 Not Found"));
    let observer = Observer::new(transport, Arc::clone(&clock), ReadOptions::default());
    let mut index = index("http://127.0.0.1:9");
    index.simple = Some(url(&format!("http://me:{SECRET}@127.0.0.1:9/simple/")));
    observer.read(&index, &demo(), Freshness::Bypass).await;
    assert!(asked.lock().unwrap().iter().all(|request| !request.headers().contains_key("authorization")));
    asked.lock().unwrap().clear();
    index.read_auth = Some(Credential::new("me", SecretString::from(SECRET), &index.upload));
    observer.read(&index, &demo(), Freshness::Bypass).await;
    assert!(asked.lock().unwrap().iter().all(|request| request.headers().contains_key("authorization")));
    assert_eq!(asked.lock().unwrap().len(), 2);
    // Another origin, and plain http elsewhere, get no request at all.
    for simple in ["http://127.0.0.1:10/simple/", "http://index.example/simple/"] {
        index.simple = Some(url(simple));
        let reading = observer.read(&index, &demo(), Freshness::Bypass).await;
        assert!(!why(&reading).contains(SECRET) && reading.listing().is_none());
        assert!(!format!("{reading:?} {index:?} {observer:?}").contains(SECRET));
    }
    assert_eq!(asked.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_private_index_that_hides_says_nothing_to_strangers() {
    let clock = clock();
    let (transport, _) = server(&clock, |request, _| match request.headers().contains_key("authorization") {
        true => answer(404, "application/json", r#"{"message":"404 Package Not Found"}"#),
        false => answer(404, "application/json", r#"{"message":"404 Project Not Found"}"#),
    });
    let observer = Observer::new(transport, Arc::clone(&clock), ReadOptions::default());
    let mut index = index("http://127.0.0.1:9");
    index.json = None;
    index.reads_need_auth = true;
    let stranger = observer.read(&index, &demo(), Freshness::Bypass).await;
    assert!(
        why(&stranger).contains("hides projects from readers without a credential"),
        "{}",
        why(&stranger)
    );
    index.read_auth = Some(Credential::new("me", SecretString::from(SECRET), &index.upload));
    let reader = observer.read(&index, &demo(), Freshness::Bypass).await;
    assert!(!reader.listing().unwrap().exists);
}

#[tokio::test(start_paused = true)]
async fn tokens_of_an_exchange_appear_in_no_text() {
    let clock = clock();
    let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJyZXBvc2l0b3J5Ijoib2N0by9kZW1vIn0.hunter2-signature";
    let (transport, _) = server(&clock, move |request, _| match request.uri().path() {
        "/_/oidc/audience" => answer(200, "application/json", r#"{"audience":"pypi"}"#),
        "/runner" => answer(200, "application/json", format!(r#"{{"value":"{jwt}"}}"#)),
        _ => answer(
            200,
            "application/json",
            format!(r#"{{"token":"pypi-{SECRET}","expires":1,"success":true}}"#),
        ),
    });
    let publishing = TrustedPublishing::new(transport, clock, TrustedOptions::default());
    let source = IdentitySource::GitHub {
        request_url: url("http://127.0.0.1:9/runner?api-version=2.0"),
        request_token: SecretString::from(SECRET),
    };
    let minted = publishing.mint(&index("http://127.0.0.1:9"), &source).await.unwrap();
    let shown = format!("{minted:?} {source:?} {publishing:?}");
    assert!(!shown.contains("hunter2") && !shown.contains("eyJ"), "{shown}");
    assert!(shown.contains("octo/demo"), "{shown}");
}
