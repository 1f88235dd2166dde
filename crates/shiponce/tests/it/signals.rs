//! Ctrl-C and SIGTERM anywhere: exit 130, a sentence that says how to go on, and the next press finishes.

use crate::harness::{Child, Course, Point, Setting, each, sdist, strike, wait_until, wheel};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use shiponce_rehearsal::{Index, Moment};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const GO_ON: &str = "press the same command again";

fn send(signal: Signal) -> impl Fn(Pid) + Send + Sync + 'static {
    // A process that has just ended by itself cannot be stopped any more.
    move |pid| {
        kill_process(pid, signal).ok();
    }
}

/// Every second point gets the other signal.
fn stopped_everywhere(
    setting: impl Fn() -> Setting + Sync,
    press: &[&str],
    files: usize,
    points: Vec<Point>,
) {
    let (number, finished) = (AtomicUsize::new(0), AtomicUsize::new(0));
    each(points, |point| {
        let signal = if number.fetch_add(1, Ordering::SeqCst) % 2 == 0 { Signal::INT } else { Signal::TERM };
        let what = format!("{signal:?} at {point:?}");
        let setting = setting();
        let (run, struck) = strike(&setting, press, point, send(signal));
        assert!(struck, "{what}: never came there\n{}", run.stderr);
        match run.code {
            // It had nothing left to stop.
            Some(0) => assert_eq!(finished.fetch_add(1, Ordering::SeqCst) / 4, 0, "{what} was not heeded"),
            code => {
                assert_eq!(code, Some(130), "{what}: signal {:?}\n{}", run.signal, run.stderr);
                assert!(run.stderr.contains(GO_ON), "{what}\n{}", run.stderr);
            }
        }
        setting.shiponce(press).expect(0);
        for index in Index::ALL {
            assert_eq!(setting.files(index).len(), files, "{what}");
            assert_eq!(setting.stores(index), files, "{what}");
        }
    });
}

fn demo() -> Setting {
    let setting = Setting::new();
    let dist = setting.project().join("dist");
    wheel(&dist, "demo", "1.0", "py3-none-any", "one");
    sdist(&dist, "demo", "1.0", "one");
    setting
}

#[test]
fn publish_is_stopped_around_every_request() {
    let press: &[&str] = &["publish", "--yes"];
    let points = Course::of(&demo(), press).at_requests();
    stopped_everywhere(demo, press, 2, points);
}

#[test]
fn release_is_stopped_at_every_line() {
    let press: &[&str] = &["release", "--yes", "-v"];
    let points = Course::of(&Setting::tiny(), press).at_lines().collect();
    stopped_everywhere(Setting::tiny, press, 1, points);
}

#[test]
fn a_build_is_ended_with_its_press() {
    let (setting, mark) = Setting::slow_build(false);
    let child = setting.spawn(["release", "--yes", "--json"]);
    wait_until("the build runs", || mark.exists());
    let build = pid_in(&mark);
    child.signal(Signal::TERM);
    let run = child.wait().expect(130);
    assert_eq!(run.json()["error"]["code"], "interrupted", "{}", run.stdout);
    assert!(test_kill_process(build).is_err(), "the build lives on");
    setting.shiponce(["release", "--yes"]).expect(0);
    assert_eq!(setting.stores(Index::Pypi), 1);
}

#[test]
fn an_upload_that_hangs_is_given_up_at_once() {
    let setting = demo();
    setting.world().add_fault("test.upload:1:hang".parse().unwrap());
    let point = Point::Upload(Moment::BeforeEffect, Index::TestPypi, 0);
    let (run, _) = strike(&setting, &["publish", "--yes"], point, send(Signal::INT));
    let run = run.expect(130);
    assert!(run.stderr.contains(GO_ON), "{}", run.stderr);
    setting.shiponce(["publish", "--yes"]).expect(0);
    assert_eq!(setting.stores(Index::TestPypi), 2);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how fast a real process ends is real time")]
fn a_second_signal_ends_at_once_what_the_first_one_waits_for() {
    let (setting, mark) = Setting::slow_build(true);
    let child = setting.spawn(["release", "--yes"]);
    wait_until("the build runs", || mark.exists());
    child.signal(Signal::INT);
    // It is waiting for a build that does not want to end, and says how not to wait.
    child.wait_for_line("a second signal ends at once");
    let build = pid_in(&mark);
    let asked = Instant::now();
    child.signal(Signal::INT);
    child.wait().expect(130);
    assert!(asked.elapsed() < Duration::from_secs(3), "the build has five seconds, we have none");
    assert!(test_kill_process(build).is_err(), "the build lives on");
    fs_err::remove_file(&mark).unwrap();
    setting.shiponce(["release", "--yes"]).expect(0);
    assert_eq!(setting.stores(Index::Pypi), 1);
}

#[test]
fn waiting_for_another_press_can_be_stopped() {
    let (setting, mark) = Setting::slow_build(false);
    let holder = setting.spawn(["release", "--yes"]);
    wait_until("the build runs", || mark.exists());
    let waiter: Child = setting.spawn(["release", "--yes"]);
    waiter.wait_for_line("Waiting for release/tiny");
    waiter.signal(Signal::INT);
    waiter.wait().expect(130);
    fs_err::remove_file(&mark).unwrap();
    holder.wait().expect(0);
    assert_eq!(setting.stores(Index::Pypi), 1);
}

fn pid_in(mark: &std::path::Path) -> Pid {
    let text = fs_err::read_to_string(mark).unwrap();
    Pid::from_raw(text.trim().parse().unwrap()).unwrap()
}
