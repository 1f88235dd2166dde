//! What is published is proven to be this commit's.

use super::{Begun, NATIVE, PRESS, PURE};
use shiponce_rehearsal::Index::{Pypi, TestPypi};

#[test]
fn a_fresh_clone_adopts_the_release_and_builds_nothing() {
    let begun = Begun::whole();
    begun.attest(Pypi, |as_it_is| as_it_is);
    let elsewhere = begun.elsewhere();
    let run = elsewhere.silent(0, &PRESS);
    assert_eq!(run.json()["outcome"], "nothing-to-do");
    assert_eq!(run.json()["commit"], begun.commit.as_str());
    assert_eq!(run.json()["files"][0]["sha256"], begun.setting.files(Pypi)[PURE].as_str());
    assert!(run.stderr.contains("1 file published from this commit, nothing built"), "{}", run.stderr);
    // From now on this machine knows.
    let again = elsewhere.silent(0, &PRESS);
    assert!(again.stderr.contains("1 file frozen before, nothing built"), "{}", again.stderr);
    assert_eq!(again.json()["manifest_sha256"], run.json()["manifest_sha256"]);
}

#[test]
fn a_deleted_ledger_is_a_fresh_machine() {
    let begun = Begun::whole();
    begun.attest(Pypi, |as_it_is| as_it_is);
    let elsewhere = begun.elsewhere();
    elsewhere.silent(0, &PRESS);
    fs_err::remove_dir_all(begun.setting.path("fresh-state")).unwrap();
    let run = elsewhere.silent(0, &PRESS);
    assert!(run.stderr.contains("published from this commit, nothing built"), "{}", run.stderr);
}

#[test]
fn half_a_release_is_finished_with_the_bytes_of_the_test_index() {
    let begun = Begun::half();
    begun.attest(Pypi, |as_it_is| as_it_is);
    begun.attest(TestPypi, |as_it_is| as_it_is);
    let missing =
        begun.setting.files(TestPypi).into_keys().find(|name| !begun.setting.files(Pypi).contains_key(name));
    let missing = missing.unwrap();
    let sent = begun.setting.stores(Pypi);
    let elsewhere = begun.elsewhere();
    let run = elsewhere.run(&PRESS).expect(0);
    assert!(
        run.stderr.contains(&format!("Fetching {missing} from testpypi by its digest")),
        "{}",
        run.stderr
    );
    assert_eq!(begun.setting.stores(Pypi), sent + 1, "one file was missing");
    assert_eq!(begun.setting.files(Pypi), begun.setting.files(TestPypi));
    assert_eq!(begun.setting.files(Pypi).keys().collect::<Vec<_>>(), [NATIVE, PURE]);
    elsewhere.silent(0, &PRESS);
}

#[test]
fn a_file_of_the_test_index_that_nothing_ties_to_the_commit_is_left_out_and_said() {
    let begun = Begun::half();
    begun.attest(Pypi, |as_it_is| as_it_is);
    let run = begun.elsewhere().silent(0, &PRESS);
    assert!(run.stderr.contains("too, and nothing ties it to this commit"), "{}", run.stderr);
}
