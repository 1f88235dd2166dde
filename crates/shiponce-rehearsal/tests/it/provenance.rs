//! Attestations that come with an upload, and the provenance that is served for them.

use serde_json::{Value, json};
use shiponce_rehearsal::{Attestation, Index};

use crate::lab::{Lab, demo, now, project, row};
use crate::wire::{Answer, Form, Request};

const WHEEL: &str = "tpkg-1.0-py3-none-any.whl";
const JSON: &str = "application/vnd.pypi.integrity.v1+json";

fn minted(lab: &Lab) -> String {
    lab.world.create_project(Index::Pypi, "tpkg", "alice", now());
    let claims = lab.world.identity_claims("pypi", now());
    let body = json!({"token": lab.world.sign_identity(&claims)}).to_string();
    let answer = lab.send(&Request::new("POST", "/prod/_/oidc/mint-token").body(body));
    answer.json()["token"].as_str().unwrap().to_owned()
}

fn honest() -> Attestation {
    Attestation::new("https://forge.example/octo/demo", &"ab".repeat(20))
}

fn attested(form: &Form, attestations: &[Value]) -> Form {
    form.clone().set("attestations", &Value::from(attestations).to_string())
}

fn sha256(form: &Form) -> String {
    form.value("sha256_digest").unwrap().to_owned()
}

fn get(lab: &Lab, path: &str, accept: &str) -> Answer {
    lab.send(&Request::get(path).header("Accept", accept))
}

#[test]
fn an_upload_brings_its_attestations_and_the_index_serves_them() {
    let lab = Lab::with_demo();
    let token = minted(&lab);
    let form = project("tpkg", "1.0", "");
    let object = honest().object(WHEEL, &sha256(&form));
    let up = |attestations: &[Value]| {
        attested(&form, attestations).post("/prod/legacy/").basic("__token__", &token)
    };
    let other = honest().about("other.whl").object(WHEEL, &sha256(&form));
    let bytes = honest().about_bytes(&"00".repeat(32)).object(WHEEL, &sha256(&form));
    let caller = honest().from_workflow("ci.yml").object(WHEEL, &sha256(&form));
    let unverified = "Invalid attestations supplied during upload: Could not verify the uploaded artifact using the included attestation";
    lab.run(vec![
        row(
            "another name",
            up(&[other]),
            400,
            format!("{unverified}: subject does not match distribution name"),
        ),
        row(
            "other bytes",
            up(&[bytes]),
            400,
            format!("{unverified}: subject does not match distribution digest"),
        ),
        row(
            "another workflow file",
            up(&[caller]),
            400,
            format!(
                "{unverified}: Verification failed: Certificate's Build Config URI \
                 (https://forge.example/octo/demo/.github/workflows/ci.yml@refs/tags/v1) does not match expected \
                 Trusted Publisher (release.yml @ octo/demo)"
            ),
        ),
        row("accepted", up(std::slice::from_ref(&object)), 200, "OK"),
    ]);
    let path = format!("/prod/integrity/tpkg/1.0/{WHEEL}/provenance");
    let page = get(&lab, "/prod/simple/tpkg/", "application/vnd.pypi.simple.v1+json").json();
    assert_eq!(page["files"][0]["provenance"], format!("{}{path}", lab.server.base_url()));
    let html = get(&lab, "/prod/simple/tpkg/", "text/html").text();
    assert!(html.contains(&format!("data-provenance=\"{}{path}\"", lab.server.base_url())), "{html}");
    let served = get(&lab, &path, JSON);
    assert_eq!((served.status, served.header("content-type")), (200, Some(JSON)));
    let publisher = json!({
        "environment": "release", "kind": "GitHub", "repository": "octo/demo", "workflow": "release.yml",
    });
    let bundle = json!({"attestations": [object], "publisher": publisher});
    assert_eq!(served.json(), json!({"attestation_bundles": [bundle], "version": 1}));
}

#[test]
fn there_is_none_it_is_switched_off_or_it_is_wanted_in_another_form() {
    let lab = Lab::with_demo();
    let name = "demo-1.0-py3-none-any.whl";
    let path = format!("/prod/integrity/demo/1.0/{name}/provenance");
    let page = get(&lab, "/prod/simple/demo/", "application/vnd.pypi.simple.v1+json").json();
    assert_eq!(page["files"][0]["provenance"], Value::Null);
    let none = get(&lab, &path, JSON);
    assert_eq!(none.status, 404);
    assert_eq!(none.json(), json!({"message": format!("No provenance available for {name}")}));
    assert_eq!(get(&lab, "/prod/integrity/demo/2.0/x.whl/provenance", JSON).status, 404);
    assert!(!lab.world.attest(Index::Pypi, "demo", "x.whl", Some(&honest()), now()));
    assert!(lab.world.attest(Index::Pypi, "demo", name, Some(&honest()), now()));
    assert_eq!(get(&lab, &path, "application/json").status, 200);
    let refused = get(&lab, &path, "text/html");
    assert_eq!((refused.status, refused.json()), (406, json!({"message": "Request not acceptable"})));
    lab.world.switch(Index::Pypi, |switches| switches.attestations_disabled = true);
    let off = get(&lab, &path, JSON);
    assert_eq!((off.status, off.json()), (403, json!({"message": "Attestations temporarily disabled"})));
    // A person's token brings none at all.
    let form = demo("1.1", "");
    let object = honest().object("demo-1.1-py3-none-any.whl", &sha256(&form));
    assert_eq!(lab.send(&lab.upload(&attested(&form, &[object]))).status, 400);
}
