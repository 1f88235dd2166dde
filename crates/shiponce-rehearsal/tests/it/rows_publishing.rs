//! Trusted publishing.

use serde_json::{Value, json};
use shiponce_rehearsal::{Index, Publisher};

use crate::lab::{Lab, demo, now, project, row};
use crate::wire::{Answer, Form, Request};

fn lab() -> Lab {
    let lab = Lab::with_demo();
    lab.world.create_project(Index::Pypi, "tpkg", "alice", now());
    lab.world.register(Index::Pypi, Publisher::new("newtp", "octo/demo", "first.yml").pending());
    lab
}

fn mint(lab: &Lab, token: &str) -> Answer {
    let body = json!({"token": token}).to_string();
    lab.send(&Request::new("POST", "/prod/_/oidc/mint-token").body(body))
}

/// Mints with changed claims.
fn changed(lab: &Lab, change: impl FnOnce(&mut Value)) -> Answer {
    let mut claims = lab.world.identity_claims("pypi", now());
    change(&mut claims);
    mint(lab, &lab.world.sign_identity(&claims))
}

fn without(lab: &Lab, names: &[&str]) -> Answer {
    changed(lab, |claims| {
        for name in names {
            claims.as_object_mut().unwrap().remove(*name);
        }
    })
}

fn refused(id: &str, answer: &Answer, code: &str, description: &str) {
    let errors = json!([{"code": code, "description": description}]);
    let body = json!({"errors": errors, "message": "Token request failed"});
    assert_eq!((answer.status, answer.text()), (422, body.to_string()), "{id}");
}

fn minted(id: &str, answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{id}: {}", answer.text());
    let body = answer.json();
    assert_eq!(body["success"], true, "{id}");
    assert!((body["expires"].as_i64().unwrap() - now().as_second() - 900).abs() < 30, "{id}");
    body["token"].as_str().unwrap().to_owned()
}

#[test]
fn payloads() {
    let lab = lab();
    let audience = lab.send(&Request::get("/prod/_/oidc/audience"));
    assert_eq!((audience.status, audience.text().as_str()), (200, r#"{"audience":"pypi"}"#), "O1");
    assert_eq!(lab.send(&Request::get("/test/_/oidc/audience")).text(), r#"{"audience":"testpypi"}"#);
    assert_eq!(lab.send(&Request::get("/prod/_/oidc/github/audience")).status, 404, "O1b");
    let post = |body: &str| lab.send(&Request::new("POST", "/prod/_/oidc/mint-token").body(body));
    let page = "For further information visit https://errors.pydantic.dev/2.13/v";
    let payload = "invalid-payload";
    refused(
        "O2",
        &post(""),
        payload,
        &format!(
            "1 validation error for TokenPayload\n  Invalid JSON: EOF while parsing a value at line 1 column 0 [type=json_invalid, input_value=b'', input_type=bytes]\n    {page}/json_invalid"
        ),
    );
    refused(
        "O3",
        &post("{}"),
        payload,
        &format!(
            "1 validation error for TokenPayload\ntoken\n  Field required [type=missing, input_value={{}}, input_type=dict]\n    {page}/missing"
        ),
    );
    refused(
        "O4",
        &post("{\"token\":1}"),
        payload,
        &format!(
            "1 validation error for TokenPayload\ntoken\n  Input should be a valid string [type=string_type, input_value=1, input_type=int]\n    {page}/string_type"
        ),
    );
    refused("O5", &mint(&lab, "not-a-jwt"), payload, "malformed JWT");
    assert_eq!(lab.send(&Request::get("/prod/_/oidc/mint-token")).status, 405, "O6");
    refused(
        "O7",
        &changed(&lab, |c| c["iss"] = json!("https://issuer.example")),
        payload,
        "unknown trusted publishing issuer",
    );
    refused("O8", &without(&lab, &["iss"]), payload, "malformed JWT");
}

#[test]
fn tokens_that_are_not_valid() {
    let lab = lab();
    let good = lab.world.sign_identity(&lab.world.identity_claims("pypi", now()));
    let parts: Vec<&str> = good.split('.').collect();
    let with_header = |header: &Value| {
        use base64::Engine as _;
        let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(header.to_string());
        format!("{header}.{}.{}", parts[1], parts[2])
    };
    let invalid =
        |id: &str, answer: &Answer| refused(id, answer, "invalid-token", "malformed or invalid token");
    invalid("O9", &mint(&lab, &with_header(&json!({"alg": "RS256", "kid": "another"}))));
    invalid("O10", &mint(&lab, &with_header(&json!({"alg": "RS256"}))));
    invalid("O11", &mint(&lab, &format!("{}.{}.{}", parts[0], parts[1], "c2lnbmVkIGJ5IGFub3RoZXI")));
    invalid("O12", &changed(&lab, |c| c["exp"] = json!(now().as_second() - 300)));
    invalid("O13", &changed(&lab, |c| c["aud"] = json!("testpypi")));
    invalid("O14", &changed(&lab, |c| c["aud"] = json!(["pypi", "testpypi"])));
}

#[test]
fn publishers_that_do_not_match() {
    let lab = lab();
    let unmatched = |id: &str, answer: &Answer, why: &str| {
        refused(
            id,
            answer,
            "invalid-publisher",
            &format!("valid token, but no corresponding publisher ({why})"),
        );
    };
    let unknown = "Publisher with matching claims was not found";
    let other = "octo/demo/.github/workflows/other.yml@refs/tags/v1";
    unmatched("O15", &changed(&lab, |c| c["job_workflow_ref"] = json!(other)), unknown);
    unmatched("O16", &changed(&lab, |c| c["repository"] = json!("octo/other")), unknown);
    unmatched("O17", &changed(&lab, |c| c["environment"] = json!("staging")), unknown);
    unmatched("O18", &without(&lab, &["environment"]), unknown);
    unmatched("O19", &changed(&lab, |c| c["repository_owner_id"] = json!("666")), unknown);
    unmatched("O20", &without(&lab, &["ref", "sha"]), "Missing claim 'sha'");
    unmatched(
        "O20b",
        &changed(&lab, |c| c["event_name"] = json!("pull_request_target")),
        "Publishing from a workflow invoked via 'pull_request_target' is not supported.",
    );
    minted("O20c", &without(&lab, &["sub"]));
}

#[test]
fn a_minted_token_serves_its_project() {
    let lab = lab();
    let jwt = lab.world.sign_identity(&lab.world.identity_claims("pypi", now()));
    let token = minted("O21", &mint(&lab, &jwt));
    refused("O22", &mint(&lab, &jwt), "invalid-reuse-token", "invalid token: already used");
    let fresh = lab.world.sign_identity(&lab.world.identity_claims("pypi", now()));
    let body = json!({"token": fresh}).to_string();
    minted("O23", &lab.send(&Request::new("POST", "/prod/_/oidc/github/mint-token").body(body)));
    let up = |form: &Form| form.post("/prod/legacy/").basic("__token__", &token);
    let scoped = "OIDC scoped token is not valid for project 'demo', project-scoped token is not valid for project: 'demo'";
    lab.run(vec![
        row("O24", up(&project("tpkg", "1.0", "")), 200, "OK"),
        row("O25", up(&project("tpkg", "1.1", "")), 200, "OK"),
        row("O26", up(&demo("1.1", "")), 403, format!("Invalid API Token: {scoped}, {scoped}")),
        row("O27", up(&project("unheard-of", "1.0", "")), 400, "Non-user identities cannot create new projects. This was probably caused by successfully using a pending publisher but specifying the project name incorrectly (either in the publisher or in your project's metadata). Please ensure that both match. See: <PyPI docs>/trusted-publishers/troubleshooting/"),
        row("O28", up(&project("tpkg", "1.2", "").set("attestations", "not json")), 500, "Internal Server Error"),
        row("O29", up(&project("tpkg", "1.2", "").set("attestations", "[]")), 400, "Invalid attestations supplied during upload: Malformed attestations: an empty attestation set is not permitted"),
        row("O30", up(&project("tpkg", "1.0", "")), 200, "OK"),
    ]);
    lab.world.advance(jiff::SignedDuration::from_secs(901));
    lab.run(vec![row(
        "after 900 s",
        up(&project("tpkg", "1.2", "")),
        403,
        "Invalid API Token: token is expired, token is expired",
    )]);
}

#[test]
fn a_pending_publisher_creates_its_project_when_it_mints() {
    let lab = lab();
    let first =
        |c: &mut Value| c["job_workflow_ref"] = json!("octo/demo/.github/workflows/first.yml@refs/tags/v1");
    let json = || lab.send(&Request::get("/prod/pypi/newtp/json"));
    assert_eq!((json().status, json().text().as_str()), (404, r#"{"message": "Not Found"}"#), "O31a");
    let token = minted("O31", &changed(&lab, first));
    assert_eq!((json().status, json().text().as_str()), (404, r#"{"message": "Not Found"}"#), "O32a");
    assert_eq!(lab.send(&Request::get("/prod/simple/newtp/")).status, 200, "O32b");
    let upload = project("newtp", "1.0", "").post("/prod/legacy/").basic("__token__", &token);
    assert_eq!(lab.send(&upload).status, 200, "O33");
    minted("O34", &changed(&lab, first));
}

#[test]
fn switched_off() {
    let lab = lab();
    let audience = || lab.send(&Request::get("/prod/_/oidc/audience"));
    let disabled = "github trusted publishing functionality not enabled";
    lab.world.switch(Index::Pypi, |s| s.oidc_disabled = true);
    refused("O35disallow-oidc", &changed(&lab, |_| {}), "not-enabled", disabled);
    assert_eq!(
        (audience().status, audience().text().as_str()),
        (403, r#"{"message":"Trusted publishing functionality not enabled"}"#),
        "O36disallow-oidc"
    );
    lab.world.switch(Index::Pypi, |s| {
        s.oidc_disabled = false;
        s.github_oidc_disabled = true;
    });
    refused("O35disallow-github-oidc", &changed(&lab, |_| {}), "not-enabled", disabled);
    assert_eq!(
        (audience().status, audience().text().as_str()),
        (200, r#"{"audience":"pypi"}"#),
        "O36disallow-github-oidc"
    );
}

#[test]
fn mints_in_parallel() {
    let lab = lab();
    let statuses = |tokens: Vec<String>| -> Vec<u16> {
        let lab = &lab;
        std::thread::scope(|scope| {
            let threads: Vec<_> =
                tokens.into_iter().map(|token| scope.spawn(move || mint(lab, &token).status)).collect();
            let mut all: Vec<u16> = threads.into_iter().map(|t| t.join().unwrap()).collect();
            all.sort_unstable();
            all
        })
    };
    let jwt = || lab.world.sign_identity(&lab.world.identity_claims("pypi", now()));
    assert_eq!(statuses((0..8).map(|_| jwt()).collect()), [200; 8], "OP, different tokens");
    assert_eq!(statuses(vec![jwt(); 8]), [200, 422, 422, 422, 422, 422, 422, 422], "OP, one token");
}

#[test]
fn the_runner_wants_its_bearer_and_names_the_audience() {
    let lab = lab();
    let ask = |bearer: &str| {
        lab.send(&Request::get("/runner/token?api-version=2&audience=pypi").header("Authorization", bearer))
    };
    assert_eq!(ask("bearer wrong").status, 401);
    let value = ask("bearer runner-bearer").json()["value"].as_str().unwrap().to_owned();
    let token = minted("from the runner", &mint(&lab, &value));
    let burn = Request::new("POST", "/prod/_/oidc/burn-token").body(json!({"token": token}).to_string());
    assert_eq!(lab.send(&burn).status, 202);
    let upload = project("tpkg", "1.0", "").post("/prod/legacy/").basic("__token__", &token);
    assert_eq!(lab.send(&upload).status, 403, "a burned token is unknown");
}
