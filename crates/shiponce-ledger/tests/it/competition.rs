//! Real processes that want one lease.

use crate::process::{Played, open, say, wait_for_lease};
use crate::world::{demo, version};
use shiponce_core::Sha256;
use shiponce_core::lease::FencingToken;
use shiponce_ledger::{Acquired, Error, Fence, release_group};
use std::path::Path;

const TURNS: usize = 6;

/// What a competing child does: take its turns, and in each touch a file that must never be there already.
pub(crate) fn compete(directory: &Path, name: &str) {
    let ledger = open(directory);
    let holder = ledger.register(name.parse().unwrap()).unwrap();
    let occupied = directory.join("occupied");
    for _ in 0..TURNS {
        let lease = wait_for_lease(&ledger, &holder);
        fs_err::OpenOptions::new().write(true).create_new(true).open(&occupied).unwrap();
        let version = version("1.0");
        ledger.hand_over(lease.fence(), &demo(), &version, &[Sha256([1; 32])], name).unwrap();
        say(lease.token().0);
        fs_err::remove_file(&occupied).unwrap();
        lease.release().unwrap();
    }
}

fn check(processes: usize) {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    let children: Vec<Played> =
        (0..processes).map(|n| Played::start("compete", &state, &format!("holder-{n}"))).collect();
    let mut tokens: Vec<u64> = Vec::new();
    for child in children {
        let own: Vec<u64> = child.finish().iter().map(|token| token.parse().unwrap()).collect();
        assert_eq!(own.len(), TURNS);
        assert!(own.is_sorted_by(|a, b| a < b), "{own:?}");
        tokens.extend(own);
    }
    tokens.sort_unstable();
    let expected: Vec<u64> = (1..=u64::try_from(processes * TURNS).unwrap()).collect();
    assert_eq!(tokens, expected, "every grant has a token of its own");
    let ledger = open(&state);
    let how = &ledger.handed_over(&demo(), &version("1.0")).unwrap()[&Sha256([1; 32])].how;
    assert!(how.starts_with("holder-"), "{how}");
}

#[test]
fn two_processes_take_turns() {
    check(2);
}

#[test]
fn eight_processes_take_turns() {
    check(8);
}

#[test]
fn a_killed_holder_is_replaced_at_once_and_its_late_write_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    let mut child = Played::start("hold", &state, "first");
    let old: u64 = child.hear().unwrap().parse().unwrap();

    let ledger = open(&state);
    let holder = ledger.register("second".parse().unwrap()).unwrap();
    let group = release_group(&demo());
    match ledger.acquire(&group, &holder).unwrap() {
        Acquired::Waiting { ahead: 0, behind } => assert_eq!(behind.as_deref(), Some("first")),
        other => panic!("{other:?}"),
    }
    child.kill();
    // One call and no waiting: the TTL of 30 s has hardly begun.
    let Acquired::Granted(lease) = ledger.acquire(&group, &holder).unwrap() else { panic!("not granted") };
    assert!(lease.token() > FencingToken(old));

    let late = Fence { group, token: FencingToken(old) };
    let refused = ledger.hand_over(&late, &demo(), &version("1.0"), &[Sha256([1; 32])], "late").unwrap_err();
    assert!(matches!(refused, Error::Fenced { token: FencingToken(token), .. } if token == old), "{refused}");
    assert!(ledger.handed_over(&demo(), &version("1.0")).unwrap().is_empty());
}

#[test]
fn a_killed_waiter_is_passed_over() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    let ledger = open(&state);
    let (first, third) = (
        ledger.register("first".parse().unwrap()).unwrap(),
        ledger.register("third".parse().unwrap()).unwrap(),
    );
    let lease = wait_for_lease(&ledger, &first);
    let waiting = Played::start("hold", &state, "waiter");
    let group = release_group(&demo());
    while ledger.group(&group).unwrap().queue.is_empty() {
        std::thread::yield_now();
    }
    waiting.kill();
    lease.release().unwrap();
    assert!(matches!(ledger.acquire(&group, &third).unwrap(), Acquired::Granted(_)));
}
