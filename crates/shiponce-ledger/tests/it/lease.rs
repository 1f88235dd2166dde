//! Leases, as the engine uses them.

use crate::world::{World, begin, demo, granted, holder, manifest, version};
use shiponce_core::Sha256;
use shiponce_core::journal::Event;
use shiponce_ledger::{
    Acquired, Beat, Entry, Error, Fence, FreezeError, HolderId, Ledger, NewPress, PressId, StepId,
    release_group,
};

#[test]
fn a_lease_ends_with_its_ttl_and_stops_earlier_for_new_effects() {
    let world = World::new();
    let ledger = world.open();
    let first = granted(&ledger, &holder(&ledger, "first"));
    world.clock.advance(24);
    assert!(first.is_usable());
    world.clock.advance(1);
    assert!(!first.is_usable(), "TTL 30, margin 5");
    assert_eq!(first.beat().unwrap(), Beat::Renewed);
    assert!(first.is_usable());

    world.clock.advance(30);
    assert_eq!(first.beat().unwrap(), Beat::Lost);
    let second = granted(&ledger, &holder(&ledger, "second"));
    assert!(second.token() > first.token());
    assert_eq!(first.beat().unwrap(), Beat::Lost);
    first.release().unwrap();
    assert_eq!(second.beat().unwrap(), Beat::Renewed, "a stale release takes nothing away");
}

#[test]
fn every_write_is_a_beat() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    for _ in 0..5 {
        world.clock.advance(20);
        begin(&ledger, &lease);
    }
}

#[test]
fn without_a_known_boot_the_lock_file_alone_decides() {
    let world = World::new();
    world.clock.reboot(None);
    let ledger = world.open();
    let first = holder(&ledger, "first");
    let lease = granted(&ledger, &first);
    world.clock.advance(1_000_000);
    let second = holder(&ledger, "second");
    let group = release_group(&demo());
    assert!(matches!(ledger.acquire(&group, &second).unwrap(), Acquired::Waiting { .. }));
    drop((lease, first));
    assert!(matches!(ledger.acquire(&group, &second).unwrap(), Acquired::Granted(_)));
}

#[test]
fn a_holder_lives_once() {
    let world = World::new();
    let ledger = world.open();
    let first = holder(&ledger, "first");
    let other = world.open();
    let taken = other.register("first".parse().unwrap()).unwrap_err();
    assert_eq!(taken.to_string(), "the holder `first` is registered by another process");
    drop(first);
    holder(&other, "first");
    let locks = world.directory.path().join("state/locks");
    assert_eq!(fs_err::read_dir(&locks).unwrap().count(), 1);
    holder(&other, "second");
    assert_eq!(fs_err::read_dir(&locks).unwrap().count(), 1, "the dead one is cleared away");
    for bad in ["", "a/b", "..", "a b", "ü"] {
        assert!(bad.parse::<HolderId>().is_err(), "{bad}");
    }
}

/// All writes there are, by name.
fn writes(ledger: &Ledger, fence: &Fence, press: PressId) -> Vec<(&'static str, Result<(), Error>)> {
    let (project, version) = (demo(), version("1.0"));
    let new = NewPress { project: &project, version: &version, commit: None, note: "" };
    let entry = Entry {
        press,
        target: "https://index.example/legacy/",
        project: &project,
        version: &version,
        filename: "demo-1.0.tar.gz",
        event: &Event::Intent,
    };
    let frozen = ledger.freeze(fence, &manifest(&[("demo-1.0.tar.gz", 1)], None)).map(drop).map_err(
        |error| match error {
            FreezeError::Ledger { source } => source,
            FreezeError::Conflict { source } => panic!("{source}"),
        },
    );
    let step = StepId { press, seq: 1 };
    vec![
        ("freeze", frozen),
        ("hand over", ledger.hand_over(fence, &project, &version, &[Sha256([1; 32])], "built")),
        ("begin press", ledger.begin_press(fence, &new).map(drop)),
        ("start step", ledger.start_step(fence, &project, press, "build").map(drop)),
        ("finish step", ledger.finish_step(fence, &project, step, "ok", "")),
        ("append", ledger.append(fence, &entry).map(drop)),
        ("end press", ledger.end_press(fence, &project, press, "done")),
        ("receipt", ledger.put_receipt(fence, &project, &version, "{}").map(drop)),
    ]
}

#[test]
fn every_write_of_an_old_token_is_refused_and_leaves_nothing() {
    let world = World::new();
    let ledger = world.open();
    let old = granted(&ledger, &holder(&ledger, "first"));
    let press = begin(&ledger, &old);
    world.clock.advance(30);
    // Out of time, though nobody else was granted yet.
    for (name, result) in writes(&ledger, old.fence(), press) {
        assert!(matches!(result, Err(Error::Fenced { .. })), "{name}: {result:?}");
    }
    let new = granted(&ledger, &holder(&ledger, "second"));
    for (name, result) in writes(&ledger, old.fence(), press) {
        assert!(matches!(result, Err(Error::Fenced { .. })), "{name}: {result:?}");
    }
    assert!(ledger.manifest(&demo(), &version("1.0")).unwrap().is_none());
    assert!(ledger.entries(&demo(), None).unwrap().is_empty());
    assert!(ledger.receipts(&demo()).unwrap().is_empty());
    assert_eq!(ledger.presses(&demo()).unwrap().len(), 1);
    for (name, result) in writes(&ledger, new.fence(), press) {
        assert!(result.is_ok(), "{name}: {result:?}");
    }
}

#[test]
fn a_lease_on_one_project_does_not_cover_another() {
    let world = World::new();
    let ledger = world.open();
    let holder = holder(&ledger, "first");
    let Acquired::Granted(other) = ledger.acquire("release/other", &holder).unwrap() else { panic!() };
    for (name, result) in writes(&ledger, other.fence(), PressId(1)) {
        assert!(matches!(result, Err(Error::OtherGroup { .. })), "{name}: {result:?}");
    }
}
