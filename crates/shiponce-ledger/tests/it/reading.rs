//! Reading while another process writes, and reading what is not there.

use crate::process::Played;
use crate::world::{World, begin, demo, granted, holder, version};
use shiponce_core::Sha256;
use shiponce_io::SystemClock;
use shiponce_ledger::{Error, Ledger, Options, PressState};
use std::sync::Arc;

#[test]
fn status_sees_a_running_release_of_another_process_and_its_death() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    let mut child = Played::start("hold", &state, "runner");
    child.hear().unwrap();
    let path = state.join("ledger.sqlite");
    let reader = Ledger::open_read_only(&path, Arc::new(SystemClock::new()), Options::usual()).unwrap();
    let press = reader.presses(&demo()).unwrap().pop().unwrap();
    assert_eq!(press.state, PressState::Running);
    assert_eq!(reader.steps(press.id).unwrap()[0].phase, "build");
    child.kill();
    // The same handle, and one that meets the log a killed writer left.
    assert_eq!(reader.presses(&demo()).unwrap()[0].state, PressState::Interrupted);
    drop(reader);
    let reader = Ledger::open_read_only(&path, Arc::new(SystemClock::new()), Options::usual()).unwrap();
    assert_eq!(reader.presses(&demo()).unwrap()[0].state, PressState::Interrupted);
}

#[test]
fn a_missing_ledger_reads_empty_and_stays_missing() {
    let world = World::new();
    let ledger = world.read_only();
    assert!(ledger.manifests(&demo()).unwrap().is_empty());
    assert!(ledger.presses(&demo()).unwrap().is_empty());
    assert!(ledger.history("t", &demo(), &version("1.0"), None).unwrap().is_empty());
    let refused = ledger.register("first".parse().unwrap()).unwrap_err();
    assert!(matches!(refused, Error::ReadOnly { .. }), "{refused}");
    assert_eq!(fs_err::read_dir(world.directory.path()).unwrap().count(), 0);
}

#[test]
fn a_reader_writes_no_row_even_when_asked_to() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    begin(&ledger, &lease);
    let reader = world.read_only();
    let refused =
        reader.hand_over(lease.fence(), &demo(), &version("1.0"), &[Sha256([1; 32])], "x").unwrap_err();
    assert_eq!(refused.to_string(), "cannot note the bytes handed over: the ledger is open for reading only");
    // A reader that is in the middle of it does not stop the writer.
    begin(&ledger, &lease);
    assert_eq!(reader.presses(&demo()).unwrap().len(), 2);
}
