//! The rules everything else stands on, through `handle` and over a socket.

use shiponce_rehearsal::{BlockingServer, Index, TokenSpec, World, WorldConfig};

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
