//! `release` with a page on GitHub, killed between any two of its lines and at any request: one page in the end.

use super::{assert_killed, assert_stored_once};
use crate::harness::{Course, Point, Setting, each, kill_now, strike};
use shiponce_rehearsal::Moment;

const PRESS: &[&str] = &["release", "--yes", "-v"];

/// One page is public, and it has the wheel that is on the indexes.
#[track_caller]
fn assert_one_page(setting: &Setting, what: &str) {
    let public: Vec<_> = setting.releases().into_iter().filter(|page| !page.draft).collect();
    let [page] = &public[..] else { panic!("{what}: {:#?}", setting.releases()) };
    let files = setting.files(shiponce_rehearsal::Index::Pypi);
    for (name, sha256) in files {
        let asset = page.asset(&name).unwrap_or_else(|| panic!("{what}: {page:#?}"));
        assert_eq!(asset.digest.as_deref(), Some(&*format!("sha256:{sha256}")), "{what}");
    }
    assert!(page.asset("shiponce-manifest.json").is_some(), "{what}");
}

fn killed_everywhere(points: impl Fn(&Setting, &Course) -> Vec<Point>) {
    let undisturbed = Setting::tiny_on_github("");
    let course = Course::of(&undisturbed, PRESS);
    assert_one_page(&undisturbed, "undisturbed");
    each(points(&undisturbed, &course), |point| {
        let what = format!("killed at {point:?}");
        let setting = Setting::tiny_on_github("");
        let (run, struck) = strike(&setting, PRESS, point, kill_now);
        assert!(struck, "{what}: never came there\n{}", run.stderr);
        assert_killed(&run, &what);
        setting.shiponce(PRESS).expect(0);
        assert_stored_once(&setting, 1, &what);
        assert_one_page(&setting, &what);
        assert_eq!(setting.releases().len(), 1, "{what}: no duplicate is left");
        let writes = setting.world().github_writes();
        setting.shiponce(PRESS).expect(0);
        assert_eq!(setting.world().github_writes(), writes, "{what}: the third press wrote");
    });
}

#[test]
fn killed_at_any_request_to_github() {
    killed_everywhere(|undisturbed, course| {
        let log = undisturbed.world().log();
        let at_github: Vec<usize> =
            (0..course.requests).filter(|number| log[*number].route.is_github()).collect();
        assert!(at_github.len() >= 10, "{log:#?}");
        at_github.into_iter().map(|number| Point::Request(Moment::BeforeEffect, number)).collect()
    });
}

#[test]
fn killed_at_any_event_about_the_page() {
    killed_everywhere(|undisturbed, course| {
        let events = fs_err::read_to_string(undisturbed.path("events.jsonl")).unwrap();
        let about_the_page: Vec<Point> = events
            .lines()
            .enumerate()
            .filter(|(_, line)| line.contains("\"github."))
            .map(|(number, _)| Point::Event(number))
            .collect();
        assert_eq!(about_the_page.len(), 8, "an intent and an answer for each of four effects: {course:?}");
        about_the_page
    });
}
