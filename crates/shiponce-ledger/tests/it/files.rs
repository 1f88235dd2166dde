//! The file itself: who may read it, what it may be, what happened to it.

use crate::world::{World, begin, demo, granted, holder, options};
use rusqlite::Connection;
use shiponce_ledger::{Ledger, OpenError};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

fn mode(path: &Path) -> u32 {
    fs_err::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn refused(world: &World) -> OpenError {
    let writing = Ledger::open(&world.path(), world.clock.clone(), options()).unwrap_err();
    let reading = Ledger::open_read_only(&world.path(), world.clock.clone(), options()).unwrap_err();
    assert_eq!(writing.to_string(), reading.to_string(), "both ways of opening refuse alike");
    writing
}

fn raw(world: &World, sql: &str) {
    Connection::open(world.path()).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn everything_is_for_its_owner_only() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    begin(&ledger, &lease);
    let state = world.directory.path().join("state");
    assert_eq!(mode(&state), 0o700);
    assert_eq!(mode(&state.join("locks")), 0o700);
    let mut names = Vec::new();
    for entry in fs_err::read_dir(&state).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            assert_eq!(mode(&path), 0o600, "{}", path.display());
            names.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    names.sort();
    assert_eq!(names, ["ledger.opening", "ledger.sqlite", "ledger.sqlite-shm", "ledger.sqlite-wal"]);
}

#[test]
fn a_file_that_others_can_read_or_write_is_refused() {
    let world = World::new();
    drop(world.open());
    for bits in [0o640, 0o606] {
        fs_err::set_permissions(world.path(), std::fs::Permissions::from_mode(bits)).unwrap();
        let error = refused(&world);
        assert!(error.to_string().contains(&format!("mode {bits:04o}")), "{error}");
    }
}

#[test]
fn files_of_other_kinds_are_refused_untouched() {
    for content in [b"not a database, and longer than a SQLite header ".repeat(20), b"short".to_vec()] {
        let world = World::new();
        fs_err::create_dir(world.directory.path().join("state")).unwrap();
        fs_err::write(world.path(), &content).unwrap();
        fs_err::set_permissions(world.path(), std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(refused(&world), OpenError::NotALedger { .. }));
        assert_eq!(fs_err::read(world.path()).unwrap(), content);
    }
    let world = World::new();
    fs_err::create_dir(world.directory.path().join("state")).unwrap();
    raw(&world, "CREATE TABLE theirs (x)");
    fs_err::set_permissions(world.path(), std::fs::Permissions::from_mode(0o600)).unwrap();
    assert!(matches!(refused(&world), OpenError::NotALedger { .. }));

    let world = World::new();
    fs_err::create_dir_all(world.path()).unwrap();
    assert!(matches!(refused(&world), OpenError::File { .. }));
}

#[test]
fn a_newer_schema_and_a_changed_step_are_refused() {
    let world = World::new();
    drop(world.open());
    raw(&world, "INSERT INTO migration VALUES (5, '0005_future', 'x')");
    let newer = refused(&world);
    assert!(matches!(newer, OpenError::Newer { found: 5, known: 4, .. }), "{newer}");
    raw(
        &world,
        "DELETE FROM migration WHERE number = 5; UPDATE migration SET checksum = 'x' WHERE number = 2",
    );
    let changed = refused(&world);
    assert!(changed.to_string().ends_with("was made with another `0002_releases`"), "{changed}");
}

#[test]
fn a_damaged_file_is_refused() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    for _ in 0..200 {
        begin(&ledger, &lease);
    }
    drop((lease, ledger));
    raw(&world, "PRAGMA wal_checkpoint(TRUNCATE)");
    let mut bytes = fs_err::read(world.path()).unwrap();
    // Every page but the first few, which hold the schema.
    let from = bytes.len() / 2;
    bytes[from..].fill(0x5a);
    fs_err::write(world.path(), &bytes).unwrap();
    let error = refused(&world);
    assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
}

#[test]
fn opening_again_and_again_keeps_everything() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    begin(&ledger, &lease);
    drop((lease, ledger));
    for _ in 0..3 {
        assert_eq!(world.open().presses(&demo()).unwrap().len(), 1);
    }
}

#[test]
fn many_threads_open_a_new_ledger_together() {
    let world = World::new();
    std::thread::scope(|scope| {
        for n in 0..8 {
            let world = &world;
            scope.spawn(move || holder(&world.open(), &format!("holder-{n}")));
        }
    });
    assert!(world.open().presses(&demo()).unwrap().is_empty());
}
