//! Control experiments: the same kills with the ledger's memory taken away in between. What the other tests promise
//! does not hold then, so it is the ledger that keeps it, and those tests can fail.

use super::assert_killed;
use crate::harness::{Point, Run, Setting, kill_now, python, strike, wheel};
use shiponce_rehearsal::{Index, Lag, Moment};
use std::process::Command;
use std::time::Duration;

/// Takes rows out of the ledger.
fn forget(setting: &Setting, table: &str) {
    #[expect(clippy::disallowed_methods, reason = "somebody else writes in the ledger")]
    let mut command = Command::new(python());
    let script = "import sqlite3, sys\nbase = sqlite3.connect(sys.argv[1])\nassert base.execute(f'DELETE FROM {sys.argv[2]}').rowcount\nbase.commit()";
    command.args(["-c", script]).arg(setting.path("state/ledger.sqlite3")).arg(table);
    Run::of(command).expect(0);
}

#[test]
fn without_its_journal_an_accepted_file_that_is_not_shown_is_sent_again() {
    let setting = Setting::new();
    wheel(&setting.project().join("dist"), "demo", "1.0", "py3-none-any", "one");
    let lag = Lag::For(Duration::from_secs(60));
    setting.world().lag(Index::TestPypi, lag, lag);
    let point = Point::Upload(Moment::AfterEffect, Index::TestPypi, 0);
    let (run, struck) = strike(&setting, &["publish", "--yes"], point, kill_now);
    assert!(struck, "{}", run.stderr);
    assert_killed(&run, "after the upload");
    forget(&setting, "journal");
    // It waits for a page that is old on purpose, so it is stopped as soon as it has sent.
    let again = Point::Upload(Moment::AfterEffect, Index::TestPypi, 0);
    let (_, sent) = strike(&setting, &["publish", "--yes"], again, kill_now);
    assert!(sent, "it was not sent a second time");
    assert_eq!(setting.stores(Index::TestPypi), 1, "the index itself takes a name once");
}

#[test]
fn without_its_manifest_a_killed_release_builds_other_bytes_and_is_refused() {
    let setting = Setting::tiny();
    let point = Point::Upload(Moment::AfterEffect, Index::TestPypi, 0);
    let (run, struck) = strike(&setting, &["release", "--yes"], point, kill_now);
    assert!(struck, "{}", run.stderr);
    assert_killed(&run, "after the upload");
    forget(&setting, "manifest");
    let run = setting.shiponce(["release", "--yes", "--json"]).expect(4);
    assert_eq!(run.json()["error"]["code"], "file-conflict", "{}", run.stdout);
    assert_eq!(setting.stores(Index::TestPypi), 1);
    assert_eq!(setting.world().writes(Index::Pypi), 0);
}
