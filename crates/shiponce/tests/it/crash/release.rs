//! `release` of a project whose every build makes other bytes, killed anywhere: a rebuild after the freeze would show.

use super::{assert_killed, assert_stored_once};
use crate::harness::{Course, Point, Setting, each, kill_now, strike};

const PRESS: &[&str] = &["release", "--yes", "-v"];

fn killed_everywhere(points: impl Fn(&Course) -> Vec<Point>) {
    let undisturbed = Setting::tiny();
    let course = Course::of(&undisturbed, PRESS);
    assert_stored_once(&undisturbed, 1, "undisturbed");
    each(points(&course), |point| {
        let what = format!("killed at {point:?}");
        let setting = Setting::tiny();
        let (run, struck) = strike(&setting, PRESS, point, kill_now);
        assert!(struck, "{what}: never came there\n{}", run.stderr);
        assert_killed(&run, &what);
        setting.shiponce(PRESS).expect(0);
        assert_stored_once(&setting, 1, &what);
    });
}

#[test]
fn killed_at_any_request_and_after_any_effect() {
    killed_everywhere(|course| {
        assert_eq!(course.writes.len(), 2, "{course:?}");
        let mut points = course.at_requests();
        // The installer is another client of the world. How often it asks is its own business, so the last request
        // may not come in a run that was counted on it.
        points.remove(course.requests - 1);
        points
    });
}

#[test]
fn killed_at_any_line() {
    killed_everywhere(|course| {
        assert!(course.lines >= 15, "{course:?}");
        course.at_lines().take(course.lines - 1).collect()
    });
}

#[test]
fn killed_at_any_event() {
    killed_everywhere(|course| {
        assert!(course.events >= 10, "{course:?}");
        course.at_events().take(course.events - 1).collect()
    });
}
