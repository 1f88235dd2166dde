//! What belongs to the release is stated, so that a part of it is never taken for the whole.

use super::{Begun, NATIVE, PRESS, PURE};
use crate::harness::Setting;
use shiponce_rehearsal::Index::{Pypi, TestPypi};

const BOTH: &str = "[expect]\nwheels = [\"py3-none-any\", \"cp39-abi3-manylinux2014_x86_64\"]\n";

#[test]
fn a_file_that_no_place_holds_is_named_with_the_next_version() {
    let begun = Begun::half();
    begun.attest(Pypi, |as_it_is| as_it_is);
    for name in [PURE, NATIVE] {
        assert!(begun.setting.world().delete_file(TestPypi, "tiny", name, jiff::Timestamp::now()));
    }
    let elsewhere = begun.elsewhere_with(BOTH);
    let run = elsewhere.silent(6, &PRESS);
    assert_eq!(run.json()["error"]["code"], "bytes-missing");
    let there = begun.setting.files(Pypi);
    let lost = if there.contains_key(PURE) { "tiny-1.0.0-cp39-abi3-manylinux2014_x86_64.whl" } else { PURE };
    assert!(run.stderr.contains(&format!("no place holds {lost}")), "{}", run.stderr);
    assert!(run.stderr.contains("hint: or release 1.0.0.post1"), "{}", run.stderr);
    elsewhere.silent(6, &["plan", "--json"]);
}

#[test]
fn half_a_release_is_finished_when_the_test_index_holds_the_rest() {
    let begun = Begun::half();
    begun.attest(Pypi, |as_it_is| as_it_is);
    begun.attest(TestPypi, |as_it_is| as_it_is);
    begun.elsewhere_with(BOTH).run(&PRESS).expect(0);
    assert_eq!(begun.setting.files(Pypi), begun.setting.files(TestPypi));
}

#[test]
fn a_whole_release_on_the_test_index_goes_on_to_production() {
    let setting = Setting::with(|config| {
        config.released_here("tiny");
        config.faults.push("prod.upload:1:read-only".parse().unwrap());
    });
    crate::harness::project::tiny(&setting.project());
    setting.write_config(super::BUILD);
    assert_ne!(setting.shiponce(["release", "--yes"]).code, Some(0));
    let begun = Begun::of(setting);
    begun.attest(TestPypi, |as_it_is| as_it_is);
    begun.elsewhere_with("[expect]\nwheels = [\"py3-none-any\"]\n").run(&PRESS).expect(0);
    assert_eq!(begun.setting.files(Pypi), begun.setting.files(TestPypi));
}
