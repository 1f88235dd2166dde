//! Indexes that cannot be read: nothing is written because of it, within a bounded time.

use super::{dist, refused};
use crate::harness::{Setting, wheel};
use crate::peers::black_hole;
use insta::assert_snapshot;
use shiponce_rehearsal::{FaultSpec, Index};

const PUBLISH: [&str; 4] = ["publish", "--yes", "--index", "pypi"];

fn with_fault(spec: &str) -> Setting {
    let fault: FaultSpec = spec.parse().unwrap();
    let setting = Setting::with(|config| {
        config.fault(fault);
    });
    wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "one");
    setting
}

/// One wheel for an index at this port of the machine.
fn at_port(port: u16) -> Setting {
    let setting = Setting::new();
    wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "one");
    let table = format!(
        "[index.gone]\nrole = \"production\"\nupload = \"http://127.0.0.1:{port}/legacy/\"\nsimple = \"http://127.0.0.1:{port}/simple/\"\nimmutable = \"yes\"\ntoken-env = [\"REHEARSAL_PROD_TOKEN\"]\n"
    );
    fs_err::write(setting.path("shiponce.toml"), table).unwrap();
    setting
}

#[test]
fn nobody_listens() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let setting = at_port(port);
    assert_snapshot!(refused(&setting, 5, &["publish", "--yes"]), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[target-unobserved]: gone could not be read, so it is not known what is there
      caused by: GET to `127.0.0.1:PORT` failed while connecting: error sending request: client error (Connect): tcp connect error: Connection refused (os error 111) (4 of 4 attempts, 3 s)
    Nothing was uploaded by this run.
    hint: press again when the index answers; --on-unknown attempt goes on without knowing
    ");
}

/// The longest of these tests: a reading has a minute in all, and an index that hangs uses it up. So does one whose
/// packets are dropped on the way; the two wait together.
#[test]
fn it_never_answers() {
    let (hole, port) = black_hole();
    let (hanging, dropping) = (with_fault("prod.any:*:hang"), at_port(port));
    let runs = [hanging.spawn(PUBLISH), dropping.spawn(["publish", "--yes"])];
    for (run, name) in runs.into_iter().zip(["pypi", "gone"]) {
        let said = run.wait().expect(5).stderr;
        assert!(said.contains(&format!("error[target-unobserved]: {name} could not be read")), "{said}");
        assert!(said.contains("Nothing was uploaded by this run."), "{said}");
    }
    assert_eq!(hanging.world().writes(Index::Pypi), 0);
    drop(hole);
}

#[test]
fn it_answers_503_for_ever() {
    assert_snapshot!(refused(&with_fault("prod.any:*:503"), 5, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[target-unobserved]: pypi could not be read, so it is not known what is there
      caused by: `http://127.0.0.1:PORT/prod/simple/demo/` answered 503 Service Unavailable (4 of 4 attempts, 3 s)
    Nothing was uploaded by this run.
    hint: press again when the index answers; --on-unknown attempt goes on without knowing
    ");
}

#[test]
fn a_captive_portal_answers_in_its_place() {
    assert_snapshot!(refused(&with_fault("prod.any:*:captive-portal"), 5, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[target-unobserved]: pypi could not be read, so it is not known what is there
      caused by: `http://127.0.0.1:PORT/prod/simple/demo/` answered 200, but the page asks for a login or sends the browser elsewhere
    Nothing was uploaded by this run.
    hint: press again when the index answers; --on-unknown attempt goes on without knowing
    ");
}

#[test]
fn every_connection_dies() {
    assert_snapshot!(refused(&with_fault("prod.any:*:drop-before"), 5, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[target-unobserved]: pypi could not be read, so it is not known what is there
      caused by: GET to `127.0.0.1:PORT` broke off while waiting for the answer: error sending request: client error (SendRequest): connection closed before message completed (4 of 4 attempts, 3 s)
    Nothing was uploaded by this run.
    hint: press again when the index answers; --on-unknown attempt goes on without knowing
    ");
}

#[test]
fn a_release_stops_before_it_builds_or_tests() {
    let setting = Setting::tiny();
    setting.world().add_fault("prod.any:*:captive-portal".parse().unwrap());
    let said = refused(&setting, 5, &["release", "--yes"]);
    assert!(!said.contains("Building"), "{said}");
    assert_snapshot!(said, @"
    error[target-unobserved]: pypi could not be read, so it is not known what is there
      caused by: `http://127.0.0.1:PORT/prod/simple/tiny/` answered 200, but the page asks for a login or sends the browser elsewhere
    Nothing was uploaded by this run.
    hint: press again when the index answers; --on-unknown attempt goes on without knowing
    ");
}

/// The opt-in: what cannot be read is tried, and what the index then says is believed.
#[test]
fn attempting_without_knowing() {
    let setting = with_fault("prod.simple:1:captive-portal");
    setting.world().add_fault("prod.json:1:captive-portal".parse().unwrap());
    let run = setting.shiponce(["publish", "--yes", "--index", "pypi", "--on-unknown", "attempt"]).expect(0);
    assert!(
        run.stderr.contains("[WARNING] pypi: Package not found, assuming doesn't exist"),
        "{}",
        run.stderr
    );
    assert_eq!(setting.stores(Index::Pypi), 1);
}

/// An advisory index that cannot be read is left out with a warning.
#[test]
fn an_advisory_test_index_is_left_out() {
    let setting = Setting::tiny();
    let tables = setting.indexes().replacen("role = \"test\"", "role = \"test\"\nrequired = false", 1);
    let build = "[build]\ncommand = [\"python3\", \"build.py\", \"{dist}\"]\n";
    fs_err::write(setting.path("shiponce.toml"), tables + build).unwrap();
    setting.world().add_fault("test.any:*:captive-portal".parse().unwrap());
    let run = setting.shiponce(["release", "--yes", "--single-copy"]).expect(0);
    assert_eq!(setting.stores(Index::Pypi), 1);
    assert_snapshot!(super::said(&setting, &run), @"
    [WARNING] REHEARSAL_PROD_TOKEN, REHEARSAL_TEST_TOKEN: set here, not seen by the build and the tests
    [INFO] Building with `python3` from a clean clone of [short]
    [SUCCESS] Built tiny-1.0.0-py3-none-any.whl
    [INFO] Plan for tiny 1.0.0, 1 file:
    [INFO]   testpypi (127.0.0.1:PORT): 0 of 1 there, 0 to upload
    [INFO]     stop     tiny-1.0.0-py3-none-any.whl: not known: `http://127.0.0.1:PORT/test/simple/tiny/` answered 200, but the page asks for a login or sends the browser elsewhere
    [INFO]   pypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   tiny-1.0.0-py3-none-any.whl: not there
    [WARNING] testpypi is advisory and left out: testpypi could not be read, so it is not known whether tiny-1.0.0-py3-none-any.whl is there
    [INFO] No test index holds the files; verifying them from the local store
    [INFO] Testing installation from the local files...
    [INFO] Installing tiny from the local files...
    [SUCCESS] Package installed from the local files
    [SUCCESS] tiny version: 1.0.0
    [INFO] Credential for pypi: environment REHEARSAL_PROD_TOKEN
    [INFO] Uploading tiny-1.0.0-py3-none-any.whl to pypi
    [SUCCESS] tiny-1.0.0-py3-none-any.whl is on pypi (read back)
    [SUCCESS] tiny 1.0.0 is on pypi
    [INFO] pypi: what installers read here shows 1 file: simple-json (serial 1), simple-html (serial 1), json (serial 1)
    [SUCCESS] Complete workflow finished successfully!
    ");
}
