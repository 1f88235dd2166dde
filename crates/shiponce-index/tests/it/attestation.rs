//! Attestations as they lie beside files, and what an index takes of them.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use shiponce_core::form::UploadForm;
use shiponce_index::AnswerClass;
use shiponce_index::attestation::{Attestation, AttestationError, Kind};
use shiponce_rehearsal::Attestation as Made;

use crate::lab::{File, WHEEL};
use crate::trusted::{github, publishing, registered};

fn honest() -> Made {
    Made::new("https://forge.example/octo/demo", &"ab".repeat(20))
}

/// The object of a file, with a say in it.
fn object(file: &File, change: impl FnOnce(&mut Value)) -> Value {
    let mut object = honest().object(&file.name, &file.sha256().to_string());
    change(&mut object);
    object
}

fn read(file: &File, object: &Value) -> Result<Attestation, AttestationError> {
    Attestation::read(object.to_string().as_bytes(), Kind::Publish, &file.name, file.sha256())
}

/// Something that is wrong with an object.
type Damage = fn(&mut Value);

/// Changes the statement inside the envelope.
fn statement(object: &mut Value, change: impl FnOnce(&mut Value)) {
    let text = &mut object["envelope"]["statement"];
    let mut inner: Value =
        serde_json::from_slice(&BASE64_STANDARD.decode(text.as_str().unwrap()).unwrap()).unwrap();
    change(&mut inner);
    *text = json!(BASE64_STANDARD.encode(inner.to_string()));
}

#[test]
fn an_honest_attestation_names_its_signer() {
    let file = File::wheel("a");
    let read = read(&file, &object(&file, |_| {})).unwrap();
    assert_eq!((read.kind(), read.signer().to_string().as_str()), (Kind::Publish, "release.yml @ octo/demo"));
    assert_eq!(Kind::of_name("a.whl.slsa.attestation"), Some((Kind::Slsa, "a.whl")));
    assert_eq!(Kind::of_name("a.whl"), None);
}

#[test]
fn what_nobody_would_verify_is_not_read() {
    let file = File::wheel("a");
    let damages: [(&str, Damage); 17] = [
        ("no attestation object", |o| o["extra"] = json!(1)),
        ("no attestation object", |o| o["envelope"]["more"] = json!("x")),
        ("no attestation object", |o| drop(o.as_object_mut().unwrap().remove("envelope"))),
        ("no attestation object", |o| *o = json!([o.clone()])),
        ("has the version 2", |o| o["version"] = json!(2)),
        ("no entry of a transparency log", |o| {
            o["verification_material"]["transparency_entries"] = json!([]);
        }),
        ("no entry of a transparency log", |o| {
            o["verification_material"]["transparency_entries"] = json!([1]);
        }),
        ("signature is empty", |o| o["envelope"]["signature"] = json!("")),
        ("signature is no base64", |o| o["envelope"]["signature"] = json!("?")),
        ("certificate cannot be read", |o| o["verification_material"]["certificate"] = json!("AAAA")),
        ("statement is malformed", |o| o["envelope"]["statement"] = json!("AAAA")),
        ("is of the type", |o| statement(o, |s| s["_type"] = json!("https://in-toto.io/Statement/v0.1"))),
        ("has 2 subjects", |o| statement(o, |s| s["subject"] = json!([s["subject"][0], s["subject"][0]]))),
        ("about other.whl", |o| statement(o, |s| s["subject"][0]["name"] = json!("other.whl"))),
        ("about other bytes, sha256 x", |o| {
            statement(o, |s| s["subject"][0]["digest"]["sha256"] = json!("x"));
        }),
        ("its name says a publish", |o| {
            statement(o, |s| s["predicateType"] = json!("https://slsa.dev/provenance/v1"));
        }),
        ("has a predicate", |o| statement(o, |s| s["predicate"] = json!({"a": 1}))),
    ];
    for (said, damage) in damages {
        let error = read(&file, &object(&file, damage)).unwrap_err();
        assert!(error.to_string().contains(said), "{said}: {error}");
    }
    let whole = object(&file, |_| {}).to_string();
    for end in 0..whole.len() {
        assert!(
            Attestation::read(&whole.as_bytes()[..end], Kind::Publish, &file.name, file.sha256()).is_err()
        );
    }
    assert!(Attestation::read(b"\xff", Kind::Publish, &file.name, file.sha256()).is_err());
}

/// What is read here is taken there, byte for byte; two of a kind and a foreign signer are not.
#[tokio::test(start_paused = true)]
async fn an_index_takes_what_was_read() {
    let lab = registered().await;
    let minted = publishing(&lab).mint(&lab.index, &github()).await.unwrap();
    let file = File::named("demo-1.0-1-py3-none-any.whl", "b");
    let good = read(&file, &object(&file, |_| {})).unwrap();
    let foreign = honest().from_workflow("ci.yml").object(&file.name, &file.sha256().to_string());
    let foreign = read(&file, &foreign).unwrap();
    assert!(good.signer().fits(&minted.claims).is_ok());
    assert_eq!(foreign.signer().fits(&minted.claims).unwrap_err().publisher, "release.yml");
    for (attestations, taken) in
        [(vec![foreign], false), (vec![good.clone(), good.clone()], false), (vec![good], true)]
    {
        let form = UploadForm { attestations: Attestation::field(&attestations), ..file.form() };
        let uploader = lab.uploader();
        let sent = uploader.send(&lab.index, &form, file.body(), &minted.credential, None);
        let answer = sent.await;
        assert_eq!(answer.class == AnswerClass::Accepted, taken, "{answer:?}");
    }
    let listed = lab.read().await.listing().unwrap().files.clone();
    assert!(listed[&file.name].provenance.is_some());
    assert!(listed[WHEEL].provenance.is_none());
    assert_eq!(listed.len(), 2);
}
