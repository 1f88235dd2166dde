//! Names that hold something else, or are never free again.

use super::{dist, refused, said};
use crate::harness::{Setting, sdist, wheel};
use crate::peers::sqlite;
use insta::assert_snapshot;
use jiff::{SignedDuration, Timestamp};
use shiponce_rehearsal::Index;

const PUBLISH: [&str; 4] = ["publish", "--yes", "--index", "pypi"];
const WHEEL: &str = "demo-1.0-py3-none-any.whl";

fn published(content: &str) -> Setting {
    let setting = Setting::new();
    wheel(&dist(&setting), "demo", "1.0", "py3-none-any", content);
    setting.shiponce(PUBLISH).expect(0);
    setting
}

fn now() -> Timestamp {
    Timestamp::now()
}

#[test]
fn other_bytes_under_the_same_name() {
    let mut setting = published("one");
    wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "two");
    // Another machine: nothing is known but what the index says.
    setting.set("SHIPONCE_STATE_DIR", setting.path("other-state"));
    let before = setting.files(Index::Pypi);
    assert_snapshot!(refused(&setting, 4, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[file-conflict]: demo-1.0-py3-none-any.whl is on pypi with other bytes
      here  [short]
      there [short]  uploaded [time]
    Nothing was uploaded by this run.
    hint: release 1.0.post1, or resume the original bytes: shiponce publish FILES
    ");
    assert_eq!(setting.files(Index::Pypi), before);
}

#[test]
fn other_bytes_than_this_machine_froze() {
    let setting = published("one");
    wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "two");
    assert_snapshot!(refused(&setting, 4, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[file-conflict]: demo-1.0-py3-none-any.whl is on pypi with other bytes
      here  [short]
      there [short]  uploaded [time]
    Nothing was uploaded by this run.
    hint: release 1.0.post1, or resume the original bytes: shiponce publish FILES
    ");
}

/// One of two files conflicts: the other one is not sent either.
#[test]
fn one_conflict_stops_all() {
    let mut setting = published("one");
    wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "two");
    sdist(&dist(&setting), "demo", "1.0", "two");
    setting.set("SHIPONCE_STATE_DIR", setting.path("other-state"));
    assert_snapshot!(refused(&setting, 4, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[file-conflict]: demo-1.0-py3-none-any.whl is on pypi with other bytes
      here  [short]
      there [short]  uploaded [time]
    Nothing was uploaded by this run.
    hint: release 1.0.post1, or resume the original bytes: shiponce publish FILES
    ");
    assert_eq!(setting.files(Index::Pypi).len(), 1);
}

#[test]
fn a_burned_name() {
    let mut setting = published("one");
    assert!(setting.world().delete_file(Index::Pypi, "demo", WHEEL, now()));
    wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "two");
    setting.set("SHIPONCE_STATE_DIR", setting.path("other-state"));
    // No page tells that a name is burned: the first press has to ask, and is told.
    let run = setting.shiponce(PUBLISH).expect(4);
    assert_snapshot!(said(&setting, &run), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    [INFO] Plan for demo 1.0, 1 file:
    [INFO]   pypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   demo-1.0-py3-none-any.whl: not there
    [INFO] Credential for pypi: environment REHEARSAL_PROD_TOKEN
    [INFO] Uploading demo-1.0-py3-none-any.whl to pypi
    [WARNING] pypi refused demo-1.0-py3-none-any.whl: This filename was previously used by a file that has since been deleted. Use a different version. See http://127.0.0.1:PORT/prod/help/#file-name-reuse for more information.
    error[file-name-burned]: demo-1.0-py3-none-any.whl was deleted from pypi once; the name is never free again
    Nothing was uploaded to pypi by this run.
    hint: release 1.0.post1
    hint: from the same source: shiponce release --version-suffix .post1, or shiponce publish FILES --version-suffix .post1
    ");
    assert_eq!(setting.stores(Index::Pypi), 1, "only the first upload stored anything");
    // The second press knows.
    assert_snapshot!(refused(&setting, 4, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[file-name-burned]: demo-1.0-py3-none-any.whl was deleted from pypi once; the name is never free again
    Nothing was uploaded by this run.
    hint: release 1.0.post1
    hint: from the same source: shiponce release --version-suffix .post1, or shiponce publish FILES --version-suffix .post1
    ");
}

#[test]
fn a_release_that_closed_with_a_file_missing() {
    let setting = Setting::new();
    setting.world().advance(-SignedDuration::from_hours(15 * 24));
    wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "one");
    setting.shiponce(PUBLISH).expect(0);
    setting.world().advance(SignedDuration::from_hours(15 * 24));
    sdist(&dist(&setting), "demo", "1.0", "one");
    assert_snapshot!(refused(&setting, 6, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[partial]: demo 1.0: 1 of 2 files on pypi, 1 missing; the release closed [time]
      missing 1.0 of demo closed on [time]; demo-1.0.tar.gz can no longer be added [release-closed]
    Nothing was uploaded by this run.
    hint: release 1.0.post1
    hint: press again: what is there is skipped, what is missing is sent; in CI re-run the failed jobs, not all jobs, because a rebuild makes other bytes
    ");
}

/// Nothing of ours is there, so nothing is partial: it is the conflict.
#[test]
fn a_release_that_closed_with_files_of_others() {
    let mut setting = Setting::new();
    setting.world().advance(-SignedDuration::from_hours(15 * 24));
    let first = wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "one");
    setting.shiponce(PUBLISH).expect(0);
    setting.world().advance(SignedDuration::from_hours(15 * 24));
    fs_err::remove_file(first).unwrap();
    sdist(&dist(&setting), "demo", "1.0", "one");
    setting.set("SHIPONCE_STATE_DIR", setting.path("other-state"));
    assert_snapshot!(refused(&setting, 4, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[release-closed]: 1.0 of demo closed on [time]; demo-1.0.tar.gz can no longer be added
      opened [time]
    pypi takes no new files 14 days after the first file of a release.
    Nothing was uploaded by this run.
    hint: release 1.0.post1
    ");
}

#[test]
fn a_second_sdist() {
    let mut setting = Setting::new();
    let first = sdist(&dist(&setting), "demo", "1.0", "one");
    setting.shiponce(PUBLISH).expect(0);
    fs_err::remove_file(first).unwrap();
    sdist(&dist(&setting), "demo", "1.0.0", "two");
    setting.set("SHIPONCE_STATE_DIR", setting.path("other-state"));
    assert_snapshot!(refused(&setting, 4, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[second-sdist]: the release has the sdist demo-1.0.tar.gz on pypi; demo-1.0.0.tar.gz cannot be added
    Nothing was uploaded by this run.
    hint: release 1.0.0.post1, or leave demo-1.0.0.tar.gz out
    ");
}

#[test]
fn the_same_bytes_under_another_name() {
    let setting = published("one");
    let first = dist(&setting).join(WHEEL);
    fs_err::rename(&first, dist(&setting).join("demo-1.0-1-py3-none-any.whl")).unwrap();
    assert_snapshot!(refused(&setting, 4, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[same-bytes-other-name]: pypi holds the bytes of demo-1.0-1-py3-none-any.whl as demo-1.0-py3-none-any.whl
      sha256 [sha256]
    Nothing was uploaded by this run.
    hint: an index refuses equal bytes twice; change the content, not only the name
    ");
}

#[test]
fn files_that_are_not_in_the_approved_manifest() {
    let approved = published("one");
    let text = sqlite(&approved.path("state/ledger.sqlite3"), "SELECT body FROM manifest");
    let setting = Setting::new();
    let manifest = setting.path("approved.json");
    fs_err::write(&manifest, text).unwrap();
    wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "two");
    let args = ["publish", "--yes", "--manifest", manifest.to_str().unwrap()];
    assert_snapshot!(super::refused_unheard(&setting, 4, &args), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[manifest-mismatch]: demo-1.0-py3-none-any.whl is frozen with sha256 [sha256], not [sha256]
    Nothing was uploaded by this run.
    hint: publish exactly the files the manifest names
    ");
    let other = "0".repeat(64);
    let args = [&args[..], &["--manifest-sha256", &other]].concat();
    assert_snapshot!(super::refused_unheard(&setting, 4, &args), @"
    error[manifest-mismatch]: [folder]/approved.json is not the manifest that was approved
      approved [sha256]
      here     [sha256]
    Nothing was uploaded by this run.
    ");
}

/// Two targets, two reasons: the one that no waiting mends decides the exit code.
#[test]
fn a_conflict_beside_an_index_that_cannot_be_read() {
    let mut setting = published("one");
    wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "two");
    setting.set("SHIPONCE_STATE_DIR", setting.path("other-state"));
    setting.world().add_fault("test.any:*:captive-portal".parse().unwrap());
    assert_snapshot!(refused(&setting, 4, &["publish", "--yes"]), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[file-conflict]: demo-1.0-py3-none-any.whl is on pypi with other bytes
      here  [short]
      there [short]  uploaded [time]
      also  testpypi could not be read, so it is not known what is there [target-unobserved]
    Nothing was uploaded by this run.
    hint: release 1.0.post1, or resume the original bytes: shiponce publish FILES
    ");
    refused(&setting, 4, &["publish", "--dry-run"]);
}
