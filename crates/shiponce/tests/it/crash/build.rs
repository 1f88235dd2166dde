//! Killed while its own children work: the build goes on without its parent and must change nothing by that.

use super::{assert_killed, assert_stored_once};
use crate::harness::{Setting, wait_until};
use rustix::process::Signal;
use std::path::PathBuf;

const PRESS: &[&str] = &["release", "--yes"];

#[test]
fn a_build_that_outlives_its_press_neither_blocks_the_next_one_nor_adds_to_it() {
    let (setting, mark) = Setting::slow_build(false);
    let child = setting.spawn(PRESS);
    wait_until("the build runs", || mark.exists());
    child.signal(Signal::KILL);
    assert_killed(&child.wait(), "during the build");

    // The orphan lives, and the lease is free all the same.
    let second = setting.spawn(PRESS);
    second.wait().expect(0);
    assert_stored_once(&setting, 1, "beside the orphan");
    let files = setting.files(shiponce_rehearsal::Index::Pypi);
    assert!(mark.exists(), "the orphan waits to be let go");

    fs_err::remove_file(&mark).unwrap();
    let done = mark.with_extension("done");
    wait_until("the orphan tries to write its wheel and ends", || done.exists());
    setting.shiponce(PRESS).expect(0);
    assert_stored_once(&setting, 1, "after the orphan ended");
    assert_eq!(setting.files(shiponce_rehearsal::Index::Pypi), files);
}

fn rooms(setting: &Setting) -> Vec<PathBuf> {
    let entries = fs_err::read_dir(setting.path("tmp")).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("shiponce-")).collect()
}

#[test]
fn temporary_folders_of_the_killed_are_removed_and_those_of_the_living_stay() {
    let (setting, mark) = Setting::slow_build(false);
    let killed = setting.spawn(PRESS);
    wait_until("the build runs", || mark.exists());
    let [left] = &rooms(&setting)[..] else { panic!("one press, one folder: {:?}", rooms(&setting)) };
    killed.signal(Signal::KILL);
    killed.wait();
    assert!(left.is_dir(), "nobody cleans up behind SIGKILL");
    for name in ["", ".taken"] {
        fs_err::remove_file(format!("{}{name}", mark.display())).unwrap();
    }

    // The next press is in its own slow build while a third command comes and goes.
    let living = setting.spawn(PRESS);
    wait_until("the second build runs", || mark.exists());
    assert!(!left.exists(), "the next press removes it");
    let [own] = &rooms(&setting)[..] else { panic!("{:?}", rooms(&setting)) };
    setting.shiponce(["status"]);
    assert!(own.is_dir(), "a living press keeps its folder");
    fs_err::remove_file(&mark).unwrap();
    living.wait().expect(0);
    assert!(rooms(&setting).is_empty(), "{:?}", rooms(&setting));
}

/// The whole way of a real project, with uv building in isolation and a dependency: kills in the build, in the
/// installation and in between, found by what is said.
#[test]
fn hello_is_killed_in_its_build_and_in_its_installation() {
    for said in ["Building with", "Built ", "Uploading", "Installing", "Testing installation"] {
        let setting = Setting::hello();
        let child = setting.spawn(PRESS);
        child.wait_for_line(said);
        child.signal(Signal::KILL);
        assert_killed(&child.wait(), said);
        setting.shiponce(PRESS).expect(0);
        assert_stored_once(&setting, 2, said);
    }
}
