//! Presses, phases, bytes handed over, receipts.

use crate::world::{World, begin, demo, granted, holder, version};
use shiponce_core::Sha256;
use shiponce_ledger::{Error, PressState};

#[test]
fn a_press_runs_ends_or_is_interrupted() {
    let world = World::new();
    let ledger = world.open();
    let first = holder(&ledger, "first");
    let lease = granted(&ledger, &first);
    let press = begin(&ledger, &lease);
    let state = |ledger: &shiponce_ledger::Ledger| {
        ledger.presses(&demo()).unwrap().last().map(|press| press.state.clone()).unwrap()
    };
    assert_eq!(state(&ledger), PressState::Running);
    drop((lease, first));
    assert_eq!(state(&ledger), PressState::Interrupted, "its process is gone");

    let lease = granted(&ledger, &holder(&ledger, "second"));
    assert_eq!(state(&ledger), PressState::Interrupted, "another one works now");
    let second = begin(&ledger, &lease);
    assert!(second > press);
    world.clock.advance(2);
    ledger.end_press(lease.fence(), &demo(), second, "done").unwrap();
    ledger.end_press(lease.fence(), &demo(), second, "failed").unwrap();
    let presses = ledger.presses(&demo()).unwrap();
    assert_eq!(presses.len(), 2);
    let PressState::Ended { at, outcome } = &presses[1].state else { panic!("{:?}", presses[1]) };
    assert_eq!((outcome.as_str(), at.since(presses[1].started)), ("done", 2));
    assert_eq!(presses[1].commit.as_deref(), Some("abc"));
    assert_eq!(presses[1].token, lease.token());
}

#[test]
fn phases_begin_and_end_once() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    let press = begin(&ledger, &lease);
    let build = ledger.start_step(lease.fence(), &demo(), press, "build").unwrap();
    world.clock.advance(3);
    ledger.finish_step(lease.fence(), &demo(), build, "ok", "2 files").unwrap();
    let again = ledger.finish_step(lease.fence(), &demo(), build, "ok", "").unwrap_err();
    assert!(matches!(again, Error::NoStep { step: 1, .. }), "{again}");
    ledger.start_step(lease.fence(), &demo(), press, "upload").unwrap();

    let steps = world.read_only().steps(press).unwrap();
    let phases: Vec<&str> = steps.iter().map(|step| step.phase.as_str()).collect();
    assert_eq!(phases, ["build", "upload"]);
    let finished = steps[0].finished.as_ref().unwrap();
    assert_eq!((finished.outcome.as_str(), finished.detail.as_str()), ("ok", "2 files"));
    assert_eq!(finished.at.since(steps[0].started), 3);
    assert_eq!(steps[1].finished, None);
}

#[test]
fn handed_over_digests_keep_their_first_note() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    let (project, release) = (demo(), version("1.0"));
    for how in ["built", "given to publish"] {
        ledger.hand_over(lease.fence(), &project, &release, &[Sha256([1; 32])], how).unwrap();
    }
    let digests = world.open().handed_over(&project, &version("1.0.0")).unwrap();
    assert_eq!(digests.len(), 1);
    assert_eq!(digests[&Sha256([1; 32])].how, "built");
    assert!(ledger.handed_over(&project, &version("1.1")).unwrap().is_empty());
    assert!(ledger.handed_over(&"other".parse().unwrap(), &release).unwrap().is_empty());
}

#[test]
fn receipts_come_back_byte_for_byte_or_not_at_all() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    let json = "{\n  \"schema\": 1\n}\n";
    assert_eq!(ledger.put_receipt(lease.fence(), &demo(), &version("1.0"), json).unwrap(), 1);
    assert_eq!(ledger.put_receipt(lease.fence(), &demo(), &version("1.0"), json).unwrap(), 2);
    let receipts = ledger.receipts(&demo()).unwrap();
    assert_eq!(receipts.len(), 2);
    assert_eq!((receipts[0].json.as_str(), &receipts[0].version), (json, &version("1.0")));

    let raw = rusqlite::Connection::open(world.path()).unwrap();
    raw.execute("UPDATE receipt SET body = '{}' WHERE seq = 2", []).unwrap();
    let damaged = ledger.receipts(&demo()).unwrap_err();
    assert!(damaged.to_string().contains("receipt 2"), "{damaged}");
}
