//! A writer that is killed again and again: what it was told is committed is there, and the file is whole.

use crate::process::{Played, begin_press, open, say, variable, wait_for_lease};
use crate::world::{WHEEL, demo, manifest, version};
use shiponce_core::Sha256;
use shiponce_core::journal::Event;
use shiponce_io::{Clock as _, SystemClock};
use shiponce_ledger::{Entry, Ledger};
use std::path::Path;
use std::time::Duration;

/// What the killed child does: write rows of every kind, and say each number after its commit.
pub(crate) fn write(directory: &Path, name: &str) {
    let ledger = open(directory);
    let holder = ledger.register(name.parse().unwrap()).unwrap();
    let lease = wait_for_lease(&ledger, &holder);
    let press = begin_press(&ledger, &lease);
    let (project, version) = (demo(), version("1.0"));
    loop {
        let why = format!("{name} was here");
        let event = Event::OutcomeUnknown { why };
        let entry = Entry {
            press,
            target: "https://index.example/legacy/",
            project: &project,
            version: &version,
            filename: WHEEL,
            event: &event,
        };
        let seq = ledger.append(lease.fence(), &entry).unwrap();
        say(format!("journal {seq}"));
        let number = u8::try_from(seq % 251).unwrap();
        let digest = Sha256([number; 32]);
        ledger.hand_over(lease.fence(), &project, &version, &[digest], "torture").unwrap();
        say(format!("digest {digest}"));
        let wheel = format!("demo-1.0-{seq}-py3-none-any.whl");
        ledger.freeze(lease.fence(), &manifest(&[(&wheel, number)], None)).unwrap();
        say(format!("file {wheel}"));
    }
}

/// A small generator (xorshift64): the moments of death need to differ, not to be unpredictable.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

#[test]
fn killing_the_writer_loses_nothing_that_was_committed() {
    let clock = SystemClock::new();
    let seconds = variable("SHIPONCE_TORTURE_SECONDS").map_or(2, |text| text.parse().unwrap());
    let seed = variable("SHIPONCE_TORTURE_SEED")
        .map_or_else(|| u64::try_from(clock.now().as_microsecond()).unwrap(), |text| text.parse().unwrap());
    let mut random = Random(seed.max(1));
    let end = clock.monotonic() + Duration::from_secs(seconds);
    let (mut kills, mut rows) = (0, 0);
    // A new ledger every so often: the point is to die at many moments, not to check ever more rows.
    while kills == 0 || clock.monotonic() < end {
        rows += play_round(&mut random, KILLS_PER_ROUND);
        kills += KILLS_PER_ROUND;
    }
    println!("{kills} kills in {seconds} s, {rows} journal rows, seed {seed}");
}

const KILLS_PER_ROUND: usize = 12;

fn play_round(random: &mut Random, kills: usize) -> usize {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    let (mut said, mut rows) = (Vec::new(), 0);
    for kill in 0..kills {
        let mut child = Played::start("write", &state, &format!("writer-{kill}"));
        // Some die while they open, some after a few hundred rows.
        if random.below(4) > 0 {
            said.extend(child.hear());
        }
        std::thread::park_timeout(Duration::from_micros(random.below(120_000)));
        said.extend(child.kill());
        rows = check(&state, &said);
    }
    rows
}

/// Opening runs SQLite's check of the file; then every row that was said must be there.
fn check(state: &Path, said: &[String]) -> usize {
    let ledger: Ledger = open(state);
    let (project, version) = (demo(), version("1.0"));
    let rows = ledger.entries(&project, None).unwrap();
    for (row, seq) in rows.iter().zip(1..) {
        assert_eq!(row.seq, seq, "the journal has no gaps");
    }
    let digests = ledger.handed_over(&project, &version).unwrap();
    let frozen = ledger.manifest(&project, &version).unwrap();
    for line in said {
        let (kind, value) = line.split_once(' ').unwrap();
        let is_there = match kind {
            "journal" => value.parse::<usize>().unwrap() <= rows.len(),
            "digest" => digests.contains_key(&value.parse().unwrap()),
            _ => frozen.as_ref().is_some_and(|manifest| manifest.files.contains_key(value)),
        };
        assert!(is_there, "lost: {line}");
    }
    rows.len()
}
