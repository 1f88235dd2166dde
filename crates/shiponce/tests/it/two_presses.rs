//! Presses at the same time: on one machine they queue, on two machines the index decides, and never twice.

use crate::harness::{Child, Run, Setting, sdist, wheel};
use rustix::process::Signal;
use sha2::{Digest as _, Sha256};
use shiponce_rehearsal::{Index, Moment, Observer};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

const PRESS: [&str; 2] = ["publish", "--yes"];

fn files(folder: &Path, content: &str) {
    wheel(folder, "demo", "1.0", "py3-none-any", content);
    wheel(folder, "demo", "1.0", "cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64", content);
    sdist(folder, "demo", "1.0", content);
}

fn demo() -> Setting {
    let setting = Setting::new();
    files(&setting.project().join("dist"), "one");
    setting
}

/// The same files on another machine: another home, another ledger, the same indexes.
fn elsewhere(setting: &Setting, name: &str, content: &str) -> Child {
    let project = setting.path(name);
    files(&project.join("dist"), content);
    let mut command = setting.command(PRESS.iter().chain(&["--json"]));
    command.current_dir(project).env("SHIPONCE_STATE_DIR", setting.path(&format!("{name}-state")));
    Child::spawn(command)
}

#[track_caller]
fn assert_once(setting: &Setting) {
    for index in Index::ALL {
        assert_eq!(setting.files(index).len(), 3);
        assert_eq!(setting.stores(index), 3);
    }
    assert_eq!(setting.files(Index::Pypi), setting.files(Index::TestPypi));
}

fn pressed_at_once(presses: usize) -> (Setting, Vec<Run>) {
    let setting = demo();
    let children: Vec<Child> = (0..presses).map(|_| setting.spawn(PRESS.iter().chain(&["--json"]))).collect();
    let runs = children.into_iter().map(|child| child.wait().expect(0)).collect();
    (setting, runs)
}

#[test]
fn two_presses_at_once_send_each_file_once() {
    let (setting, runs) = pressed_at_once(2);
    assert_once(&setting);
    assert_eq!(setting.world().writes(Index::Pypi), 3, "the second sends nothing at all");
    let mut outcomes: Vec<_> = runs.iter().map(|run| run.json()["outcome"].to_string()).collect();
    outcomes.sort();
    assert_eq!(outcomes, ["\"nothing-to-do\"", "\"released\""]);
}

#[test]
fn eight_presses_at_once_send_each_file_once() {
    let (setting, runs) = pressed_at_once(8);
    assert_once(&setting);
    assert_eq!(setting.world().writes(Index::Pypi), 3, "seven send nothing at all");
    let released = runs.iter().filter(|run| run.json()["outcome"] == "released").count();
    assert_eq!(released, 1);
}

#[test]
fn two_releases_at_once_build_once_what_is_published() {
    let setting = Setting::tiny();
    let press = ["release", "--yes", "--json"];
    let (one, two) = (setting.spawn(press), setting.spawn(press));
    let runs = [one.wait().expect(0), two.wait().expect(0)];
    assert_eq!(setting.stores(Index::Pypi), 1);
    let built = runs.iter().filter(|run| run.stderr.contains("Building with")).count();
    assert_eq!(built, 1, "{runs:#?}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how soon a real process goes on is real time")]
fn a_killed_holder_is_replaced_at_once() {
    let setting = demo();
    // The first upload is held in the world's hands until we say so.
    let (arrived, arrivals) = channel();
    let (let_go, gate) = channel::<()>();
    let gate = Mutex::new(gate);
    setting.world().on_request(Observer::new(move |moment, entry| {
        if moment == Moment::BeforeEffect && entry.is_write && arrived.send(()).is_ok() {
            // It ends when the other side is dropped.
            gate.lock().unwrap().recv().ok();
        }
    }));
    let holder = setting.spawn(PRESS);
    arrivals.recv_timeout(Duration::from_secs(60)).unwrap();
    let waiter = setting.spawn(PRESS);
    waiter.wait_for_line("Waiting for release/demo");
    let killed = Instant::now();
    holder.signal(Signal::KILL);
    holder.wait();
    drop((let_go, arrivals));
    waiter.wait().expect(0);
    assert!(
        killed.elapsed() < Duration::from_secs(15),
        "a lease lasts thirty seconds, a dead holder's does not"
    );
    assert_once(&setting);
}

#[test]
fn other_bytes_for_the_same_version_lose_on_one_machine() {
    let setting = demo();
    let other = setting.path("other");
    files(&other.join("dist"), "two");
    let mut command = setting.command(PRESS.iter().chain(&["--json"]));
    command.current_dir(&other);
    let (one, two) = (setting.spawn(PRESS.iter().chain(&["--json"])), Child::spawn(command));
    let runs = [one.wait(), two.wait()];
    assert_once(&setting);
    let mut codes = runs.each_ref().map(|run| run.code.unwrap());
    codes.sort_unstable();
    assert_eq!(codes, [0, 4], "{runs:#?}");
    let loser = runs.iter().find(|run| run.code == Some(4)).unwrap();
    assert_names_both_digests(loser, &[setting.project(), other]);
}

/// The first file that differs is named with both its digests.
#[track_caller]
fn assert_names_both_digests(run: &Run, folders: &[PathBuf; 2]) {
    for folder in folders {
        let name = "dist/demo-1.0-cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";
        let digest = Sha256::digest(fs_err::read(folder.join(name)).unwrap());
        let digest = format!("{:02x}{:02x}…{:02x}", digest[0], digest[1], digest[31]);
        assert!(run.stderr.contains(&digest), "{digest} is not named:\n{}", run.stderr);
    }
}

#[test]
fn two_machines_with_the_same_files_meet_at_the_index_and_both_succeed() {
    let setting = Setting::new();
    let machines = [elsewhere(&setting, "a", "one"), elsewhere(&setting, "b", "one")];
    for machine in machines {
        machine.wait().expect(0);
    }
    assert_once(&setting);
}

#[test]
fn two_machines_with_other_bytes_never_overwrite_each_other() {
    let setting = Setting::new();
    let runs = [elsewhere(&setting, "a", "one"), elsewhere(&setting, "b", "two")].map(Child::wait);
    for index in Index::ALL {
        // Whatever the mixture, a name has one content, and it was stored once.
        assert_eq!(setting.stores(index), setting.files(index).len());
    }
    let codes = runs.each_ref().map(|run| run.code.unwrap());
    let good = codes.iter().filter(|code| **code == 0).count();
    assert!(good <= 1, "{runs:#?}");
    assert!(codes.iter().all(|code| [0, 4, 6].contains(code)), "{runs:#?}");
}

#[test]
fn the_loser_of_two_machines_changes_nothing_and_names_both_digests() {
    let setting = demo();
    setting.shiponce(PRESS).expect(0);
    let before = (setting.files(Index::Pypi), setting.world().writes(Index::Pypi));
    let run = elsewhere(&setting, "late", "two").wait().expect(4);
    assert_eq!(run.json()["error"]["code"], "file-conflict", "{}", run.stdout);
    assert_eq!((setting.files(Index::Pypi), setting.world().writes(Index::Pypi)), before);
    assert_names_both_digests(&run, &[setting.project(), setting.path("late")]);
}

/// A press that is stopped like a laptop that sleeps: after its lease has run out another one goes on, and when it
/// wakes it may do nothing more.
#[test]
fn a_frozen_holder_loses_its_lease_and_does_nothing_when_it_wakes() {
    let setting = demo();
    let (arrived, arrivals) = channel();
    setting.world().on_request(Observer::new(move |moment, entry| {
        if moment == Moment::AfterEffect && entry.is_write {
            arrived.send(()).ok();
        }
    }));
    let holder = setting.spawn(PRESS);
    arrivals.recv_timeout(Duration::from_secs(60)).unwrap();
    holder.signal(Signal::STOP);
    let waiter = setting.spawn(PRESS);
    waiter.wait_for_line("Waiting for release/demo");
    waiter.wait().expect(0);
    assert_once(&setting);
    let writes = Index::ALL.map(|index| setting.world().writes(index));

    holder.signal(Signal::CONT);
    let run = holder.wait().expect(9);
    assert!(run.stderr.contains("Another press took the release over"), "{}", run.stderr);
    assert_eq!(writes, Index::ALL.map(|index| setting.world().writes(index)), "the stale holder wrote");
    assert_once(&setting);
}

/// Without a shared ledger nobody waits for anybody. What keeps a late upload harmless is the index: it comes after
/// the other machine has finished, and changes nothing.
#[test]
fn an_upload_that_comes_late_changes_nothing() {
    let setting = Setting::new();
    let (arrived, arrivals) = channel();
    let (let_go, gate) = channel::<()>();
    let gate = Mutex::new(gate);
    setting.world().on_request(Observer::new(move |moment, entry| {
        if moment == Moment::BeforeEffect && entry.is_write && arrived.send(()).is_ok() {
            // It ends when the other side is dropped.
            gate.lock().unwrap().recv().ok();
        }
    }));
    let late = elsewhere(&setting, "a", "one");
    arrivals.recv_timeout(Duration::from_secs(60)).unwrap();
    drop(arrivals);
    elsewhere(&setting, "b", "one").wait().expect(0);
    assert_once(&setting);
    drop(let_go);
    late.wait().expect(0);
    assert_once(&setting);
    assert!(setting.world().writes(Index::TestPypi) > 3, "the late one did send");
}

/// Two machines without a shared ledger meet at the first file: the one that loses it sends no other one.
#[test]
fn who_loses_the_first_file_sends_no_other_one() {
    let setting = Setting::new();
    let press = |name: &str, content: &str| {
        let project = setting.path(name);
        files(&project.join("dist"), content);
        let mut command = setting.command(["publish", "--yes", "--index", "pypi", "--json"]);
        command.current_dir(project).env("SHIPONCE_STATE_DIR", setting.path(&format!("{name}-state")));
        Child::spawn(command)
    };
    let (arrived, arrivals) = channel();
    let (let_go_first, first) = channel::<()>();
    let (let_go_third, third) = channel::<()>();
    let (number, first, third) = (AtomicU32::new(0), Mutex::new(first), Mutex::new(third));
    setting.world().on_request(Observer::new(move |moment, entry| {
        if moment != Moment::BeforeEffect || !entry.is_write {
            return;
        }
        let number = number.fetch_add(1, Ordering::Relaxed) + 1;
        arrived.send(number).ok();
        let gate = match number {
            1 => &first,
            3 => &third,
            _ => return,
        };
        // It ends when the other side is dropped.
        gate.lock().unwrap().recv().ok();
    }));
    let loser = press("a", "one");
    assert_eq!(arrivals.recv_timeout(Duration::from_secs(60)), Ok(1));
    let winner = press("b", "two");
    assert_eq!(arrivals.recv_timeout(Duration::from_secs(60)), Ok(2));
    assert_eq!(arrivals.recv_timeout(Duration::from_secs(60)), Ok(3));
    drop(let_go_first);
    let lost = loser.wait().expect(4);
    assert_eq!(lost.json()["error"]["code"], "file-conflict", "{}", lost.stdout);
    drop(let_go_third);
    winner.wait().expect(0);
    assert_eq!(setting.stores(Index::Pypi), 3);
}
