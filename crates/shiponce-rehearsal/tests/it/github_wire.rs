//! Limits, faults, conditional requests, and the check of what is said.

use serde_json::json;
use shiponce_rehearsal::{Moment, Observer};
use std::sync::{Arc, Mutex};

use crate::github_lab::{COMMIT, GithubLab, REPOSITORY, description};
use crate::lab::days;
use crate::wire::Request;

#[test]
fn every_kind_of_fault_does_to_github_what_it_says() {
    let statuses = |fault: &str| {
        let lab = GithubLab::new();
        lab.world.add_fault(fault.parse().unwrap());
        let body = json!({"tag_name": "v1.0.0", "draft": true});
        let raw = lab.json_request("POST", "/releases", &body).send_raw(&lab.server.base_url());
        let status = crate::wire::parse(&raw).map_or(0, |answer| answer.status);
        (status, lab.releases().len())
    };
    for (fault, status, made) in [
        ("github.create:1:500", 500, 0),
        ("github.create:1:502", 502, 0),
        ("github.any:1:503", 503, 0),
        ("any:1:429", 429, 0),
        ("github.create:1:502-stored", 502, 1),
        ("github.create:1:200-not-stored", 201, 0),
        ("github.create:1:read-only", 503, 0),
        ("github.create:1:captive-portal", 200, 0),
        ("github.create:1:unicorn", 200, 0),
        ("github.create:1:drop-before", 0, 0),
        ("github.create:1:drop-after", 0, 1),
        ("github.create:1:truncated", 0, 1),
        ("github.create:1:race", 500, 0),
        ("github.create:1:rate-limit=60", 403, 0),
        ("github.create:1:secondary-limit", 403, 0),
        ("github.create:1:new-projects-disabled", 201, 1),
        ("github.list:1:503", 201, 1),
        ("prod.any:1:503", 201, 1),
    ] {
        assert_eq!(statuses(fault), (status, made), "{fault}");
    }
}

#[test]
fn limits_say_when_to_come_back() {
    let lab = GithubLab::with(|config| {
        for fault in ["github.list:1:rate-limit=60", "github.list:2:secondary-limit+retry-after=7"] {
            config.fault(fault.parse().unwrap());
        }
        config.github.hourly_limit = 3;
    });
    let primary = lab.get("/releases");
    assert_eq!((primary.status, primary.header("x-ratelimit-remaining")), (403, Some("0")));
    let reset: i64 = primary.header("x-ratelimit-reset").unwrap().parse().unwrap();
    assert!((50..70).contains(&(reset - crate::lab::now().as_second())));
    let secondary = lab.get("/releases");
    assert_eq!((secondary.status, secondary.header("retry-after")), (403, Some("7")));
    assert!(secondary.json()["message"].as_str().unwrap().contains("secondary rate limit"));
    let left = |status: u16| {
        let answer = lab.get("/releases");
        assert_eq!(answer.status, status);
        answer.header("x-ratelimit-remaining").unwrap().to_owned()
    };
    assert_eq!([left(200), left(200), left(200), left(403)], ["2", "1", "0", "0"]);
    lab.world.advance(days(1));
    assert_eq!(left(200), "2");
}

#[test]
fn a_page_that_did_not_change_is_not_sent_again() {
    let lab = GithubLab::new();
    lab.draft();
    let first = lab.get("/releases");
    let etag = first.header("etag").unwrap().to_owned();
    let again = lab.send(&lab.request("GET", "/releases").header("If-None-Match", &etag));
    assert_eq!((again.status, again.body.len()), (304, 0));
    lab.draft();
    assert_eq!(lab.send(&lab.request("GET", "/releases").header("If-None-Match", &etag)).status, 200);
}

#[test]
fn what_every_request_must_carry() {
    let lab = GithubLab::new().unchecked();
    let path = format!("/github/api/v3/repos/{REPOSITORY}");
    assert_eq!(lab.send(&Request::get(&path)).status, 403, "no User-Agent");
    let version =
        |version: &str| lab.send(&lab.request("GET", "").header("X-GitHub-Api-Version", version)).status;
    assert_eq!((version("2022-11-28"), version("1999-01-01")), (200, 400));
    assert_eq!(lab.get("/no/such/thing").status, 404);
    assert_eq!(lab.post("/releases", &json!(["v1.0.0"])).status, 400);
    assert_eq!(lab.post("/releases", &json!({"draft": true})).status, 422);
    assert_eq!(lab.post("/releases", &json!({"tag_name": "v1.0.0", "draft": "yes"})).status, 422);
    assert_eq!(lab.post("/releases", &json!({"tag_name": "v1.0.0", "make_latest": "maybe"})).status, 422);
}

#[test]
fn an_observer_sees_writes_before_and_after_their_effect() {
    let lab = GithubLab::new();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (into, world) = (seen.clone(), lab.world.clone());
    lab.world.on_request(Observer::new(move |moment, entry| {
        let made = world.releases(REPOSITORY).len();
        into.lock().unwrap().push((moment, entry.route.word(), entry.repository.clone(), made));
    }));
    lab.draft();
    let repository = Some(REPOSITORY.to_owned());
    let expected = [
        (Moment::BeforeEffect, "github.create", repository.clone(), 0),
        (Moment::AfterEffect, "github.create", repository, 1),
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[test]
fn the_check_finds_requests_that_github_does_not_describe() {
    let lab = GithubLab::new().unchecked();
    lab.post("/releases", &json!({"tag_name": "v1.0.0", "make_latest": "true", "draft": "yes", "marker": 1}));
    lab.get("/releases?per_page=many&order=asc");
    lab.get("/releases/drafts");
    lab.send(&lab.request("POST", "/releases").body(json!({"tag_name": "v1.0.0"}).to_string()));
    let problems = lab.problems();
    for part in [
        "\"yes\" is not of type",
        "'marker' was unexpected",
        "query parameter per_page: \"many\" is not of type \"integer\"",
        "query parameter order is not described",
        "does not say that it is application/json",
    ] {
        assert!(problems.contains(part), "{part} is not in\n{problems}");
    }
}

#[test]
fn the_check_finds_answers_that_github_does_not_describe() {
    let lab = GithubLab::new();
    lab.draft();
    let exchange = lab.world.exchanges().pop().unwrap();
    let described = description();
    let found = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut body: serde_json::Value = serde_json::from_slice(exchange.response.body()).unwrap();
        change(&mut body);
        let mut response = exchange.response.clone();
        *response.body_mut() = body.to_string().into();
        described.check(&exchange.request, Some(&response)).join("\n")
    };
    assert_eq!(found(&|_| {}), "");
    assert!(found(&|body| body["upload_url"] = json!(null)).contains("/upload_url: null is not of type"));
    assert!(found(&|body| body["created_at"] = json!("yesterday")).contains("date-time"));
    assert!(found(&|body| body["sha"] = json!(COMMIT)).contains("'sha' was unexpected"));
    assert_eq!(found(&|body| body["name"] = json!(null)), "", "a name may be null");
    let without = |body: &mut serde_json::Value| drop(body.as_object_mut().unwrap().remove("author"));
    assert!(found(&without).contains("\"author\" is a required property"));
    let mut response = exchange.response.clone();
    *response.status_mut() = http::StatusCode::ACCEPTED;
    assert!(described.check(&exchange.request, Some(&response))[0].ends_with("status 202 is not described"));
}
