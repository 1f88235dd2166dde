//! `publish`, killed at every request.

use super::{assert_killed, assert_stored_once};
use crate::harness::{Course, Point, Run, Setting, each, kill_now, sdist, strike, wheel};
use shiponce_rehearsal::{Index, Moment};

const PRESS: &[&str] = &["publish", "--yes", "-v"];

/// Three files, the same bytes in every world.
fn setting() -> Setting {
    let setting = Setting::new();
    let dist = setting.project().join("dist");
    wheel(&dist, "demo", "1.0", "py3-none-any", "one");
    wheel(&dist, "demo", "1.0", "cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64", "one");
    sdist(&dist, "demo", "1.0", "one");
    setting
}

fn killed_everywhere(points: impl Fn(&Course) -> Vec<Point>) {
    let undisturbed = setting();
    let course = Course::of(&undisturbed, PRESS);
    assert_stored_once(&undisturbed, 3, "undisturbed");
    let wanted = undisturbed.files(Index::Pypi);
    each(points(&course), |point| {
        let what = format!("killed at {point:?}");
        let setting = setting();
        let (run, struck) = strike(&setting, PRESS, point, kill_now);
        assert!(struck, "{what}: never came there\n{}", run.stderr);
        assert_killed(&run, &what);
        setting.shiponce(PRESS).expect(0);
        assert_stored_once(&setting, 3, &what);
        assert_eq!(setting.files(Index::Pypi), wanted, "{what}");
        let writes = writes(&setting);
        let third = setting.shiponce(["publish", "--yes", "--json"]).expect(0);
        assert_eq!(third.json()["outcome"], "nothing-to-do", "{what}");
        assert_eq!(writes, self::writes(&setting), "{what}: the third press wrote");
    });
}

fn writes(setting: &Setting) -> [usize; 2] {
    Index::ALL.map(|index| setting.world().writes(index))
}

#[test]
fn killed_at_any_request_and_after_any_effect() {
    killed_everywhere(|course| {
        assert!(course.requests >= 12, "two indexes, three files, a reading before and after: {course:?}");
        assert_eq!(course.writes.len(), 6, "{course:?}");
        course.at_requests()
    });
}

#[test]
fn killed_at_any_event() {
    killed_everywhere(|course| {
        assert!(course.events >= 12, "an intent and an answer for every file: {course:?}");
        // The last event is written as the run ends, so a kill may come too late for it.
        course.at_events().take(course.events - 1).collect()
    });
}

#[test]
fn killed_again_and_again_it_still_ends() {
    let setting = setting();
    let upload = |number| Point::Request(Moment::AfterEffect, number);
    // Each press gets a little further before it dies: the requests before an upload are readings.
    for number in 0..12 {
        let (run, struck) = strike(&setting, PRESS, upload(number), kill_now);
        if !struck {
            run.expect(0);
            break;
        }
        assert_killed(&run, &format!("press {number}"));
    }
    let last: Run = setting.shiponce(PRESS);
    last.expect(0);
    assert_stored_once(&setting, 3, "twelve times killed");
}

/// The request dies with the client, or half of it arrives: nothing is stored, and the journal knows of an intent.
fn died_in_an_upload(index: Index, number: usize, how: &str) -> Setting {
    let setting = setting();
    let word = if index == Index::Pypi { "prod" } else { "test" };
    setting.world().add_fault(format!("{word}.upload:{}:{how}", number + 1).parse().unwrap());
    let point = Point::Upload(Moment::BeforeEffect, index, number);
    let (run, struck) = strike(&setting, PRESS, point, kill_now);
    assert!(struck, "{}", run.stderr);
    assert_killed(&run, how);
    assert_eq!(setting.stores(index), number, "{how}");
    setting
}

#[test]
fn killed_with_every_upload_on_the_wire_and_none_of_it_stored() {
    let hows = ["drop-before", "cut-reading"].into_iter();
    let uploads = hows.flat_map(|how| {
        Index::ALL.into_iter().flat_map(move |index| (0..3).map(move |number| (how, index, number)))
    });
    each(uploads, |(how, index, number)| {
        let setting = died_in_an_upload(index, number, how);
        setting.shiponce(PRESS).expect(0);
        assert_stored_once(&setting, 3, &format!("{how} in upload {number} to {index}"));
    });
}

#[test]
fn a_yes_of_the_killed_press_is_no_yes_of_the_next() {
    let setting = died_in_an_upload(Index::Pypi, 2, "drop-before");
    let before = writes(&setting);
    let run = setting.shiponce(["publish", "--json"]).expect(2);
    assert_eq!(run.json()["error"]["code"], "confirmation-needed", "{}", run.stdout);
    assert_eq!(writes(&setting), before);
    let run = setting.shiponce(["publish", "--yes", "--json"]).expect(0);
    assert_eq!(run.json()["outcome"], "released", "{}", run.stdout);
    assert_stored_once(&setting, 3, "after the yes");
}
