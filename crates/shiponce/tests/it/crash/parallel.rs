//! Killed and stopped while several uploads are on the wire.

use super::{assert_killed, assert_stored_once};
use crate::harness::{Child, Run, Setting, each, sdist, wheel};
use rustix::process::Signal;
use shiponce_rehearsal::{Index, Moment, Observer};
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::Duration;

const PRESS: [&str; 2] = ["publish", "--yes"];
const FILES: usize = 7;

/// Six wheels and an sdist.
fn setting() -> Setting {
    let setting = Setting::new();
    let dist = setting.project().join("dist");
    for minor in 9..15 {
        wheel(&dist, "demo", "1.0", &format!("cp3{minor}-cp3{minor}-manylinux_2_17_x86_64"), "one");
    }
    sdist(&dist, "demo", "1.0", "one");
    setting
}

/// Hits a press when four uploads to an index are in the world's hands and none of them is answered.
fn struck_with_four_on_the_wire(setting: &Setting, index: Index, signal: Signal) -> Run {
    let (arrived, arrivals) = channel();
    let (let_go, gate) = channel::<()>();
    let (gate, seen) = (Mutex::new(gate), Mutex::new(0));
    setting.world().on_request(Observer::new(move |moment, entry| {
        if moment != Moment::BeforeEffect || !entry.is_write || entry.index != Some(index) {
            return;
        }
        let number = {
            let mut seen = seen.lock().unwrap();
            *seen += 1;
            *seen
        };
        // The first file goes alone; those after it are held until the press is struck.
        if number > 1 {
            arrived.send(()).ok();
            // It ends when the other side is dropped.
            gate.lock().unwrap().recv().ok();
        }
    }));
    let child = Child::spawn(setting.command(PRESS));
    for _ in 0..4 {
        arrivals.recv_timeout(Duration::from_secs(60)).unwrap();
    }
    child.signal(signal);
    let run = child.wait();
    drop(let_go);
    setting.world().on_request(Observer::new(|_, _| {}));
    run
}

#[test]
fn killed_with_several_uploads_on_the_wire_that_arrive_all_the_same() {
    each(Index::ALL, |index| {
        let setting = setting();
        let run = struck_with_four_on_the_wire(&setting, index, Signal::KILL);
        assert_killed(&run, "with four on the wire");
        setting.shiponce(PRESS).expect(0);
        assert_stored_once(&setting, FILES, &format!("four late uploads to {index}"));
    });
}

#[test]
fn killed_with_several_uploads_on_the_wire_of_which_none_arrives() {
    each(Index::ALL, |index| {
        let setting = setting();
        let word = if index == Index::Pypi { "prod" } else { "test" };
        setting.world().add_fault(format!("{word}.upload:2:drop-beforex4").parse().unwrap());
        let run = struck_with_four_on_the_wire(&setting, index, Signal::KILL);
        assert_killed(&run, "with four on the wire");
        setting.shiponce(PRESS).expect(0);
        assert_stored_once(&setting, FILES, &format!("four lost uploads to {index}"));
    });
}

#[test]
fn ctrl_c_with_several_uploads_on_the_wire_ends_at_once_and_loses_nothing() {
    let setting = setting();
    let run = struck_with_four_on_the_wire(&setting, Index::Pypi, Signal::INT).expect(130);
    assert!(run.stderr.contains("press the same command again"), "{}", run.stderr);
    setting.shiponce(PRESS).expect(0);
    assert_stored_once(&setting, FILES, "after Ctrl-C");
}
