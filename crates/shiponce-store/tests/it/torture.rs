//! A writer that is killed again and again: whatever is visible is whole, whatever was reported is there.

use crate::process::{Played, say, variable};
use crate::world::{World, entry, files, sha256};
use shiponce_io::{Clock as _, SystemClock};
use shiponce_store::Store;
use std::path::Path;
use std::time::Duration;

const SIZE: usize = 700_000;

fn bytes(number: u64) -> Vec<u8> {
    number.to_le_bytes().repeat(SIZE / 8)
}

/// Stores one file after another and says each number after its put.
pub(crate) fn flood(directory: &Path) {
    let store = Store::open(&directory.join("store")).unwrap();
    let source = directory.join("source");
    let first = files(&directory.join("store").join("objects")).len() as u64;
    for number in first.. {
        let content = bytes(number);
        fs_err::write(&source, &content).unwrap();
        store.put_file(&source, sha256(&content)).unwrap();
        say(number);
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
fn killing_the_writer_leaves_whole_entries_only() {
    let clock = SystemClock::new();
    let seconds = variable("SHIPONCE_TORTURE_SECONDS").map_or(2, |text| text.parse().unwrap());
    let seed = variable("SHIPONCE_TORTURE_SEED")
        .map_or_else(|| u64::try_from(clock.now().as_microsecond()).unwrap(), |text| text.parse().unwrap());
    let mut random = Random(seed.max(1));
    let end = clock.monotonic() + Duration::from_secs(seconds);
    let mut total = Round::default();
    // A new store every so often, or a long run fills the disk.
    while total.kills == 0 || clock.monotonic() < end {
        let round = play_round(&mut random);
        total.kills += round.kills;
        total.entries += round.entries;
        total.leftovers += round.leftovers;
    }
    println!(
        "{} kills in {seconds} s, {} entries, {} unfinished files cleared, seed {seed}",
        total.kills, total.entries, total.leftovers
    );
}

#[derive(Default)]
struct Round {
    kills: usize,
    entries: usize,
    leftovers: usize,
}

fn play_round(random: &mut Random) -> Round {
    let world = World::new();
    let root = world.root();
    drop(world.store());
    let (mut round, mut said) = (Round::default(), Vec::new());
    while round.kills < 20 {
        let mut child = Played::start("flood", world.directory.path());
        said.extend(child.hear());
        std::thread::park_timeout(Duration::from_micros(random.below(40_000)));
        said.extend(child.kill());
        round.kills += 1;
        round.leftovers += files(&root.join("unfinished")).len();
        drop(world.store());
        assert_eq!(files(&root.join("unfinished")).len(), 0, "opening clears away what dead writers left");
    }
    let entries = files(&root.join("objects"));
    for path in &entries {
        let name = path.file_name().unwrap().to_string_lossy();
        assert_eq!(sha256(&fs_err::read(path).unwrap()).to_string(), name, "visible and not whole");
    }
    for number in &said {
        let digest = sha256(&bytes(number.parse().unwrap()));
        assert!(entry(&root, digest).is_file(), "lost: {number}");
    }
    round.entries = entries.len();
    round
}
