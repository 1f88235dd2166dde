//! What the journal is for: an accepted file that no page shows yet, and an upload of unknown outcome where a name can
//! be overwritten. Without it the second press would send again.

use super::{assert_killed, assert_stored_once};
use crate::harness::{Point, Setting, kill_now, strike, wheel};
use shiponce_rehearsal::{Index, Lag, Moment};
use std::time::Duration;

const PRESS: &[&str] = &["publish", "--yes"];

fn one_file() -> Setting {
    let setting = Setting::new();
    wheel(&setting.project().join("dist"), "demo", "1.0", "py3-none-any", "one");
    setting
}

/// The number of the first event of this name.
fn event(setting: &Setting, name: &str) -> usize {
    let text = fs_err::read_to_string(setting.path("events.jsonl")).unwrap();
    let wanted = format!("\"{name}\"");
    text.lines().position(|line| line.contains(&wanted)).unwrap_or_else(|| panic!("no {name} in\n{text}"))
}

#[test]
fn a_file_that_was_accepted_and_is_not_shown_yet_is_never_sent_again() {
    let setting = one_file();
    let course = one_file();
    course
        .shiponce(PRESS.iter().chain(&["--events", &course.path("events.jsonl").to_string_lossy()]))
        .expect(0);
    let answered = Point::Event(event(&course, "upload.answer"));
    // The first upload is answered, and its page stays old for a while: the killed press has the receipt, the next
    // one reads that nothing is there.
    let lag = Lag::For(Duration::from_secs(3));
    setting.world().lag(Index::TestPypi, lag, lag);
    let (run, struck) = strike(&setting, PRESS, answered, kill_now);
    assert!(struck, "{}", run.stderr);
    assert_killed(&run, "at the first answer");
    setting.shiponce(PRESS).expect(0);
    assert_stored_once(&setting, 1, "after the page was old");
    assert_eq!(setting.world().writes(Index::TestPypi), 1, "it was sent a second time");
}

/// An upload that may or may not have arrived, to an index of which nobody said that it never replaces a file.
fn unknown_where_names_are_not_write_once(how: &str) -> Setting {
    let setting = one_file();
    let config = setting.path("shiponce.toml");
    let text = fs_err::read_to_string(&config).unwrap();
    fs_err::write(&config, text.replace("immutable = \"yes\"", "immutable = \"unknown\"")).unwrap();
    setting.world().add_fault(format!("test.upload:1:{how}").parse().unwrap());
    let point = Point::Upload(Moment::BeforeEffect, Index::TestPypi, 0);
    let (run, struck) = strike(&setting, PRESS, point, kill_now);
    assert!(struck, "{}", run.stderr);
    assert_killed(&run, how);
    setting
}

#[test]
fn an_unknown_outcome_is_not_sent_again_where_names_can_be_overwritten() {
    let setting = unknown_where_names_are_not_write_once("drop-before");
    let run = setting.shiponce(["publish", "--yes", "--json"]).expect(5);
    assert_eq!(run.json()["error"]["code"], "target-unobserved", "{}", run.stdout);
    assert_eq!(setting.world().writes(Index::TestPypi), 1, "it was sent a second time");
    assert_eq!(setting.world().writes(Index::Pypi), 0, "production comes after the test index");
    assert_eq!(setting.stores(Index::TestPypi), 0);

    // The way out that the message names.
    assert!(run.stderr.contains("[index.testpypi] immutable = \"yes\""), "{}", run.stderr);
    setting.write_config("");
    setting.shiponce(PRESS).expect(0);
    assert_stored_once(&setting, 1, "once somebody said that names are write-once");
}

#[test]
fn an_unknown_outcome_that_did_arrive_is_found_where_names_can_be_overwritten() {
    let setting = unknown_where_names_are_not_write_once("drop-after");
    setting.shiponce(PRESS).expect(0);
    assert_stored_once(&setting, 1, "found by its digest");
    assert_eq!(setting.world().writes(Index::TestPypi), 1, "it was sent a second time");
}
