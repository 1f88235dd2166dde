//! Files that do not install, do not import or report another version: production hears nothing.

use super::{dist, said};
use crate::harness::{Setting, wheel};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use insta::assert_snapshot;
use sha2::{Digest as _, Sha256};
use shiponce_rehearsal::Index;

/// A release of one wheel whose module has this text.
fn with_module(text: &str) -> Setting {
    let setting = Setting::tiny();
    let path = wheel(&dist(&setting), "tiny", "1.0.0", "py3-none-any", &format!("doc\"\"\"\n{text}\n\"\"\""));
    assert!(path.is_file());
    setting
}

/// Fails with code 1, and production has had no write.
#[track_caller]
fn fails(setting: &Setting) -> String {
    let run = setting.shiponce(["release", "--skip-build", "--allow-dirty", "--yes"]).expect(1);
    assert_eq!(setting.world().writes(Index::Pypi), 0);
    assert_eq!(setting.stores(Index::TestPypi), 1, "it was tested from the test index");
    said(setting, &run)
}

#[test]
fn the_import_fails() {
    assert_snapshot!(fails(&with_module("import no_such_module_anywhere")), @"
    [WARNING] changed since the commit: 1 file (first: dist/tiny-1.0.0-py3-none-any.whl)
    [INFO] Taking the files in [folder]/project/dist
    [INFO] Plan for tiny 1.0.0, 1 file:
    [INFO]   testpypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   tiny-1.0.0-py3-none-any.whl: not there
    [INFO]   pypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   tiny-1.0.0-py3-none-any.whl: not there
    [INFO] Credential for testpypi: environment REHEARSAL_TEST_TOKEN
    [INFO] Uploading tiny-1.0.0-py3-none-any.whl to testpypi
    [SUCCESS] tiny-1.0.0-py3-none-any.whl is on testpypi (read back)
    [SUCCESS] tiny 1.0.0 is on testpypi
    [INFO] testpypi: what installers read here shows 1 file: simple-json (serial 1), simple-html (serial 1), json (serial 1)
    [WARNING] REHEARSAL_PROD_TOKEN, REHEARSAL_TEST_TOKEN: set here, not seen by the build and the tests
    [INFO] Testing installation from testpypi...
    [INFO] Installing tiny from testpypi...
    [SUCCESS] Package installed from testpypi
    error[install-verification-failed]: [ERROR] Failed to import tiny
      output [the tool's words]
    hint: tiny-1.0.0-py3-none-any.whl was installed from testpypi; nothing was sent to production. Mend it and release a new version
    ");
}

#[test]
fn the_import_ends_the_process() {
    assert_snapshot!(fails(&with_module("import os; os._exit(3)")), @"
    [WARNING] changed since the commit: 1 file (first: dist/tiny-1.0.0-py3-none-any.whl)
    [INFO] Taking the files in [folder]/project/dist
    [INFO] Plan for tiny 1.0.0, 1 file:
    [INFO]   testpypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   tiny-1.0.0-py3-none-any.whl: not there
    [INFO]   pypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   tiny-1.0.0-py3-none-any.whl: not there
    [INFO] Credential for testpypi: environment REHEARSAL_TEST_TOKEN
    [INFO] Uploading tiny-1.0.0-py3-none-any.whl to testpypi
    [SUCCESS] tiny-1.0.0-py3-none-any.whl is on testpypi (read back)
    [SUCCESS] tiny 1.0.0 is on testpypi
    [INFO] testpypi: what installers read here shows 1 file: simple-json (serial 1), simple-html (serial 1), json (serial 1)
    [WARNING] REHEARSAL_PROD_TOKEN, REHEARSAL_TEST_TOKEN: set here, not seen by the build and the tests
    [INFO] Testing installation from testpypi...
    [INFO] Installing tiny from testpypi...
    [SUCCESS] Package installed from testpypi
    error[install-verification-failed]: importing tiny ended the process with exit code 3
    hint: a package must survive its own import; nothing was sent to production
    ");
}

#[test]
fn another_version_is_reported() {
    let setting = with_module("pass");
    setting.write_config("[verify]\nversion = \"tiny.VERSION\"\n");
    let path = dist(&setting);
    wheel(&path, "tiny", "1.0.0", "py3-none-any", "doc\"\"\"\nVERSION = \"0.9\"\n\"\"\"");
    assert_snapshot!(fails(&setting), @r#"
    [WARNING] changed since the commit: 1 file (first: dist/tiny-1.0.0-py3-none-any.whl)
    [INFO] Taking the files in [folder]/project/dist
    [INFO] Plan for tiny 1.0.0, 1 file:
    [INFO]   testpypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   tiny-1.0.0-py3-none-any.whl: not there
    [INFO]   pypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   tiny-1.0.0-py3-none-any.whl: not there
    [INFO] Credential for testpypi: environment REHEARSAL_TEST_TOKEN
    [INFO] Uploading tiny-1.0.0-py3-none-any.whl to testpypi
    [SUCCESS] tiny-1.0.0-py3-none-any.whl is on testpypi (read back)
    [SUCCESS] tiny 1.0.0 is on testpypi
    [INFO] testpypi: what installers read here shows 1 file: simple-json (serial 1), simple-html (serial 1), json (serial 1)
    [WARNING] REHEARSAL_PROD_TOKEN, REHEARSAL_TEST_TOKEN: set here, not seen by the build and the tests
    [INFO] Testing installation from testpypi...
    [INFO] Installing tiny from testpypi...
    [SUCCESS] Package installed from testpypi
    error[install-verification-failed]: the installed package reports version "0.9", expected 1.0.0
    hint: tiny-1.0.0-py3-none-any.whl was installed from testpypi; nothing was sent to production. Mend it and release a new version
    "#);
}

#[test]
fn a_check_of_the_users_fails() {
    let setting = with_module("pass");
    setting.write_config("[verify]\ncommands = [[\"python\", \"-c\", \"raise SystemExit('no good')\"]]\n");
    assert_snapshot!(fails(&setting), @"
    [WARNING] changed since the commit: 1 file (first: dist/tiny-1.0.0-py3-none-any.whl)
    [INFO] Taking the files in [folder]/project/dist
    [INFO] Plan for tiny 1.0.0, 1 file:
    [INFO]   testpypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   tiny-1.0.0-py3-none-any.whl: not there
    [INFO]   pypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   tiny-1.0.0-py3-none-any.whl: not there
    [INFO] Credential for testpypi: environment REHEARSAL_TEST_TOKEN
    [INFO] Uploading tiny-1.0.0-py3-none-any.whl to testpypi
    [SUCCESS] tiny-1.0.0-py3-none-any.whl is on testpypi (read back)
    [SUCCESS] tiny 1.0.0 is on testpypi
    [INFO] testpypi: what installers read here shows 1 file: simple-json (serial 1), simple-html (serial 1), json (serial 1)
    [WARNING] REHEARSAL_PROD_TOKEN, REHEARSAL_TEST_TOKEN: set here, not seen by the build and the tests
    [INFO] Testing installation from testpypi...
    [INFO] Installing tiny from testpypi...
    [SUCCESS] Package installed from testpypi
    [SUCCESS] tiny version: 1.0.0
    error[install-verification-failed]: [verify] command `python -c raise SystemExit('no good')` ended with exit code 1
      output [the tool's words]
    ");
}

#[test]
fn it_does_not_install() {
    let setting = Setting::tiny();
    let path = wheel(&dist(&setting), "tiny", "1.0.0", "py3-none-any", "one");
    with_dependency(&path, "tiny-has-no-such-dependency==99");
    assert_snapshot!(fails(&setting), @"
    [WARNING] changed since the commit: 1 file (first: dist/tiny-1.0.0-py3-none-any.whl)
    [INFO] Taking the files in [folder]/project/dist
    [INFO] Plan for tiny 1.0.0, 1 file:
    [INFO]   testpypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   tiny-1.0.0-py3-none-any.whl: not there
    [INFO]   pypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   tiny-1.0.0-py3-none-any.whl: not there
    [INFO] Credential for testpypi: environment REHEARSAL_TEST_TOKEN
    [INFO] Uploading tiny-1.0.0-py3-none-any.whl to testpypi
    [SUCCESS] tiny-1.0.0-py3-none-any.whl is on testpypi (read back)
    [SUCCESS] tiny 1.0.0 is on testpypi
    [INFO] testpypi: what installers read here shows 1 file: simple-json (serial 1), simple-html (serial 1), json (serial 1)
    [WARNING] REHEARSAL_PROD_TOKEN, REHEARSAL_TEST_TOKEN: set here, not seen by the build and the tests
    [INFO] Testing installation from testpypi...
    [INFO] Installing tiny from testpypi...
    error[install-verification-failed]: tiny-1.0.0-py3-none-any.whl does not install from testpypi
      output [the tool's words]
    hint: if an index or the network failed, press again: the same files are tried again
    hint: otherwise mend the package and release a new version; nothing was sent to production
    ");
}

/// Adds a requirement to the metadata of a wheel, and the new digest to its RECORD.
fn with_dependency(path: &std::path::Path, requirement: &str) {
    let metadata = std::cell::RefCell::new(String::new());
    super::bytes::rewritten(path, |name, text| match name {
        "tiny-1.0.0.dist-info/METADATA" => {
            let text = text.replacen("Summary:", &format!("Requires-Dist: {requirement}\nSummary:"), 1);
            metadata.borrow_mut().clone_from(&text);
            text
        }
        "tiny-1.0.0.dist-info/RECORD" => {
            let lines = text.lines().map(|line| {
                if line.starts_with("tiny-1.0.0.dist-info/METADATA,") {
                    let text = metadata.borrow();
                    let digest = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&*text));
                    format!("tiny-1.0.0.dist-info/METADATA,sha256={digest},{}\n", text.len())
                } else {
                    format!("{line}\n")
                }
            });
            lines.collect()
        }
        _ => text,
    });
}

#[test]
fn every_file_that_fails_is_listed() {
    let setting = Setting::tiny();
    let broken = "doc\"\"\"\nimport no_such_module_anywhere\n\"\"\"";
    wheel(&dist(&setting), "tiny", "1.0.0", "py3-none-any", broken);
    wheel(&dist(&setting), "tiny", "1.0.0", "py2.py3-none-any", broken);
    let run = setting.shiponce(["verify", "--dist-dir", "dist", "--json"]).expect(1);
    let document = run.json();
    let rows = document["files"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["status"] == "failed"), "{}", run.stdout);
    let facts = document["error"]["facts"].as_array().unwrap();
    let also = facts.iter().find(|fact| fact["label"] == "also").unwrap();
    assert_eq!(also["text"], "tiny-1.0.0-py3-none-any.whl: [ERROR] Failed to import tiny");
    // One that is good beside one that is not is called good.
    wheel(&dist(&setting), "tiny", "1.0.0", "py3-none-any", "good");
    let run = setting.shiponce(["verify", "--dist-dir", "dist", "--json"]).expect(1);
    let document = run.json();
    let words: Vec<&str> =
        document["files"].as_array().unwrap().iter().map(|row| row["status"].as_str().unwrap()).collect();
    assert_eq!(words, ["failed", "verified"]);
}
