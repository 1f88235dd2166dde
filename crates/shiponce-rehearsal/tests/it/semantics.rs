//! The rules everything else stands on, through `handle` and over a socket.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use shiponce_rehearsal::{BlockingServer, Index, Moment, Observer, TokenSpec, World, WorldConfig};

use crate::dist;
use crate::wire::{Form, Request};

const NAME: &str = "demo-1.0-py3-none-any.whl";

#[test]
fn a_file_is_stored_once_and_can_be_read_back() {
    let mut config = WorldConfig::new();
    let token = config.token(Index::Pypi, &TokenSpec::user("alice"));
    let world = World::new(config);
    let server = BlockingServer::start(world.clone()).unwrap();
    let wheel = dist::wheel("demo", "1.0", "a");
    let upload = |bytes: &[u8]| {
        Form::of("demo", "1.0", NAME, bytes)
            .post("/prod/legacy/")
            .basic("__token__", &token)
            .send(&server.base_url())
    };
    assert_eq!(upload(&wheel).status, 200);
    assert_eq!(upload(&wheel).status, 200);
    let other = upload(&dist::wheel("demo", "1.0", "b"));
    assert_eq!(other.status, 400);
    assert!(
        other.reason.starts_with("File already exists ('demo-1.0-py3-none-any.whl', with blake2_256 hash '")
    );

    let files = world.files(Index::Pypi);
    assert_eq!(files.len(), 1);
    let json = Request::get("/prod/pypi/demo/json").send(&server.base_url()).json();
    assert_eq!(json["urls"][0]["digests"]["sha256"], files[0].sha256);
    let url = json["urls"][0]["url"].as_str().unwrap();
    let path = url.strip_prefix(&server.base_url()).unwrap();
    assert_eq!(Request::get(path).send(&server.base_url()).body, wheel);
    assert_eq!(world.writes(Index::Pypi), 3);
    assert_eq!(world.writes(Index::TestPypi), 0);
    assert_eq!(world.log().iter().filter(|e| e.changed).count(), 1);
}

fn built(request: &Request) -> http::Request<bytes::Bytes> {
    let mut head = http::Request::builder().method(request.method.as_str()).uri(request.path.as_str());
    for (name, value) in &request.headers {
        head = head.header(name, value);
    }
    head.body(bytes::Bytes::from(request.body.clone())).unwrap()
}

/// What a sequence of uploads may do: send one of a few files, delete one, wait some days.
#[derive(Debug, Clone)]
enum Act {
    Upload { version: u8, tag: u8, salt: u8 },
    Delete { version: u8, tag: u8 },
    Wait { days: i64 },
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let upload = (1..3u8, 0..3u8, 0..2u8).prop_map(|(version, tag, salt)| Act::Upload { version, tag, salt });
    let delete = (1..3u8, 0..3u8).prop_map(|(version, tag)| Act::Delete { version, tag });
    let wait = (1..10i64).prop_map(|days| Act::Wait { days });
    proptest::collection::vec(prop_oneof![6 => upload, 1 => delete, 1 => wait], 1..25)
}

fn filename(version: u8, tag: u8) -> String {
    format!("demo-{version}.0-py3{tag}-none-any.whl")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is sent in whatever order: a name never holds other bytes than the first that it was
    /// given, a deleted name never comes back, one answer in the log says `changed` for every file that was
    /// ever stored, and sending again what is there is a 200 that changes nothing.
    #[test]
    fn names_hold_one_content_for_ever(acts in acts()) {
        let mut config = WorldConfig::new();
        let token = config.token(Index::Pypi, &TokenSpec::user("alice"));
        let world = World::new(config);
        let now = jiff::Timestamp::UNIX_EPOCH;
        let mut first_bytes: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut deleted: BTreeSet<String> = BTreeSet::new();
        for act in acts {
            match act {
                Act::Upload { version, tag, salt } => {
                    let name = filename(version, tag);
                    // The tag is in the bytes: equal bytes under two names are a rule of their own.
                    let bytes = dist::wheel("demo", &format!("{version}.0"), &format!("{tag}{salt}"));
                    let form = Form::of("demo", &format!("{version}.0"), &name, &bytes);
                    let request = form.post("/prod/legacy/").basic("__token__", &token);
                    let before = world.files(Index::Pypi);
                    let known = before.iter().any(|f| f.filename == name);
                    let status = world.handle(built(&request), now).status().as_u16();
                    let changed = world.log().last().unwrap().changed;
                    prop_assert_eq!(changed, world.files(Index::Pypi) != before);
                    prop_assert!(!(changed && (known || deleted.contains(&name))));
                    if known {
                        prop_assert_eq!(status == 200, first_bytes[&name] == bytes);
                    }
                    if changed {
                        first_bytes.insert(name, bytes);
                    }
                }
                Act::Delete { version, tag } => {
                    let name = filename(version, tag);
                    if world.delete_file(Index::Pypi, "demo", &name, now) {
                        deleted.insert(name);
                    }
                }
                Act::Wait { days } => world.advance(crate::lab::days(days)),
            }
        }
        let changes = world.log().iter().filter(|e| e.changed).count();
        prop_assert_eq!(changes, first_bytes.len());
        prop_assert_eq!(world.files(Index::Pypi).len(), first_bytes.len() - deleted.len());
        prop_assert_eq!(world.files(Index::TestPypi).len(), 0);
    }
}

/// A test that wants to kill its client at one request hears of it twice, and sees the effect in between.
#[test]
fn an_observer_stands_before_and_behind_the_effect() {
    let mut config = WorldConfig::new();
    let token = config.token(Index::TestPypi, &TokenSpec::user("alice"));
    let world = World::new(config);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (inside, record) = (world.clone(), Arc::clone(&seen));
    world.on_request(Observer::new(move |moment, entry| {
        let files = inside.files(Index::TestPypi).len();
        record.lock().unwrap().push((moment, entry.filename.clone(), entry.status, files));
    }));
    let form = Form::of("demo", "1.0", NAME, &dist::wheel("demo", "1.0", ""));
    let request = form.post("/test/legacy/").basic("__token__", &token);
    assert_eq!(world.handle(built(&request), jiff::Timestamp::UNIX_EPOCH).status(), 200);
    let name = Some(NAME.to_owned());
    let wanted = [(Moment::BeforeEffect, name.clone(), None, 0), (Moment::AfterEffect, name, Some(200), 1)];
    assert_eq!(*seen.lock().unwrap(), wanted);
}

/// The two indexes know nothing of each other: neither tokens nor names nor files.
#[test]
fn the_indexes_are_strangers() {
    let mut config = WorldConfig::new();
    let token = config.token(Index::Pypi, &TokenSpec::user("alice"));
    let world = World::new(config);
    let now = jiff::Timestamp::UNIX_EPOCH;
    let form = Form::of("demo", "1.0", NAME, &dist::wheel("demo", "1.0", ""));
    let send = |path: &str| {
        let request = form.post(path).basic("__token__", &token);
        world.handle(built(&request), now).status().as_u16()
    };
    assert_eq!((send("/test/legacy/"), send("/prod/legacy/")), (403, 200));
    assert_eq!((world.writes(Index::TestPypi), world.writes(Index::Pypi)), (1, 1));
    assert_eq!(world.projects(Index::TestPypi), [""; 0]);
}

/// A world on the same settings and requests ends in the same files and the same log.
#[test]
fn worlds_can_be_compared() {
    let run = || {
        let mut config = WorldConfig::new();
        let token = config.token(Index::Pypi, &TokenSpec::user("alice"));
        let world = World::new(config);
        for salt in ["a", "b", "a"] {
            let form = Form::of("demo", "1.0", NAME, &dist::wheel("demo", "1.0", salt));
            let request = form.post("/prod/legacy/").basic("__token__", &token);
            drop(world.handle(built(&request), jiff::Timestamp::UNIX_EPOCH));
        }
        (world.files(Index::Pypi), world.log())
    };
    assert_eq!(run(), run());
}
