//! Whether a version is there: by PEP 440, by PEP 503, and per index.

use super::{demo, readings};
use crate::harness::{Setting, wheel};
use shiponce_rehearsal::{Index, RouteKind};

/// Publishes one file to one index.
fn publish(setting: &Setting, index: &str, version: &str) {
    let file = demo(setting, version);
    setting.shiponce(["publish", "--yes", "--index", index, file.to_str().unwrap()]).expect(0);
}

/// The dot is no wildcard, a longer version is another one, and a page that mentions digits states no version.
#[test]
fn a_version_is_found_in_every_spelling_of_it_and_in_no_other() {
    let setting = Setting::new();
    for other in ["100", "1.0.post1", "1.0.1"] {
        publish(&setting, "pypi", other);
    }
    let there = |version: &str, code| setting.shiponce(["status", "demo", version]).expect(code);
    for version in ["1.0", "1.0.0", "10", "2.1", "3"] {
        there(version, 1);
    }
    publish(&setting, "pypi", "1.0");
    for version in ["1.0", "1.0.0", "v1.0", "1", "01.0"] {
        there(version, 0);
    }
    there("1.0-1", 0);
    there("1.0rc1", 1);
}

/// A release whose files were all deleted is on the page with nothing in it.
#[test]
fn a_version_without_files_is_not_published() {
    let mut setting = Setting::new();
    publish(&setting, "pypi", "1.0");
    publish(&setting, "pypi", "1.1");
    let now = jiff::Timestamp::now();
    assert!(setting.world().delete_file(Index::Pypi, "demo", "demo-1.0-py3-none-any.whl", now));
    setting.set("SHIPONCE_STATE_DIR", setting.path("elsewhere"));
    setting.shiponce(["status", "demo", "1.0"]).expect(1);
    setting.shiponce(["status", "demo", "1.1"]).expect(0);
}

#[test]
fn every_spelling_of_a_name_asks_for_one_page() {
    let setting = Setting::new();
    let file = wheel(&setting.path("files"), "demo_pkg", "1.0", "py3-none-any", "one");
    setting.shiponce(["publish", "--yes", "--index", "pypi", file.to_str().unwrap()]).expect(0);
    let before = setting.world().log().len();
    for name in ["demo-pkg", "Demo_Pkg", "demo.pkg", "demo--pkg", "DEMO-._PKG"] {
        setting.shiponce(["status", name, "1.0"]).expect(0);
    }
    let log = setting.world().log().split_off(before);
    let mut paths: Vec<&str> = log.iter().map(|entry| entry.path.as_str()).collect();
    paths.sort_unstable();
    paths.dedup();
    assert!(paths.iter().all(|path| path.contains("/demo-pkg/")), "{paths:?}");
    assert_eq!(log.iter().filter(|entry| entry.route == RouteKind::Simple).count(), 5 * 2);
}

/// What the test index has says nothing about production, not even from the cache.
#[test]
fn an_answer_of_one_index_never_stands_for_the_other() {
    let setting = Setting::new();
    publish(&setting, "testpypi", "1.0");
    for _ in 0..2 {
        let indexes = setting.shiponce(["versions", "demo", "--json"]).expect(0).json()["indexes"].clone();
        assert_eq!(indexes["testpypi"]["versions"][0]["version"], "1.0");
        assert_eq!(indexes["pypi"]["versions"].as_array().map(Vec::len), Some(0));
    }
    let document = setting.shiponce(["status", "demo", "1.0", "--json"]).json();
    let targets = &document["files"][0]["targets"];
    assert_eq!([&targets["testpypi"]["state"], &targets["pypi"]["state"]], ["same", "missing"]);
}

/// Present, absent, and not known are three answers with three codes.
#[test]
fn not_known_is_neither_there_nor_absent() {
    let setting = Setting::new();
    setting.shiponce(["status", "demo", "1.0"]).expect(1);
    publish(&setting, "pypi", "1.0");
    setting.shiponce(["status", "demo", "1.0"]).expect(0);
    setting.world().add_fault("prod.any:*:429".parse().unwrap());
    let run = setting.shiponce(["status", "demo", "1.0", "--json"]).expect(5);
    assert_eq!(run.json()["files"][0]["targets"]["pypi"]["state"], "unknown");
}

/// An unknown project is an answer, not an error.
#[test]
fn a_project_that_nobody_has_published_is_absent() {
    let setting = Setting::new();
    let run = setting.shiponce(["versions", "nobody-has-this", "-v"]).expect(0);
    assert!(run.stdout.contains("pypi: no published version of nobody-has-this"), "{}", run.stdout);
    assert!(run.stderr.contains("pypi does not have the project"), "{}", run.stderr);
    setting.shiponce(["status", "nobody-has-this", "1.0"]).expect(1);
}

/// Twelve files, one question.
#[test]
fn an_index_is_asked_once_for_all_files() {
    let setting = Setting::new();
    let dist = setting.project().join("dist");
    for number in 9..21 {
        let tag = format!("cp3{number}-cp3{number}-manylinux_2_17_x86_64");
        wheel(&dist, "demo", "1.0", &tag, "one");
    }
    publish(&setting, "pypi", "0.9");
    let before = readings(&setting, Index::Pypi);
    setting.shiponce(["publish", "--dry-run", "--index", "pypi"]).expect(0);
    assert_eq!(readings(&setting, Index::Pypi) - before, 1);
}
