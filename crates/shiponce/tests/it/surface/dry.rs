//! Plans and dry runs: every read, and no lease, no row, no file, no write.

use super::demo;
use crate::bad_input::said;
use crate::harness::Setting;
use insta::assert_snapshot;
use shiponce_rehearsal::Index;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Every file below a folder with its bytes; nothing when the folder is not there.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let Ok(entries) = fs_err::read_dir(folder) else { return files };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.insert(path.clone(), Vec::new());
            files.extend(snapshot(&path));
        } else {
            let bytes = fs_err::read(&path).unwrap();
            // SQLite makes these two when a ledger is opened, also for reading; a row would be in the first.
            let name = path.file_name().unwrap().to_string_lossy();
            if (name.ends_with("-wal") && bytes.is_empty()) || name.ends_with("-shm") {
                continue;
            }
            files.insert(path, bytes);
        }
    }
    files
}

/// Runs to this code; no upload was sent, and neither state, project nor home have changed.
#[track_caller]
fn leaves_no_trace(setting: &Setting, code: i32, args: &[&str]) -> String {
    let folders = ["state", "project", "tmp"].map(|name| setting.path(name));
    let before = folders.clone().map(|folder| snapshot(&folder));
    let writes = Index::ALL.map(|index| setting.world().writes(index));
    let run = setting.shiponce(args).expect(code);
    assert_eq!(Index::ALL.map(|index| setting.world().writes(index)), writes);
    for (folder, before) in folders.iter().zip(before) {
        let after = snapshot(folder);
        let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&after), names(&before));
        assert!(after == before, "a file of {} has changed", folder.display());
    }
    said(setting, &run)
}

/// Nobody has ever pressed: the state folder is not even made.
fn untouched() -> Setting {
    let setting = Setting::tiny();
    fs_err::remove_dir(setting.path("state")).unwrap();
    setting
}

#[test]
fn before_the_first_press() {
    let setting = untouched();
    assert_snapshot!(leaves_no_trace(&setting, 0, &["plan"]), @"
    [INFO] [DRY RUN] Would check: http://127.0.0.1:PORT/test/pypi/tiny/json
    [INFO] [DRY RUN] Would check: http://127.0.0.1:PORT/prod/pypi/tiny/json
    [INFO] Plan for tiny 1.0.0: build, then
    [INFO]   testpypi (127.0.0.1:PORT): nothing there, upload what the build makes
    [INFO]   pypi (127.0.0.1:PORT): nothing there, upload what the build makes
    ");
    leaves_no_trace(&setting, 0, &["release", "--dry-run"]);
    leaves_no_trace(&setting, 10, &["plan", "--detailed-exitcode"]);
    assert!(!setting.path("state").exists());
}

#[test]
fn after_a_press() {
    let setting = Setting::tiny();
    setting.shiponce(["release", "--yes"]).expect(0);
    assert_snapshot!(leaves_no_trace(&setting, 0, &["plan"]), @"
    [INFO] [DRY RUN] Would check: http://127.0.0.1:PORT/test/pypi/tiny/json
    [INFO] [DRY RUN] Would check: http://127.0.0.1:PORT/prod/pypi/tiny/json
    [WARNING] Version 1.0.0 already exists on 127.0.0.1:PORT (since [time])
    [WARNING] Skipping testpypi publish - version already exists
    [WARNING] Version 1.0.0 already exists on 127.0.0.1:PORT (since [time])
    [WARNING] Skipping production pypi publish - version already exists
    [INFO] Plan for tiny 1.0.0, 1 file:
    [INFO]   testpypi (127.0.0.1:PORT): 1 of 1 there, 0 to upload
    [INFO]   pypi (127.0.0.1:PORT): 1 of 1 there, 0 to upload
    ");
    leaves_no_trace(&setting, 0, &["plan", "--detailed-exitcode"]);
    leaves_no_trace(&setting, 0, &["release", "--dry-run", "--force"]);
}

#[test]
fn of_files() {
    let setting = demo();
    fs_err::remove_dir(setting.path("state")).unwrap();
    assert_snapshot!(leaves_no_trace(&setting, 0, &["publish", "--dry-run"]), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    [INFO] [DRY RUN] Would check: http://127.0.0.1:PORT/test/pypi/demo/json
    [INFO] [DRY RUN] Would check: http://127.0.0.1:PORT/prod/pypi/demo/json
    [INFO] Plan for demo 1.0, 2 files:
    [INFO]   testpypi (127.0.0.1:PORT): 0 of 2 there, 2 to upload
    [INFO]     upload   demo-1.0-py3-none-any.whl: not there
    [INFO]     upload   demo-1.0.tar.gz: not there
    [INFO]   pypi (127.0.0.1:PORT): 0 of 2 there, 2 to upload
    [INFO]     upload   demo-1.0-py3-none-any.whl: not there
    [INFO]     upload   demo-1.0.tar.gz: not there
    ");
    assert!(!setting.path("state").exists());
    setting.shiponce(["publish", "--yes"]).expect(0);
    assert_snapshot!(leaves_no_trace(&setting, 0, &["publish", "--dry-run"]), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    [INFO] [DRY RUN] Would check: http://127.0.0.1:PORT/test/pypi/demo/json
    [INFO] [DRY RUN] Would check: http://127.0.0.1:PORT/prod/pypi/demo/json
    [WARNING] Version 1.0 already exists on 127.0.0.1:PORT (since [time])
    [WARNING] Skipping testpypi publish - version already exists
    [WARNING] Version 1.0 already exists on 127.0.0.1:PORT (since [time])
    [WARNING] Skipping production pypi publish - version already exists
    [INFO] Plan for demo 1.0, 2 files:
    [INFO]   testpypi (127.0.0.1:PORT): 2 of 2 there, 0 to upload
    [INFO]   pypi (127.0.0.1:PORT): 2 of 2 there, 0 to upload
    ");
}

/// What a press would refuse, a plan refuses with the same code.
#[test]
fn of_what_would_be_refused() {
    let setting = demo();
    setting.shiponce(["publish", "--yes"]).expect(0);
    crate::harness::wheel(&setting.project().join("dist"), "demo", "1.0", "py3-none-any", "two");
    leaves_no_trace(&setting, 4, &["publish", "--dry-run"]);
    setting.world().add_fault("prod.any:*:captive-portal".parse().unwrap());
    leaves_no_trace(&setting, 5, &["publish", "--dry-run", "--index", "pypi"]);
    let setting = Setting::tiny();
    setting.world().add_fault("test.any:*:captive-portal".parse().unwrap());
    leaves_no_trace(&setting, 5, &["plan"]);
    fs_err::write(setting.project().join("new.py"), "").unwrap();
    leaves_no_trace(&setting, 1, &["plan"]);
}

#[test]
fn a_plan_is_kept_in_a_file() {
    let setting = untouched();
    let path = setting.path("plan.json");
    let run = setting.shiponce(["plan", "--json", "--out", path.to_str().unwrap()]).expect(0);
    assert_eq!(fs_err::read_to_string(&path).unwrap(), run.stdout);
    let run = setting
        .shiponce(["plan", "--out", setting.path("no/such/folder/plan.json").to_str().unwrap()])
        .expect(2);
    assert!(run.stderr.contains("error[usage]"), "{}", run.stderr);
}
