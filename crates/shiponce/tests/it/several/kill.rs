//! A press of several that is killed in the middle: the next one finishes what is left, and nothing is sent twice.

use super::{pack, tables, wheel_of};
use crate::harness::{Point, each, kill_now, strike};
use rustix::process::Signal;
use shiponce_rehearsal::{Index, Moment};

#[test]
fn killed_between_two_variants_the_next_press_finishes_all_of_them() {
    let variants = ["one", "two", "three"];
    let points: Vec<Point> = (0..3)
        .flat_map(|number| {
            [Index::TestPypi, Index::Pypi].map(|index| Point::Upload(Moment::AfterEffect, index, number))
        })
        .collect();
    each(points, |point| {
        let setting = pack(&variants);
        let (run, reached) = strike(&setting, &["release", "--yes"], point, kill_now);
        assert!(reached && run.signal.is_some(), "{point:?}: {run:?}");
        let again = setting.shiponce(["release", "--yes", "--json"]).expect(0);
        assert_eq!(again.json()["success"], "true", "{point:?}");
        for index in Index::ALL {
            assert_eq!(setting.stores(index), 3, "{point:?}");
            assert_eq!(setting.files(index).len(), 3, "{point:?}");
        }
        assert_eq!(setting.files(Index::Pypi), setting.files(Index::TestPypi), "the same bytes everywhere");
    });
}

#[test]
fn interrupted_in_the_second_build_nothing_is_sent_and_the_next_press_does_all() {
    let setting = pack(&["one", "two"]);
    let wait = setting.path("wait");
    fs_err::write(&wait, "").unwrap();
    let flavour = "FLAVOUR = \"two\"";
    let text = tables(&["one", "two"]).replace(flavour, &format!("{flavour}, WAIT = \"{}\"", wait.display()));
    setting.write_config(&text);
    let child = setting.spawn(["release", "--yes", "--json"]);
    crate::harness::wait_until("the second build", || setting.path("wait.taken").exists());
    child.signal(Signal::INT);
    let run = child.wait().expect(130);
    assert_eq!(run.json()["error"]["code"], "interrupted");
    assert_eq!(setting.world().writes(Index::TestPypi), 0, "all is built before anything is sent");
    fs_err::remove_file(wait).unwrap();
    setting.shiponce(["release", "--yes"]).expect(0);
    assert_eq!(
        setting.files(Index::Pypi).into_keys().collect::<Vec<_>>(),
        [wheel_of("one"), wheel_of("two")]
    );
}
