//! Random weather: whatever goes wrong over several presses, every file ends up stored exactly once, or the program
//! says why not.

use crate::kit::{Lab, code, dist};
use shiponce_io::{Clock as _, SystemClock};
use shiponce_rehearsal::Index::{Pypi, TestPypi};
use shiponce_rehearsal::{FaultSpec, Index, Lag};
use std::time::Duration;

/// A small generator (xorshift64): schedules need to differ and to be repeatable, nothing more.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[usize::try_from(self.below(list.len() as u64)).unwrap()]
    }

    /// A fault for one of the next requests.
    fn fault(&mut self) -> FaultSpec {
        const UPLOAD: &[&str] = &[
            "500",
            "502",
            "503",
            "429",
            "503+retry-after=20",
            "503+retry-after=900",
            "500-stored",
            "503-stored",
            "captive-portal",
            "hang",
            "cut-reading",
            "drop-before",
            "drop-after",
            "truncated",
            "race",
            "read-only",
            "delay=40000",
        ];
        const READ: &[&str] = &[
            "500",
            "503",
            "429",
            "captive-portal",
            "hang",
            "drop-before",
            "drop-after",
            "truncated",
            "delay=9000",
            "stale=90s",
            "stale=4",
        ];
        let (route, kind) = match self.below(4) {
            0 => ("simple", self.one_of(READ)),
            1 => ("prod.simple", self.one_of(READ)),
            2 => ("json", self.one_of(READ)),
            _ => ("upload", self.one_of(UPLOAD)),
        };
        let times = if kind.starts_with("stale") { String::new() } else { format!("x{}", 1 + self.below(4)) };
        format!("{route}:{}:{kind}{times}", 1 + self.below(5)).parse().unwrap()
    }
}

/// What a press may end with while the weather is bad. A conflict, a usage error or a bug is never the weather's.
const EXPLAINED: &[&str] = &["", "partial", "index-failed", "target-unobserved"];

async fn play(seed: u64) -> usize {
    let mut random = Random(seed.max(1));
    let lab = Lab::new();
    if random.below(2) == 0 {
        lab.put(Pypi, &dist::wheel(&lab.folder("old"), "0.9", "py3-none-any", "old"));
    }
    let count = usize::try_from(1 + random.below(9)).unwrap();
    let mut files = dist::wheels(&lab.folder("dist"), "1.0", count);
    files.push(dist::sdist(&lab.folder("dist"), "1.0", "a"));
    let indexes: &[Index] = if random.below(2) == 0 { &[Pypi] } else { &[TestPypi, Pypi] };
    let press = || lab.publish_to(&files, indexes.iter().map(|index| lab.target(*index)).collect());
    let mut schedule = vec![format!("{} files, {} indexes", files.len(), indexes.len())];
    for _ in 0..1 + random.below(4) {
        for _ in 0..random.below(5) {
            let fault = random.fault();
            schedule.push(fault.to_string());
            lab.world.add_fault(fault);
        }
        // Sometimes the process dies at a random moment instead of ending.
        let dies = Duration::from_millis(random.below(400_000));
        if random.below(4) == 0 {
            schedule.push(format!("death after {dies:?}"));
            tokio::select! {
                ended = press() => explained(&lab, &ended, seed, &schedule),
                () = lab.clock.sleep(dies) => {}
            }
        } else {
            explained(&lab, &press().await, seed, &schedule);
        }
    }
    // The weather clears; what was accepted and never shown must be shown by now.
    for index in indexes {
        lab.world.lag(*index, Lag::None, Lag::None);
    }
    for _ in 0..40 {
        let ended = press().await;
        explained(&lab, &ended, seed, &schedule);
        if ended.problem.is_none() {
            break;
        }
    }
    for index in indexes {
        let ours = lab.names(*index).iter().filter(|name| name.contains("-1.0")).count();
        assert_eq!(ours, files.len(), "seed {seed}: {schedule:?}: {}", lab.report.text());
    }
    lab.check_but_for_crashes(schedule.len());
    let uploads = || indexes.iter().map(|index| lab.uploads(*index).len()).sum::<usize>();
    let before = uploads();
    explained(&lab, &press().await, seed, &schedule);
    assert_eq!(uploads(), before, "seed {seed}: {schedule:?}");
    before
}

fn explained(lab: &Lab, ended: &shiponce_engine::Finished, seed: u64, schedule: &[String]) {
    let why = || format!("seed {seed}: {schedule:?}: {ended:?}\n{}", lab.report.text());
    assert!(EXPLAINED.contains(&code(ended)), "{}", why());
    if let Some(problem) = &ended.problem {
        assert!(!problem.hints.is_empty(), "no way on: {}", why());
    }
}

#[test]
fn every_weather_ends_with_each_file_stored_once() {
    let clock = SystemClock::new();
    let seconds = crate::kit::variable("SHIPONCE_TORTURE_SECONDS").map_or(10, |text| text.parse().unwrap());
    let first = crate::kit::variable("SHIPONCE_TORTURE_SEED")
        .map_or_else(|| u64::try_from(clock.now().as_microsecond()).unwrap(), |text| text.parse().unwrap());
    let end = clock.monotonic() + Duration::from_secs(seconds);
    let (mut seed, mut plays, mut uploads) = (first, 0, 0);
    while plays == 0 || clock.monotonic() < end {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        uploads += runtime.unwrap().block_on(play(seed));
        plays += 1;
        seed = seed.wrapping_add(1);
    }
    println!("{plays} schedules, {uploads} uploads in {seconds} s, seed {first}");
}
