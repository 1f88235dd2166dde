//! What is remembered of an index's answers, and for how long.

use super::{demo, readings};
use crate::harness::Setting;
use shiponce_rehearsal::Index;

/// Gives both indexes a life of their answers.
fn lives(setting: &Setting, test: &str, production: &str) {
    let mut tables = setting.indexes();
    for (name, life) in [("testpypi", test), ("pypi", production)] {
        let head = format!("[index.{name}]\n");
        tables = tables.replace(&head, &format!("{head}cache-ttl = \"{life}\"\n"));
    }
    fs_err::write(setting.path("shiponce.toml"), tables).unwrap();
}

fn versions(setting: &Setting) {
    setting.shiponce(["versions", "demo"]).expect(0);
}

/// How often production, and how often the test index was asked.
fn count(setting: &Setting) -> [usize; 2] {
    Index::ALL.map(|index| readings(setting, index))
}

/// Each index has its own life, an hour unless told otherwise.
#[test]
fn every_index_has_a_life_of_its_own() {
    let setting = Setting::new();
    for index in ["testpypi", "pypi"] {
        let file = demo(&setting, "1.0");
        setting.shiponce(["publish", "--yes", "--index", index, file.to_str().unwrap()]).expect(0);
    }
    // Whether the second of two commands asks production, and the test index.
    let asked = |test: &str, production: &str| {
        lives(&setting, test, production);
        versions(&setting);
        let before = count(&setting);
        versions(&setting);
        let after = count(&setting);
        [after[0] > before[0], after[1] > before[1]]
    };
    assert_eq!(asked("1h", "1h"), [false, false]);
    assert_eq!(asked("0s", "1h"), [false, true]);
    assert_eq!(asked("1h", "0s"), [true, false]);
}

/// "Nobody has published this" is asked again every time, and an upload makes what is remembered untrue.
#[test]
fn absence_is_never_remembered_and_an_upload_is_seen_at_once() {
    let setting = Setting::new();
    let listed = || {
        let run = setting.shiponce(["versions", "demo", "--json"]).expect(0);
        run.json()["indexes"]["pypi"]["versions"].as_array().unwrap().len()
    };
    assert_eq!(listed(), 0);
    for (number, version) in ["1.0", "1.1"].iter().enumerate() {
        let file = demo(&setting, version);
        setting.shiponce(["publish", "--yes", "--index", "pypi", file.to_str().unwrap()]).expect(0);
        assert_eq!(listed(), number + 1);
    }
    // The last word before an upload is the index's, whatever was remembered: the wheel that another machine has
    // published meanwhile is seen.
    versions(&setting);
    let before = readings(&setting, Index::Pypi);
    let file = demo(&setting, "1.2");
    setting.shiponce(["publish", "--yes", "--index", "pypi", file.to_str().unwrap()]).expect(0);
    assert!(readings(&setting, Index::Pypi) > before);
}
