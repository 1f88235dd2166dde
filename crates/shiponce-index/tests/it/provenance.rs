//! Where published files come from, as the index vouches.

use std::sync::Arc;

use bytes::Bytes;
use shiponce_core::observation::RemoteFile;
use shiponce_core::provenance::{Claim, Source, Untied, tied};
use shiponce_index::{AnswerClass, Observer, Provenance, ReadOptions};
use shiponce_rehearsal::{Attestation, Index as Which, RouteKind};

use crate::lab::{File, Lab, WHEEL, answer, clock, index, server};

const REPOSITORY: &str = "https://forge.example/octo/demo";
const INTEGRITY: &str = "application/vnd.pypi.integrity.v1+json";

fn commit() -> String {
    "ab".repeat(20)
}

fn source() -> Source {
    Source { commit: commit(), repositories: vec!["git@forge.example:octo/demo.git".to_owned()] }
}

/// One published wheel with this attestation, as the listing shows it.
async fn published(lab: &Lab, attestation: Option<&Attestation>) -> RemoteFile {
    assert_eq!(lab.upload(&File::wheel("a")).await.class, AnswerClass::Accepted);
    assert!(lab.world.attest(Which::Pypi, "demo", WHEEL, attestation, lab.clock.now()));
    lab.read().await.listing().unwrap().files[WHEEL].clone()
}

async fn read(lab: &Lab, file: &RemoteFile) -> Provenance {
    lab.observer().provenance(&lab.index, file).await
}

fn claims(provenance: Provenance) -> Vec<Claim> {
    match provenance {
        Provenance::Claims(claims) => claims,
        other => panic!("no claims: {other:?}"),
    }
}

async fn judged(attestation: Attestation) -> Result<(), Untied> {
    let lab = Lab::new();
    let file = published(&lab, Some(&attestation)).await;
    tied(WHEEL, file.sha256, &claims(read(&lab, &file).await), &source())
}

#[tokio::test(start_paused = true)]
async fn an_attested_file_is_tied_to_its_commit() {
    let lab = Lab::new();
    let file = published(&lab, Some(&Attestation::new(REPOSITORY, &commit()))).await;
    let claims = claims(read(&lab, &file).await);
    let [claim] = &claims[..] else { panic!("{claims:?}") };
    assert_eq!((claim.filename.as_str(), Some(claim.sha256)), (WHEEL, file.sha256));
    assert_eq!(claim.publisher.as_deref(), Some("octo/demo"));
    let origin = claim.origin.as_ref().unwrap();
    assert_eq!((origin.repository.as_str(), origin.reference.as_deref()), (REPOSITORY, Some("refs/tags/v1")));
    assert_eq!(tied(WHEEL, file.sha256, &claims, &source()), Ok(()));
    assert_eq!(lab.requests(RouteKind::Provenance).len(), 1);
    assert_eq!(judged(Attestation::new(REPOSITORY, &commit()).without_reference()).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_file_of_another_commit_repository_or_publisher_is_not() {
    let at = |repository: &str| Attestation::new(repository, &commit());
    assert!(matches!(
        judged(Attestation::new(REPOSITORY, &"cd".repeat(20))).await,
        Err(Untied::OtherCommit { .. })
    ));
    assert!(matches!(
        judged(at("https://forge.example/octo/fork")).await,
        Err(Untied::OtherRepository { .. })
    ));
    assert!(matches!(
        judged(at("https://evil.example/octo/demo")).await,
        Err(Untied::OtherRepository { .. })
    ));
    assert!(matches!(
        judged(at(REPOSITORY).published_by("octo/fork")).await,
        Err(Untied::Contradiction { .. })
    ));
    assert!(matches!(judged(at(REPOSITORY).about("x.whl")).await, Err(Untied::OtherFile { .. })));
    assert!(matches!(
        judged(at(REPOSITORY).about_bytes(&"00".repeat(32))).await,
        Err(Untied::OtherBytes { .. })
    ));
    assert!(matches!(judged(at(REPOSITORY).without_commit()).await, Err(Untied::NoOrigin)));
}

#[tokio::test(start_paused = true)]
async fn without_provenance_nothing_is_asked() {
    let lab = Lab::new();
    let file = published(&lab, None).await;
    assert_eq!(file.provenance, None);
    assert_eq!(read(&lab, &file).await, Provenance::None);
    assert_eq!(lab.requests(RouteKind::Provenance).len(), 0);
}

#[tokio::test(start_paused = true)]
async fn provenance_that_cannot_be_read_is_not_none() {
    for (fault, said) in [("provenance:*:503", "answered 503"), ("provenance:*:drop-before", "of 4 attempts")]
    {
        let lab = Lab::new();
        let file = published(&lab, Some(&Attestation::new(REPOSITORY, &commit()))).await;
        lab.fault(fault);
        let Provenance::Unread { why } = read(&lab, &file).await else { panic!("{fault}") };
        assert!(why.contains(said), "{why}");
        assert_eq!(lab.requests(RouteKind::Provenance).len(), 4, "{fault}");
    }
    let lab = Lab::new();
    let file = published(&lab, Some(&Attestation::new(REPOSITORY, &commit()))).await;
    lab.world.switch(Which::Pypi, |switches| switches.attestations_disabled = true);
    let Provenance::Unread { why } = read(&lab, &file).await else { panic!() };
    assert!(why.contains("answered 403"), "{why}");
    assert!(lab.world.attest(Which::Pypi, "demo", WHEEL, None, lab.clock.now()));
    lab.world.switch(Which::Pypi, |switches| switches.attestations_disabled = false);
    let Provenance::Unread { why } = read(&lab, &file).await else { panic!() };
    assert!(why.contains("answered 404 Not Found, and the index lists it"), "{why}");
}

/// What a hand-made server's answer under a listed address is taken for, and how often it was asked.
async fn answered(address: &str, kind: &'static str, body: Bytes) -> (Provenance, usize) {
    let clock = clock();
    let (transport, asked) = server(&clock, move |_, _| answer(200, kind, body.clone()));
    let observer = Observer::new(transport, Arc::clone(&clock), ReadOptions::default());
    let file = RemoteFile {
        filename: WHEEL.to_owned(),
        sha256: None,
        size: None,
        uploaded_at: None,
        yanked: None,
        url: None,
        provenance: Some(address.to_owned()),
    };
    let read = observer.provenance(&index("http://127.0.0.1:1"), &file).await;
    let asked = asked.lock().unwrap().len();
    (read, asked)
}

#[tokio::test(start_paused = true)]
async fn only_the_index_itself_is_asked() {
    for address in ["https://127.0.0.1:1/p", "http://127.0.0.1:2/p", "http://evil.example/p", "data:,x", "p"]
    {
        let (read, asked) = answered(address, INTEGRITY, Bytes::new()).await;
        assert!(matches!(read, Provenance::Unread { .. }), "{read:?}");
        assert_eq!(asked, 0, "{address}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_understood_is_unread() {
    let whole = {
        let lab = Lab::new();
        let file = published(&lab, Some(&Attestation::new(REPOSITORY, &commit()))).await;
        let request = http::Request::get(file.provenance.unwrap()).body(Bytes::new()).unwrap();
        let body = lab.world.handle(request, lab.clock.now()).into_body();
        String::from_utf8(body.to_vec()).unwrap()
    };
    let of = |body: &str, kind: &'static str| {
        let body = Bytes::from(body.to_owned());
        async move { answered("http://127.0.0.1:1/p", kind, body).await.0 }
    };
    assert!(matches!(of(&whole, INTEGRITY).await, Provenance::Claims(_)));
    assert!(matches!(of(&whole, "application/json").await, Provenance::Claims(_)));
    assert!(matches!(of(&whole, "text/html").await, Provenance::Unread { .. }));
    for end in (0..whole.len()).step_by(97) {
        assert!(matches!(of(&whole[..end], INTEGRITY).await, Provenance::Unread { .. }), "{end}");
    }
    let certificate = whole.split("\"certificate\":\"").nth(1).unwrap().split('"').next().unwrap();
    for (from, to) in [
        ("\"version\":1}", "\"version\":2}"),
        ("attestation_bundles", "bundles"),
        ("\"statement\":\"", "\"statement\":\"?"),
        (certificate, "MAA="),
        (certificate, &certificate[..certificate.len() / 4 * 2]),
    ] {
        let damaged = whole.replace(from, to);
        assert_ne!(damaged, whole);
        assert!(matches!(of(&damaged, INTEGRITY).await, Provenance::Unread { .. }), "{to}");
    }
}
