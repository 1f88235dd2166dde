//! Releases: drafts, publishing, the list, the latest one.

use serde_json::json;
use shiponce_rehearsal::{GithubToken, HandMade, Lag, Refs, Tag, TokenKind};

use crate::github_lab::{COMMIT, GithubLab, REPOSITORY, error_of};
use crate::lab::days;

#[test]
fn a_draft_is_invisible_by_its_tag_and_makes_none() {
    let lab = GithubLab::with(|config| {
        config.github.repository(REPOSITORY).branch("main", &"b".repeat(40));
    });
    let made = lab.post("/releases", &json!({"tag_name": "v2.0.0", "draft": true, "name": "Two"}));
    assert_eq!(made.status, 201);
    let release = made.json();
    let id = release["id"].as_u64().unwrap();
    assert!(made.header("location").unwrap().ends_with(&format!("/releases/{id}")));
    assert!(release["html_url"].as_str().unwrap().contains("/releases/tag/untagged-"));
    assert_eq!(release["published_at"], json!(null));
    assert_eq!(lab.get("/releases/tags/v2.0.0").status, 404);
    assert_eq!(lab.get("/git/ref/tags/v2.0.0").status, 404);
    assert_eq!(lab.get("/releases/latest").status, 404);
    assert_eq!(lab.get(&format!("/releases/{id}")).status, 200);
    assert_eq!(lab.get("/releases").json().as_array().unwrap().len(), 1);
    let anonymous = |path: &str| lab.send(&lab.anonymous("GET", path));
    assert_eq!(anonymous(&format!("/releases/{id}")).status, 404);
    assert_eq!(anonymous("/releases").json(), json!([]));
    let published = lab.patch(&format!("/releases/{id}"), &json!({"draft": false}));
    assert_eq!((published.status, &published.json()["draft"]), (200, &json!(false)));
    assert_eq!(lab.repository(|r| r.tag_commit("v2.0.0")), Some("b".repeat(40)));
    assert_eq!(anonymous("/releases/tags/v2.0.0").json()["id"], id);
    assert_eq!(anonymous("/releases/latest").json()["id"], id);
    assert_eq!(lab.world.github_writes(), 2);
}

#[test]
fn two_drafts_of_one_tag_live_beside_each_other_and_one_is_published() {
    let lab = GithubLab::new();
    let (first, second) = (lab.draft(), lab.draft());
    assert!(first < second);
    let publish = json!({"draft": false, "make_latest": "true"});
    assert_eq!(lab.patch(&format!("/releases/{first}"), &publish).status, 200);
    let refused = lab.patch(&format!("/releases/{second}"), &publish);
    assert_eq!((refused.status, error_of(&refused)), (422, "already_exists".to_owned()));
    assert_eq!(lab.delete(&format!("/releases/{second}")).status, 204);
    assert_eq!(lab.delete(&format!("/releases/{second}")).status, 404);
    assert_eq!(lab.releases().len(), 1);
}

#[test]
fn the_list_comes_in_pages_newest_first() {
    let lab = GithubLab::new();
    lab.repository(|repository| {
        for number in 0..7 {
            repository.release_by_hand(HandMade::new(&format!("v0.{number}.0")));
        }
    });
    let page = |query: &str| {
        let answer = lab.get(&format!("/releases{query}"));
        let releases = answer.json();
        let tags = releases.as_array().unwrap().iter().map(|r| r["tag_name"].as_str().unwrap().to_owned());
        (tags.collect::<Vec<_>>(), answer.header("link").unwrap_or_default().to_owned())
    };
    let (tags, link) = page("?per_page=3");
    assert_eq!(tags, ["v0.6.0", "v0.5.0", "v0.4.0"]);
    let base = format!("{}/repos/{REPOSITORY}/releases", lab.server.github().api());
    assert_eq!(
        link,
        format!("<{base}?per_page=3&page=2>; rel=\"next\", <{base}?per_page=3&page=3>; rel=\"last\"")
    );
    let (tags, link) = page("?per_page=3&page=3");
    assert_eq!(tags, ["v0.0.0"]);
    assert!(link.contains("rel=\"prev\"") && !link.contains("rel=\"next\""));
    assert_eq!(page("").0.len(), 7);
}

#[test]
fn the_list_lags_after_a_release_is_made_and_the_release_is_there() {
    let lab = GithubLab::with(|config| {
        config.fault("github.list:*:stale=2".parse().unwrap());
    });
    let id = lab.draft();
    let count = || lab.get("/releases").json().as_array().unwrap().len();
    assert_eq!((count(), count(), count()), (0, 0, 1));
    assert_eq!(lab.get(&format!("/releases/{id}")).status, 200);
    lab.repository(|r| {
        r.list_lag(Lag::For(std::time::Duration::from_secs(3600)));
    });
    lab.draft();
    assert_eq!(count(), 1);
    lab.world.advance(days(1));
    assert_eq!(count(), 2);
}

#[test]
fn publishing_needs_a_tag_or_a_place_for_one() {
    let lab = GithubLab::new();
    let make = |tag: &str, target: &str| {
        let body = json!({"tag_name": tag, "target_commitish": target, "draft": true});
        lab.post("/releases", &body).json()["id"].as_u64().unwrap()
    };
    let publish = |id: u64| lab.patch(&format!("/releases/{id}"), &json!({"draft": false}));
    let lost = publish(make("v3", "no-such-branch"));
    assert_eq!((lost.status, error_of(&lost)), (422, "invalid".to_owned()));
    let odd = publish(make("v 3", "main"));
    assert_eq!((odd.status, error_of(&odd)), (422, "tag_name is not a valid tag".to_owned()));
    // The target is only looked at when there is no tag.
    assert_eq!(publish(make("v1.0.0", "no-such-branch")).status, 200);
    assert_eq!(lab.repository(|r| r.tag_commit("v1.0.0")).as_deref(), Some(COMMIT));
}

#[test]
fn tags_come_from_the_callers_own_repository() {
    let object = "c".repeat(40);
    let tags = object.clone();
    let lab = GithubLab::with(move |config| {
        config
            .github
            .repository(REPOSITORY)
            .refs(Refs::new(move |tag| (tag == "release/2.0").then(|| Tag::annotated(COMMIT, &tags))));
    });
    for path in ["/git/ref/tags/release/2.0", "/git/ref/tags%2Frelease%2F2.0"] {
        let reference = lab.get(path).json();
        assert_eq!(
            (&reference["object"]["type"], &reference["object"]["sha"]),
            (&json!("tag"), &json!(object))
        );
    }
    let tag = lab.get(&format!("/git/tags/{object}")).json();
    assert_eq!((&tag["tag"], &tag["object"]["sha"]), (&json!("release/2.0"), &json!(COMMIT)));
    assert_eq!(lab.get("/commits/tags/release/2.0").json()["sha"], COMMIT);
    assert_eq!(lab.get("/git/ref/tags/v1.0.0").json()["object"]["type"], "commit");
    assert_eq!(lab.get("/git/ref/tags/none").status, 404);
    let sha = lab.send(&lab.request("GET", "/commits/v1.0.0").header("Accept", "application/vnd.github.sha"));
    assert_eq!(sha.text(), COMMIT);
    assert_eq!(lab.get("/commits/none").status, 422);
}

#[test]
fn a_tag_that_is_deleted_makes_its_release_a_draft_again() {
    let lab = GithubLab::new();
    lab.repository(|r| r.release_by_hand(HandMade::new("v0.1.0")));
    assert_eq!(lab.get("/releases/tags/v0.1.0").status, 200);
    assert!(lab.repository(|r| r.delete_tag("v0.1.0")));
    assert_eq!(lab.get("/releases/tags/v0.1.0").status, 404);
    assert!(lab.releases()[0].draft);
}

#[test]
fn the_latest_release_is_the_one_that_was_made_so() {
    let lab = GithubLab::new();
    let make = |tag: &str, more: serde_json::Value| {
        let mut body = json!({"tag_name": tag});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(lab.post("/releases", &body).status, 201);
        lab.get("/releases/latest").json()["tag_name"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(make("v1.0.0", json!({})), "v1.0.0");
    assert_eq!(make("v2.0.0rc1", json!({"prerelease": true})), "v1.0.0");
    assert_eq!(make("v0.9.1", json!({"make_latest": "false"})), "v1.0.0");
    assert_eq!(make("v2.0.0", json!({})), "v2.0.0");
    assert!(lab.releases().iter().filter(|release| release.latest).count() == 1);
}

#[test]
fn an_immutable_release_keeps_its_assets_and_burns_its_tag() {
    let lab = GithubLab::with(|config| {
        config.github.repository(REPOSITORY).immutable_releases(true);
    });
    assert_eq!(lab.get("/immutable-releases").json()["enabled"], true);
    let id = lab.draft();
    let asset = lab.upload(id, "a.whl", b"wheel").json()["id"].as_u64().unwrap();
    let published = lab.patch(&format!("/releases/{id}"), &json!({"draft": false})).json();
    assert_eq!(published["immutable"], true);
    let late = lab.upload(id, "b.whl", b"late");
    assert_eq!(
        (late.status, error_of(&late)),
        (422, "Cannot upload assets to an immutable release.".to_owned())
    );
    let taken = lab.delete(&format!("/releases/assets/{asset}"));
    assert_eq!(
        (taken.status, error_of(&taken)),
        (422, "Cannot delete asset from an immutable release".to_owned())
    );
    let edited = lab.patch(&format!("/releases/{id}"), &json!({"body": "New notes", "prerelease": true}));
    assert_eq!((edited.status, &edited.json()["body"]), (200, &json!("New notes")));
    assert_eq!(lab.patch(&format!("/releases/{id}"), &json!({"tag_name": "v9"})).status, 422);
    assert!(!lab.repository(|r| r.delete_tag("v1.0.0")));
    assert_eq!(lab.delete(&format!("/releases/{id}")).status, 204);
    // As people report it: the draft can be made and filled, and never be published.
    let again = lab.draft();
    assert_eq!(lab.upload(again, "a.whl", b"wheel").status, 201);
    let refused = lab.patch(&format!("/releases/{again}"), &json!({"draft": false}));
    assert_eq!(error_of(&refused), "tag_name was used by an immutable release");
    lab.repository(|r| {
        r.drafts_meet_burned_tags(true);
    });
    let refused = lab.post("/releases", &json!({"tag_name": "v1.0.0", "draft": true}));
    assert_eq!(
        (refused.status, error_of(&refused)),
        (422, "tag_name was used by an immutable release".to_owned())
    );
    assert!(lab.repository(|r| r.is_burned("v1.0.0")));
}

#[test]
fn notes_have_a_longest_length_and_can_be_generated() {
    let lab = GithubLab::new();
    let notes =
        |characters: usize| json!({"tag_name": "v1.0.0", "draft": true, "body": "é".repeat(characters)});
    assert_eq!(lab.post("/releases", &notes(125_000)).status, 201);
    let refused = lab.post("/releases", &notes(125_001));
    assert_eq!(error_of(&refused), "body is too long (maximum is 125000 characters)");
    lab.repository(|r| r.release_by_hand(HandMade::new("v0.9.0")));
    let generated = lab.post("/releases/generate-notes", &json!({"tag_name": "v1.0.0"})).json();
    assert!(generated["body"].as_str().unwrap().ends_with("/compare/v0.9.0...v1.0.0"));
    let unknown = json!({"tag_name": "v1.0.0", "previous_tag_name": "v0"});
    assert_eq!(lab.post("/releases/generate-notes", &unknown).status, 422);
    assert_eq!(lab.world.github_writes(), 2, "generating notes writes nothing");
}

#[test]
fn who_may_do_what() {
    let private = "octo/secret";
    let mut tokens = Vec::new();
    let lab = GithubLab::with(|config| {
        config.github.repository(private).private();
        for token in [
            GithubToken::of("eve"),
            GithubToken::of("eve").read(private),
            GithubToken::of("eve").read(REPOSITORY).kind(TokenKind::Workflow),
            GithubToken::of("eve").kind(TokenKind::Classic),
            GithubToken::of("eve").write(REPOSITORY).expires("2020-01-01T00:00:00Z".parse().unwrap()),
        ] {
            tokens.push(config.github.token(token));
        }
    });
    let body = json!({"tag_name": "v1.0.0", "draft": true}).to_string();
    let create = |token: &str| {
        let request = lab.with_token("POST", "/releases", token).header("Content-Type", "application/json");
        let answer = lab.send(&request.body(body.clone()));
        (answer.status, answer.json()["message"].as_str().unwrap_or_default().to_owned())
    };
    let said = |status, message: &str| (status, message.to_owned());
    assert_eq!(create(&tokens[0]), said(403, "Resource not accessible by personal access token"));
    assert_eq!(create(&tokens[2]), said(403, "Resource not accessible by integration"));
    assert_eq!(create(&tokens[3]), said(404, "Not Found"));
    assert_eq!(create(&tokens[4]), said(401, "Bad credentials"));
    assert_eq!(create("nonsense"), said(401, "Bad credentials"));
    assert!(lab.world.github(|github| github.revoke(&lab.token)));
    assert_eq!(create(&lab.token), said(401, "Bad credentials"));
    let anonymous =
        lab.anonymous("POST", "/releases").header("Content-Type", "application/json").body(body.clone());
    assert_eq!(lab.send(&anonymous).status, 401);
    let mut look = lab.with_token("GET", "", &tokens[0]);
    look.path = format!("/github/api/v3/repos/{private}");
    assert_eq!(lab.send(&look).status, 404);
    look.headers[1].1 = format!("token {}", tokens[1]);
    assert_eq!(lab.send(&look).json()["private"], true);
    assert_eq!(lab.send(&lab.anonymous("GET", "")).json()["full_name"], REPOSITORY);
    assert_eq!(lab.releases().len(), 0);
}
