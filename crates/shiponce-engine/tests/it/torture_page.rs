//! Random schedules of a whole release with its page: faults at both indexes and at GitHub, presses at the same time on
//! one machine or two, presses that die at any moment. However it goes, there is one release in the end.

use crate::kit::{Forge, code, dist};
use shiponce_engine::{Context, Finished, ReleaseRequest};
use shiponce_io::{Clock as _, SystemClock};
use shiponce_rehearsal::Index::{Pypi, TestPypi};
use shiponce_rehearsal::{Index, Lag};
use std::path::Path;
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
    fn fault(&mut self) -> String {
        const UPLOAD: &[&str] = &[
            "500",
            "503",
            "429",
            "503+retry-after=20",
            "500-stored",
            "hang",
            "cut-reading",
            "drop-before",
            "drop-after",
            "truncated",
            "race",
            "read-only",
        ];
        const READ: &[&str] = &["500", "503", "429", "hang", "drop-before", "truncated", "captive-portal"];
        const WRITE: &[&str] = &[
            "500",
            "503",
            "500-stored",
            "502-stored",
            "hang",
            "cut-reading",
            "drop-before",
            "drop-after",
            "truncated",
            "unicorn",
        ];
        let (route, kinds) = match self.below(8) {
            0 => ("upload", UPLOAD),
            1 => ("prod.upload", UPLOAD),
            2 => ("simple", READ),
            3 => ("github.list", READ),
            4 => ("github.create", WRITE),
            5 => ("github.asset", WRITE),
            6 => ("github.publish", WRITE),
            _ => ("github.tag", READ),
        };
        format!("{route}:{}:{}x{}", 1 + self.below(5), self.one_of(kinds), 1 + self.below(3))
    }
}

/// What a press may end with while others race it in bad weather.
const EXPLAINED: &[&str] = &[
    "",
    "partial",
    "index-failed",
    "target-unobserved",
    "github-failed",
    "github-outstanding",
    "lease-timeout",
];

struct Play {
    forge: Forge,
    request: ReleaseRequest,
    dist: std::path::PathBuf,
    seed: u64,
    schedule: Vec<String>,
}

impl Play {
    async fn new(seed: u64, random: &mut Random) -> Self {
        let forge = Forge::new().await;
        let dist = forge.lab.folder("dist");
        let wheels = usize::try_from(1 + random.below(4)).unwrap();
        dist::wheels(&dist, "1.0", wheels);
        dist::sdist(&dist, "1.0", "a");
        let targets = vec![forge.lab.target(TestPypi), forge.lab.target(Pypi)];
        let mut request = forge.request(&dist, targets);
        // Long enough for the one before to have its way in bad weather.
        request.wait = Duration::from_secs(4 * 3600);
        Self { forge, request, dist, seed, schedule: vec![format!("{wheels} wheels")] }
    }

    fn context(&self, elsewhere: bool) -> Context {
        if elsewhere { self.forge.fresh_context() } else { self.forge.context() }
    }

    /// One press, which dies after `dies`.
    async fn press(&self, elsewhere: bool, begins: Duration, dies: Option<Duration>) -> Option<Finished> {
        let clock = self.forge.lab.clock.clone();
        clock.sleep(begins).await;
        let context = self.context(elsewhere);
        let pressing = shiponce_engine::release(&context, &self.request);
        match dies {
            None => Some(pressing.await),
            Some(dies) => tokio::select! {
                ended = pressing => Some(ended),
                () = clock.sleep(dies) => None,
            },
        }
    }

    /// Some presses at the same time.
    async fn round(&mut self, random: &mut Random) {
        for _ in 0..random.below(4) {
            let fault = random.fault();
            self.schedule.push(fault.clone());
            self.forge.lab.fault(&fault);
        }
        let mut racers = Vec::new();
        for _ in 0..1 + random.below(3) {
            let elsewhere = random.below(3) == 0;
            let begins = Duration::from_millis(random.below(3) * random.below(4_000));
            let dies = (random.below(3) == 0).then(|| Duration::from_millis(random.below(200_000)));
            let where_ = if elsewhere { "elsewhere" } else { "here" };
            self.schedule.push(format!("press {where_} at {begins:?}, death {dies:?}"));
            racers.push((elsewhere, begins, dies));
        }
        let presses = racers.into_iter().map(|(elsewhere, begins, dies)| self.press(elsewhere, begins, dies));
        for ended in futures_util::future::join_all(presses).await.into_iter().flatten() {
            self.explained(&ended);
        }
        self.holds();
    }

    fn why(&self) -> String {
        format!("seed {}: {:#?}\n{}", self.seed, self.schedule, self.forge.lab.report.text())
    }

    fn explained(&self, ended: &Finished) {
        assert!(EXPLAINED.contains(&code(ended)), "{ended:?}\n{}", self.why());
        if let Some(problem) = &ended.problem {
            assert!(!problem.hints.is_empty(), "no way on: {problem:?}\n{}", self.why());
        }
    }

    /// At every moment: one content per name, and it is ours; at most one public page, and nothing on it but ours.
    fn holds(&self) {
        let world = &self.forge.lab.world;
        for index in Index::ALL {
            let log = world.log();
            let stores =
                log.iter().filter(|entry| entry.index == Some(index) && entry.is_write && entry.changed);
            assert_eq!(stores.count(), world.files(index).len(), "stored twice: {}", self.why());
            for file in world.files(index) {
                assert_eq!(file.sha256, sha256(&self.dist.join(&file.filename)), "{}", self.why());
            }
        }
        let pages = self.forge.releases();
        assert!(pages.iter().filter(|page| !page.draft).count() <= 1, "{}", self.why());
        if pages.iter().any(|page| !page.draft) {
            // It comes last: whoever sees it finds the files.
            let expected = fs_err::read_dir(&self.dist).unwrap().count();
            assert_eq!(world.files(Pypi).len(), expected, "{}", self.why());
        }
    }
}

fn sha256(path: &Path) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(fs_err::read(path).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn play(seed: u64) -> usize {
    let mut random = Random(seed.max(1));
    let mut play = Play::new(seed, &mut random).await;
    for _ in 0..1 + random.below(3) {
        play.round(&mut random).await;
    }
    // The weather clears; faults that were not met yet are met on the way.
    for index in Index::ALL {
        play.forge.lab.world.lag(index, Lag::None, Lag::None);
    }
    let mut done = false;
    for _ in 0..30 {
        let ended = play.press(false, Duration::ZERO, None).await.unwrap();
        play.explained(&ended);
        play.holds();
        done = ended.problem.is_none();
        if done {
            break;
        }
    }
    assert!(done, "never done: {}", play.why());
    play.forge.complete(&play.dist);
    let writes = || play.forge.lab.world.log().iter().filter(|entry| entry.is_write && entry.changed).count();
    let before = writes();
    // A fault that nobody has met yet may still keep it from reading.
    let ended = play.press(false, Duration::ZERO, None).await.unwrap();
    play.explained(&ended);
    play.forge.complete(&play.dist);
    assert_eq!(writes(), before, "a press after the last changes something: {}", play.why());
    before
}

#[test]
fn every_schedule_of_faults_deaths_and_racers_ends_in_one_release_with_its_page() {
    let clock = SystemClock::new();
    let seconds = crate::kit::variable("SHIPONCE_TORTURE_SECONDS").map_or(5, |text| text.parse().unwrap());
    let first = crate::kit::variable("SHIPONCE_TORTURE_SEED")
        .map_or_else(|| u64::try_from(clock.now().as_microsecond()).unwrap(), |text| text.parse().unwrap());
    let end = clock.monotonic() + Duration::from_secs(seconds);
    let (mut seed, mut plays, mut changes) = (first, 0, 0);
    while plays == 0 || clock.monotonic() < end {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        changes += runtime.unwrap().block_on(play(seed));
        plays += 1;
        seed = seed.wrapping_add(1);
    }
    println!("{plays} schedules, {changes} changes of the world in {seconds} s, seed {first}");
}
