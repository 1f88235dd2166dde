//! Storing and reading in one process.

use crate::world::{World, files, sha256};
use shiponce_io::http::BodySource as _;
use shiponce_store::{Error, Lookup};
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;

const BYTES: &[u8] = b"the bytes of a wheel";

#[test]
fn what_goes_in_comes_out() {
    let world = World::new();
    let (store, digest) = (world.store(), sha256(BYTES));
    assert!(matches!(store.open_file(digest).unwrap(), Lookup::Missing));
    assert!(!store.contains(digest).unwrap());
    let stored = world.put(BYTES);
    assert_eq!((stored.sha256, stored.size, stored.is_new), (digest, 20, true));
    assert!(store.contains(digest).unwrap());

    let mut file = store.open_file(digest).unwrap().found().unwrap();
    assert_eq!(file.size(), 20);
    let mut out = Vec::new();
    file.read_to_end(&mut out).unwrap();
    assert_eq!(out, BYTES);

    assert!(!world.put(BYTES).is_new);
    let empty = world.put(b"");
    assert_eq!((empty.size, empty.is_new), (0, true));
    assert_eq!(store.open_file(sha256(b"")).unwrap().found().unwrap().size(), 0);
}

#[test]
fn everything_is_for_its_owner_only() {
    let world = World::new();
    world.put(BYTES);
    let mut looked_at = 0;
    for path in files(&world.root()) {
        let mode = |path: &std::path::Path| fs_err::metadata(path).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        assert_eq!(mode(path.parent().unwrap()), 0o700, "{}", path.display());
        looked_at += 1;
    }
    assert_eq!(looked_at, 2, "the entry and the store's lock");
}

#[test]
fn other_bytes_than_announced_are_refused_and_leave_nothing() {
    let world = World::new();
    let store = world.store();
    let path = world.file("source", BYTES);
    let error = store.put_file(&path, sha256(b"other")).unwrap_err();
    assert!(matches!(error, Error::OtherBytes { found, .. } if found == sha256(BYTES)), "{error}");
    let missing = store.put_file(&world.directory.path().join("none"), sha256(BYTES)).unwrap_err();
    assert!(matches!(missing, Error::Source { .. }), "{missing}");
    assert_eq!(files(&world.root()), [world.root().join("store.lock")]);
}

#[test]
fn a_damaged_entry_is_moved_away_reported_and_replaced() {
    let world = World::new();
    let (store, digest) = (world.store(), sha256(BYTES));
    world.put(BYTES);
    fs_err::write(world.entry(digest), b"the bytes of a whee1").unwrap();

    let Lookup::Quarantined(warning) = store.open_file(digest).unwrap() else { panic!("not noticed") };
    assert_eq!((warning.expected, warning.found), (digest, sha256(b"the bytes of a whee1")));
    assert_eq!(fs_err::read(&warning.path).unwrap(), b"the bytes of a whee1");
    assert!(warning.path.starts_with(world.root().join("quarantine")));
    assert!(warning.to_string().contains("was damaged"), "{warning}");
    assert!(matches!(store.open_file(digest).unwrap(), Lookup::Missing));
    assert!(world.put(BYTES).is_new);
    assert!(store.artifact(digest).unwrap().found().is_some());

    // Noticed by a put: half an entry, as a lost power could leave on a disk that lies about syncs.
    fs_err::write(world.entry(digest), &BYTES[..10]).unwrap();
    let stored = world.put(BYTES);
    assert_eq!(stored.warning.unwrap().found, sha256(&BYTES[..10]));
    assert!(stored.is_new);
    assert!(store.artifact(digest).unwrap().found().is_some());
}

#[test]
fn an_artifact_opens_again_for_every_attempt() {
    let world = World::new();
    let store = world.store();
    world.put(BYTES);
    let artifact = store.artifact(sha256(BYTES)).unwrap().found().unwrap();
    assert_eq!((artifact.length(), artifact.size(), artifact.sha256()), (20, 20, sha256(BYTES)));
    for _ in 0..2 {
        let mut out = Vec::new();
        artifact.open().unwrap().read_to_end(&mut out).unwrap();
        assert_eq!(out, BYTES);
    }
    fs_err::write(artifact.path(), b"the bytes of a whee1").unwrap();
    let mut out = Vec::new();
    let error = artifact.open().unwrap().read_to_end(&mut out).unwrap_err();
    assert!(error.to_string().contains("other bytes"), "{error}");
    assert!(out.len() < BYTES.len(), "the last bytes are held back");
    fs_err::write(artifact.path(), b"short").unwrap();
    assert!(artifact.open().is_err());
}

#[test]
fn a_copy_gets_the_name_other_programs_know() {
    let world = World::new();
    let store = world.store();
    world.put(BYTES);
    let dist = world.directory.path().join("dist");
    fs_err::create_dir(&dist).unwrap();
    let copy = |name: &str| store.materialise(sha256(BYTES), name, &dist);
    let path = copy("demo-1.0.tar.gz").unwrap().found().unwrap();
    assert_eq!(path, dist.join("demo-1.0.tar.gz"));
    assert_eq!(fs_err::read(&path).unwrap(), BYTES);
    assert!(copy("demo-1.0.tar.gz").unwrap().found().is_some(), "again is fine");

    fs_err::write(&path, b"the user's own").unwrap();
    let occupied = copy("demo-1.0.tar.gz").unwrap_err();
    assert!(
        matches!(occupied, Error::Occupied { found, .. } if found == sha256(b"the user's own")),
        "{occupied}"
    );
    assert_eq!(fs_err::read(&path).unwrap(), b"the user's own");
    for bad in ["", ".", "..", "../x", "a/b", "/x", "a/"] {
        assert!(matches!(copy(bad).unwrap_err(), Error::Filename { .. }), "{bad}");
    }
    assert!(matches!(store.materialise(sha256(b"x"), "x", &dist).unwrap(), Lookup::Missing));
    assert_eq!(files(&dist), [path], "nothing unfinished stays");
}

#[test]
fn many_threads_store_and_damage_and_read_at_once() {
    let world = World::new();
    let bytes = vec![7; 300_000];
    let path = world.file("source", &bytes);
    let digest = sha256(&bytes);
    std::thread::scope(|scope| {
        for n in 0..6 {
            let (world, path) = (&world, &path);
            scope.spawn(move || {
                let store = world.store();
                for turn in 0..20 {
                    store.put_file(path, digest).unwrap();
                    // Whoever damages an entry in place makes some reads miss, and none lie.
                    if n == 0
                        && turn % 5 == 0
                        && let Ok(file) = fs_err::OpenOptions::new().write(true).open(world.entry(digest))
                    {
                        file.set_len(10).unwrap();
                    }
                    if let Some(mut file) = store.open_file(digest).unwrap().found() {
                        let mut out = Vec::new();
                        file.read_to_end(&mut out).unwrap();
                        assert!(out.len() <= 300_000 && out.iter().all(|byte| *byte == 7));
                    }
                }
            });
        }
    });
    let stored = world.store().put_file(&path, digest).unwrap();
    assert_eq!(stored.size, 300_000);
    assert!(world.store().open_file(digest).unwrap().found().is_some());
}
