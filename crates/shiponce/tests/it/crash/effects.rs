//! Every effect there is, taken from the journal of an undisturbed press: killed before and after each, then pressed
//! again by a process that inherits nothing, with the state folder of the killed one and with an empty one.
//!
//! An effect without an intent, or an intent that these tests do not strike, fails them: a new kind of effect cannot be
//! forgotten.

use super::{assert_killed, assert_stored_once};
use crate::harness::{Point, Run, Setting, each, kill_now, python, sdist, strike, wheel};
use shiponce_rehearsal::{Index, Moment};
use std::collections::BTreeMap;
use std::process::Command;

/// Targets and names of the intents in a ledger, in the order they were written.
fn intents(setting: &Setting) -> Vec<(String, String)> {
    #[expect(clippy::disallowed_methods, reason = "somebody else reads the ledger")]
    let mut command = Command::new(python());
    let script = "import json, sqlite3, sys\nbase = sqlite3.connect(sys.argv[1])\nprint(json.dumps(base.execute(\"SELECT target, filename FROM journal WHERE event = 'intent' ORDER BY seq\").fetchall()))";
    command.args(["-c", script]).arg(setting.path("state/ledger.sqlite3"));
    serde_json::from_value(Run::of(command).expect(0).json()).unwrap()
}

/// Both sides of every effect. The number of intents per target is the number of writes the world saw there.
fn points(undisturbed: &Setting) -> Vec<(String, Point)> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut points = Vec::new();
    let intents = intents(undisturbed);
    for (target, name) in &intents {
        let place =
            Index::ALL.into_iter().find(|index| undisturbed.server().addresses(*index).upload() == *target);
        let number = numbers.entry(target).or_default();
        for moment in [Moment::BeforeEffect, Moment::AfterEffect] {
            let point = match place {
                Some(index) => Point::Upload(moment, index, *number),
                None => Point::Page(moment, *number),
            };
            points.push((format!("{name} to {target}, {moment:?}"), point));
        }
        *number += 1;
    }
    let log = undisturbed.world().log();
    let unannounced = log.iter().filter(|entry| entry.is_write && entry.changed).count();
    assert_eq!(
        unannounced,
        intents.len(),
        "every change has its intent, every intent its change:\n{intents:#?}"
    );
    points
}

/// What the second press finds of the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Kept,
    Empty,
}

fn struck(setting: &Setting, press: &[&str], what: &str, point: Point, state: State) {
    let (run, struck) = strike(setting, press, point, kill_now);
    assert!(struck, "{what}: never came there\n{}", run.stderr);
    assert_killed(&run, what);
    if state == State::Empty {
        fs_err::remove_dir_all(setting.path("state")).unwrap();
        fs_err::create_dir(setting.path("state")).unwrap();
    }
}

fn both(points: Vec<(String, Point)>) -> impl Iterator<Item = (String, Point, State)> {
    points.into_iter().flat_map(|(what, point)| {
        [State::Kept, State::Empty].map(|state| (format!("{what}, state {state:?}"), point, state))
    })
}

const PUBLISH: &[&str] = &["publish", "--yes"];

fn three_files() -> Setting {
    let setting = Setting::new();
    let dist = setting.project().join("dist");
    wheel(&dist, "demo", "1.0", "py3-none-any", "one");
    wheel(&dist, "demo", "1.0", "cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64", "one");
    sdist(&dist, "demo", "1.0", "one");
    setting
}

#[test]
fn publish_killed_around_every_effect_of_its_journal_ends_whole_with_or_without_its_state() {
    let undisturbed = three_files();
    undisturbed.shiponce(PUBLISH).expect(0);
    let points = points(&undisturbed);
    assert_eq!(points.len(), 2 * 6, "two indexes, three files: {points:#?}");
    each(both(points), |(what, point, state)| {
        let setting = three_files();
        struck(&setting, PUBLISH, &what, point, state);
        setting.shiponce(PUBLISH).expect(0);
        assert_stored_once(&setting, 3, &what);
    });
}

const RELEASE: &[&str] = &["release", "--yes"];

/// Every build makes other bytes, so a state folder that is lost is lost for good where nothing else holds them: then the
/// press says so, and adds nothing to what is there.
#[test]
fn a_release_killed_around_every_effect_of_its_journal_is_never_mixed_with_another_build() {
    let undisturbed = Setting::tiny_on_github("");
    undisturbed.shiponce(RELEASE).expect(0);
    let points = points(&undisturbed);
    let pages = points.iter().filter(|(_, point)| matches!(point, Point::Page(..))).count();
    assert_eq!((points.len() - pages, pages), (2 * 2, 2 * 4), "{points:#?}");
    each(both(points), |(what, point, state)| {
        let setting = Setting::tiny_on_github("");
        struck(&setting, RELEASE, &what, point, state);
        let before = Index::ALL.map(|index| setting.files(index));
        let run = setting.shiponce(["release", "--yes", "--json"]);
        for (index, before) in Index::ALL.into_iter().zip(before) {
            let after = setting.files(index);
            assert!(before.iter().all(|(name, sha256)| after.get(name) == Some(sha256)), "{what} on {index}");
            assert_eq!(setting.stores(index), after.len(), "{what} on {index}");
        }
        match (state, run.code) {
            (_, Some(0)) => {
                assert_stored_once(&setting, 1, &what);
                let public: Vec<_> = setting.releases().into_iter().filter(|page| !page.draft).collect();
                assert_eq!(public.len(), 1, "{what}: {:#?}", setting.releases());
                for (name, sha256) in setting.files(Index::Pypi) {
                    let digest = public[0].asset(&name).and_then(|asset| asset.digest.clone());
                    assert_eq!(digest, Some(format!("sha256:{sha256}")), "{what}");
                }
            }
            (State::Empty, Some(4)) => {
                let code = run.json()["error"]["code"].clone();
                assert!(code == "unproven-source" || code == "file-conflict", "{what}: {run:#?}");
                assert!(
                    setting.world().files(Index::Pypi).is_empty(),
                    "{what}: production had the bytes: {run:#?}"
                );
            }
            other => panic!("{what}: {other:?}: {run:#?}"),
        }
    });
}
