//! Assets: names, states, digests, downloads.

use serde_json::json;
use shiponce_rehearsal::{AssetState, HandMade};

use crate::github_lab::{GithubLab, REPOSITORY, error_of};
use crate::lab::{days, now};
use crate::wire::Request;

#[test]
fn an_asset_is_kept_with_its_digest_and_fetched_behind_a_signed_address() {
    let lab = GithubLab::new();
    let id = lab.draft();
    let asset = lab.upload(id, "demo-1.0+local.1.whl", b"wheel").json();
    assert_eq!(asset["name"], "demo-1.0+local.1.whl");
    assert_eq!((&asset["state"], &asset["size"]), (&json!("uploaded"), &json!(5)));
    assert_eq!(asset["digest"], format!("sha256:{}", sha256(b"wheel")));
    let own = format!("/releases/assets/{}", asset["id"]);
    assert_eq!(lab.get(&own).json()["name"], "demo-1.0+local.1.whl");
    let bytes = lab.request("GET", &own).header("Accept", "application/octet-stream");
    let answer = lab.send(&bytes);
    assert_eq!(answer.status, 302);
    let there = answer.header("location").unwrap().to_owned();
    assert!(!there.contains("/api/"), "{there}");
    let path = there.strip_prefix(&lab.server.base_url()).unwrap();
    let fetched = lab.send(&Request::get(path));
    assert_eq!((fetched.status, fetched.body), (200, b"wheel".to_vec()));
    let with_token = Request::get(path).header("Authorization", &format!("Bearer {}", lab.token));
    assert_eq!(lab.send(&with_token).status, 400, "the token is not for the storage");
    assert_eq!(lab.send(&Request::get(&path.replace("sig=", "sig=0"))).status, 403);
    lab.world.advance(days(1));
    assert_eq!(lab.send(&Request::get(path)).status, 403, "the address has expired");
    let anonymous = lab.anonymous("GET", &own).header("Accept", "application/octet-stream");
    assert_eq!(lab.send(&anonymous).status, 404, "it belongs to a draft");
}

#[test]
fn the_public_address_works_once_the_release_is_published() {
    let lab = GithubLab::new();
    let id = lab.draft();
    lab.upload(id, "a.whl", b"wheel");
    let path = format!("/github/{REPOSITORY}/releases/download/v1.0.0/a.whl");
    assert_eq!(lab.send(&Request::get(&path)).status, 404);
    lab.patch(&format!("/releases/{id}"), &json!({"draft": false}));
    let there = lab.send(&Request::get(&path)).header("location").unwrap().to_owned();
    let fetched = lab.send(&Request::get(there.strip_prefix(&lab.server.base_url()).unwrap()));
    assert_eq!(fetched.body, b"wheel");
    assert_eq!(lab.send(&Request::get(&format!("/github/{REPOSITORY}/releases/tag/v1.0.0"))).status, 200);
}

#[test]
fn names_are_changed_and_a_name_is_given_once() {
    let lab = GithubLab::new();
    let id = lab.draft();
    let first = lab.upload(id, "my notes~1.txt", b"one").json();
    assert_eq!(first["name"], "my.notes.1.txt");
    let again = lab.upload(id, "my.notes.1.txt", b"two");
    assert_eq!((again.status, error_of(&again)), (422, "already_exists".to_owned()));
    let asset = first["id"].as_u64().unwrap();
    assert_eq!(lab.delete(&format!("/releases/assets/{asset}")).status, 204);
    assert_eq!(lab.upload(id, "my.notes.1.txt", b"two").status, 201);
    assert_eq!(lab.releases()[0].asset("my.notes.1.txt").unwrap().content, b"two".as_slice());
    let entry = lab.world.log().into_iter().find(|entry| entry.filename.is_some()).unwrap();
    assert_eq!((entry.filename.as_deref(), entry.route.word()), (Some("my notes~1.txt"), "github.asset"));
}

#[test]
fn an_upload_that_dies_keeps_the_name_until_it_is_deleted() {
    for fault in ["github.asset:1:502-starter", "github.asset:1:cut-reading"] {
        let lab = GithubLab::new();
        let id = lab.draft();
        lab.world.add_fault(fault.parse().unwrap());
        lab.upload_request(id, "a.whl", b"wheel").send_raw(&lab.server.base_url());
        let left = lab.get(&format!("/releases/{id}/assets")).json();
        assert_eq!((&left[0]["state"], &left[0]["digest"]), (&json!("starter"), &json!(null)), "{fault}");
        assert_eq!(lab.releases()[0].assets[0].state, AssetState::Starter);
        assert_eq!(lab.upload(id, "a.whl", b"wheel").status, 422);
        let own = format!("/releases/assets/{}", left[0]["id"]);
        let bytes = lab.request("GET", &own).header("Accept", "application/octet-stream");
        assert_eq!(lab.send(&bytes).status, 404);
        assert_eq!(lab.delete(&own).status, 204);
        assert_eq!(lab.upload(id, "a.whl", b"wheel").status, 201);
    }
}

#[test]
fn old_assets_have_no_digest() {
    let lab = GithubLab::new();
    let made = HandMade::new("v0.1.0").without_digests().asset("old.whl", "old").starter("half.whl");
    let id = lab.repository(|r| r.release_by_hand(made));
    let assets = lab.get(&format!("/releases/{id}/assets")).json();
    assert_eq!((&assets[0]["digest"], &assets[1]["state"]), (&json!(null), &json!("starter")));
    assert_eq!(assets[0]["uploader"]["login"], "bob");
    lab.repository(|r| {
        r.digests(false);
    });
    let draft = lab.draft();
    assert_eq!(lab.upload(draft, "a.whl", b"wheel").json()["digest"], json!(null));
}

#[test]
fn uploads_that_are_refused() {
    let lab = GithubLab::new().unchecked();
    let id = lab.draft();
    let empty = lab.upload(id, "a.whl", b"");
    assert_eq!((empty.status, error_of(&empty)), (422, "size must be greater than or equal to 1".to_owned()));
    let nameless = lab.upload(id, "", b"wheel");
    assert_eq!((nameless.status, error_of(&nameless)), (422, "missing_field".to_owned()));
    let mut chunked = lab.upload_request(id, "a.whl", b"wheel").bytes("127.0.0.1");
    let head = String::from_utf8(chunked.split_off(0)).unwrap();
    let head = head.replace(
        "Content-Length: 5\r\n\r\nwheel",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nwheel\r\n0\r\n\r\n",
    );
    let answer = crate::wire::parse(&raw(&lab, head.as_bytes())).unwrap();
    assert_eq!((answer.status, answer.json()["message"].as_str()), (400, Some("Bad Content-Length: ")));
    assert_eq!(lab.upload(id + 1000, "a.whl", b"wheel").status, 404);
    assert_eq!(lab.releases()[0].assets.len(), 0);
}

#[test]
fn artifacts_of_a_run_are_listed_and_fetched() {
    let lab = GithubLab::new();
    let (id, gone) = lab.repository(|r| {
        let id = r.artifact(77, "dist", "zip bytes", now());
        let gone = r.artifact(77, "old", "zip bytes", now());
        r.expire_artifact(gone);
        (id, gone)
    });
    let list = lab.get("/actions/runs/77/artifacts?per_page=100").json();
    assert_eq!((&list["total_count"], &list["artifacts"][0]["name"]), (&json!(2), &json!("dist")));
    let answer = lab.get(&format!("/actions/artifacts/{id}/zip"));
    let there = answer.header("location").unwrap().to_owned();
    let fetched = lab.send(&Request::get(there.strip_prefix(&lab.server.base_url()).unwrap()));
    assert_eq!(fetched.body, b"zip bytes");
    assert_eq!(lab.get(&format!("/actions/artifacts/{gone}/zip")).status, 410);
    assert_eq!(lab.send(&lab.anonymous("GET", &format!("/actions/artifacts/{id}/zip"))).status, 401);
}

fn raw(lab: &GithubLab, bytes: &[u8]) -> Vec<u8> {
    use std::io::{Read as _, Write as _};
    let base = lab.server.base_url();
    let mut stream = std::net::TcpStream::connect(base.strip_prefix("http://").unwrap()).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

fn sha256(content: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}
