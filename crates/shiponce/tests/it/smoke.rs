//! The harness itself: what it promises to other tests.

use crate::harness::{Setting, prebuilt, python, sdist, wheel};
use shiponce_rehearsal::Index;

#[test]
fn files_made_on_the_spot_are_published_once_and_skipped_after() {
    let setting = Setting::new();
    let dist = setting.project().join("dist");
    wheel(&dist, "demo", "1.0", "py3-none-any", "one");
    wheel(&dist, "demo", "1.0", "cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64", "one");
    sdist(&dist, "demo", "1.0", "one");
    setting.shiponce(["publish", "--yes"]).expect(0);
    assert_eq!(setting.files(Index::Pypi).len(), 3);
    assert_eq!(setting.stores(Index::Pypi), 3);
    let again = setting.shiponce(["publish", "--yes", "--json"]).expect(0);
    assert_eq!(again.json()["outcome"], "nothing-to-do", "{}", setting.tidy(&again.stdout));
    assert_eq!(setting.world().writes(Index::Pypi), 3);
}

#[test]
fn hello_is_released_from_source() {
    let setting = Setting::hello();
    setting.shiponce(["release", "--yes"]).expect(0);
    assert_eq!(setting.files(Index::Pypi), setting.files(Index::TestPypi));
    assert_eq!(setting.stores(Index::Pypi), 2);
}

#[test]
fn the_tiny_project_is_released_without_the_network_and_without_uv() {
    let mut setting = Setting::tiny();
    setting.without_uv();
    setting.shiponce(["release", "--yes"]).expect(0);
    assert_eq!(setting.stores(Index::Pypi), 1);
}

#[test]
fn hello_is_prebuilt() {
    assert!(python().is_file());
    for path in prebuilt() {
        assert!(path.is_file(), "{}", path.display());
    }
}
