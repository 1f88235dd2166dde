//! State folders that cannot be used.

use super::{dist, refused_unheard};
use crate::harness::{Setting, wheel};
use crate::peers::sqlite;
use insta::assert_snapshot;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

const PUBLISH: [&str; 2] = ["publish", "--yes"];

fn one_wheel() -> Setting {
    let setting = Setting::new();
    wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "one");
    setting
}

/// A file stands where the folder should be; permissions do not stop root, this stops everybody.
#[test]
fn a_state_folder_that_cannot_be_made() {
    let mut setting = one_wheel();
    fs_err::write(setting.path("file"), "").unwrap();
    setting.set("SHIPONCE_STATE_DIR", setting.path("file/state"));
    assert_snapshot!(refused_unheard(&setting, 2, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[ledger-unusable]: cannot keep the ledger in `[folder]/file/state`
      caused by: could not make the private folder `[folder]/file/state`
      caused by: failed to create directory `[folder]/file`: File exists (os error 17)
    Nothing was uploaded by this run.
    hint: name another state directory with --state-dir, on a local disk that only you can read
    ");
}

#[test]
fn a_read_only_file_system() {
    let mut setting = one_wheel();
    setting.set("SHIPONCE_STATE_DIR", "/proc/shiponce-state");
    assert_snapshot!(refused_unheard(&setting, 2, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[ledger-unusable]: cannot keep the ledger in `/proc/shiponce-state`
      caused by: could not make the private folder `/proc/shiponce-state`
      caused by: No such file or directory (os error 2)
    Nothing was uploaded by this run.
    hint: name another state directory with --state-dir, on a local disk that only you can read
    ");
}

/// A folder of one's own that others could enter is made private before anything is written into it.
#[test]
fn a_state_folder_that_others_can_write() {
    let setting = one_wheel();
    fs_err::set_permissions(setting.path("state"), Permissions::from_mode(0o777)).unwrap();
    setting.shiponce(PUBLISH).expect(0);
    let mode = fs_err::metadata(setting.path("state")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn a_ledger_of_a_newer_version() {
    let setting = one_wheel();
    setting.shiponce(["publish", "--yes"]).expect(0);
    let ledger = setting.path("state/ledger.sqlite3");
    let newer = "INSERT INTO migration SELECT number + 100, name, checksum FROM migration";
    sqlite(&ledger, newer);
    assert_snapshot!(refused_unheard(&setting, 2, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[ledger-unusable]: the ledger `[folder]/state/ledger.sqlite3` has schema 8, this shiponce knows 4
    Nothing was uploaded by this run.
    hint: use the newer shiponce that wrote it
    ");
}

#[test]
fn a_ledger_that_is_no_database() {
    let setting = one_wheel();
    setting.shiponce(["publish", "--yes"]).expect(0);
    for name in ["ledger.sqlite3-wal", "ledger.sqlite3-shm"] {
        drop(fs_err::remove_file(setting.path("state").join(name)));
    }
    fs_err::write(setting.path("state/ledger.sqlite3"), "this is no database, only some text\n".repeat(40))
        .unwrap();
    assert_snapshot!(refused_unheard(&setting, 2, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[ledger-unusable]: `[folder]/state/ledger.sqlite3` is not a shiponce ledger
    Nothing was uploaded by this run.
    hint: name another state directory with --state-dir, on a local disk that only you can read
    ");
}
