//! The real process is killed from outside at every point of its way; the same command in a new process then ends in
//! the same world as if nothing had happened.

mod build;
mod control;
mod effects;
mod journal;
mod ledger;
mod page;
mod parallel;
mod publish;
mod release;

use crate::harness::{Run, Setting};
use shiponce_rehearsal::Index;

/// SIGKILL.
const KILLED: Option<i32> = Some(9);

/// Both indexes hold the same `count` files, and each was stored exactly once, whatever was sent.
#[track_caller]
fn assert_stored_once(setting: &Setting, count: usize, what: &str) {
    assert_eq!(setting.files(Index::Pypi), setting.files(Index::TestPypi), "{what}");
    for index in Index::ALL {
        assert_eq!(setting.files(index).len(), count, "{what} on {index}");
        assert_eq!(setting.stores(index), count, "{what} on {index}");
    }
}

/// The killed run did end by the kill.
#[track_caller]
fn assert_killed(run: &Run, what: &str) {
    assert_eq!(run.signal, KILLED, "{what}: {}", run.stderr);
}
