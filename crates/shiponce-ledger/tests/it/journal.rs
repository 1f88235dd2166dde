//! The journal.

use crate::world::{SDIST, WHEEL, World, begin, demo, granted, holder, version};
use shiponce_core::journal::{Event, Refusal, Sent};
use shiponce_ledger::{Entry, Error, Lease, Ledger, PressId};

const PYPI: &str = "https://index.example/legacy/";
const TEST: &str = "https://test.example/legacy/";

fn append(
    ledger: &Ledger,
    lease: &Lease,
    press: PressId,
    target: &str,
    filename: &str,
    event: &Event,
) -> u64 {
    let (project, version) = (demo(), version("1.0"));
    let entry = Entry { press, target, project: &project, version: &version, filename, event };
    ledger.append(lease.fence(), &entry).unwrap()
}

fn refused(refusal: Refusal) -> Event {
    Event::Refused { refusal, message: "no".to_owned() }
}

#[test]
fn every_event_comes_back_as_it_was_written() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    let press = begin(&ledger, &lease);
    let events = [
        Event::Press,
        Event::Intent,
        Event::NotSent { why: "refused".to_owned() },
        Event::OutcomeUnknown { why: "cut\r\n\u{1b}[1m off".to_owned() },
        Event::Accepted,
        refused(Refusal::NameTaken),
        refused(Refusal::Rejected),
        Event::Confirmed,
    ];
    for (event, seq) in events.iter().zip(1..) {
        assert_eq!(append(&ledger, &lease, press, PYPI, WHEEL, event), seq);
    }
    let written = world.open().entries(&demo(), Some(&version("1.0.0"))).unwrap();
    let mut expected = events.to_vec();
    expected[3] = Event::OutcomeUnknown { why: "cut   [1m off".to_owned() };
    let read: Vec<Event> = written.iter().map(|entry| entry.event.clone()).collect();
    assert_eq!(read, expected);
    assert!(written.iter().all(|entry| entry.target == PYPI && entry.press == press));
    assert_eq!(written[0].at.to_string(), "2026-11-18T11:06:41Z");
}

#[test]
fn history_is_per_target_and_file_and_a_new_press_forgets_passing_refusals() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    let first = begin(&ledger, &lease);
    append(&ledger, &lease, first, PYPI, WHEEL, &Event::Intent);
    append(&ledger, &lease, first, PYPI, WHEEL, &refused(Refusal::Disabled));
    append(&ledger, &lease, first, PYPI, SDIST, &Event::Intent);
    append(&ledger, &lease, first, TEST, WHEEL, &Event::Confirmed);

    let history = |current| ledger.history(PYPI, &demo(), &version("1.0"), current).unwrap();
    let during = history(Some(first));
    assert_eq!(during.len(), 2);
    assert_eq!(during[WHEEL].sent, Sent::Refused(Refusal::Disabled));
    assert_eq!((during[SDIST].sent.clone(), during[SDIST].attempts), (Sent::Unknown, 1));

    let second = begin(&ledger, &lease);
    for after in [history(Some(second)), history(None)] {
        assert_eq!((after[WHEEL].sent.clone(), after[WHEEL].attempts), (Sent::Nothing, 0));
        assert_eq!((after[SDIST].sent.clone(), after[SDIST].attempts), (Sent::Unknown, 0));
    }
    append(&ledger, &lease, second, PYPI, WHEEL, &Event::Intent);
    assert_eq!(history(Some(second))[WHEEL].attempts, 1, "the first press counts no more");
    let test = ledger.history(TEST, &demo(), &version("1.0"), Some(second)).unwrap();
    assert_eq!(test[WHEEL].sent, Sent::Confirmed);
}

#[test]
fn burned_names_are_remembered_across_versions_and_presses() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    for (name, refusal) in [(WHEEL, Refusal::Burned), (SDIST, Refusal::Closed), (WHEEL, Refusal::Burned)] {
        let press = begin(&ledger, &lease);
        append(&ledger, &lease, press, PYPI, name, &refused(refusal));
    }
    let burned = ledger.burned(PYPI, &demo()).unwrap();
    assert_eq!(burned.into_iter().collect::<Vec<_>>(), [WHEEL]);
    assert!(ledger.burned(TEST, &demo()).unwrap().is_empty());
}

#[test]
fn an_event_needs_a_press_of_its_project() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    let (project, version) = (demo(), version("1.0"));
    let entry = Entry {
        press: PressId(3),
        target: PYPI,
        project: &project,
        version: &version,
        filename: WHEEL,
        event: &Event::Intent,
    };
    let error = ledger.append(lease.fence(), &entry).unwrap_err();
    assert!(matches!(error, Error::NoPress { press: 3, .. }), "{error}");
}
