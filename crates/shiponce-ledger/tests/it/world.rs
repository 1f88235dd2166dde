//! A directory, a clock and a ledger of a test's own.

use jiff::Timestamp;
use shiponce_core::{Blake2b256, FileEntry, Manifest, PackageName, Sha256, Version};
use shiponce_io::clock::{BootId, BootTime};
use shiponce_io::{BoxFuture, Clock};
use shiponce_ledger::{Acquired, Holder, Lease, Ledger, NewPress, Options, PressId, release_group};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// A clock that is moved by hand.
#[derive(Debug)]
pub(crate) struct HandClock {
    state: Mutex<(Option<BootId>, i64)>,
}

impl HandClock {
    pub(crate) fn advance(&self, micros: i64) {
        self.state.lock().unwrap().1 += micros;
    }

    pub(crate) fn reboot(&self, boot: Option<&str>) {
        *self.state.lock().unwrap() = (boot.map(BootId::new), 0);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        let micros = self.state.lock().unwrap().1;
        Timestamp::from_microsecond(1_795_000_000_000_000 + micros).unwrap()
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }

    fn boot(&self) -> BootTime {
        let (boot, micros) = self.state.lock().unwrap().clone();
        BootTime { boot, micros }
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}

pub(crate) struct World {
    pub(crate) directory: TempDir,
    pub(crate) clock: Arc<HandClock>,
}

impl World {
    pub(crate) fn new() -> Self {
        let clock = HandClock { state: Mutex::new((Some(BootId::new("boot-1")), 1_000_000)) };
        Self { directory: tempfile::tempdir().unwrap(), clock: Arc::new(clock) }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().join("state").join("ledger.sqlite")
    }

    pub(crate) fn open(&self) -> Ledger {
        Ledger::open(&self.path(), self.clock.clone(), options()).unwrap()
    }

    pub(crate) fn read_only(&self) -> Ledger {
        Ledger::open_read_only(&self.path(), self.clock.clone(), options()).unwrap()
    }
}

/// A TTL of 30 µs lets tests count time in small numbers.
pub(crate) fn options() -> Options {
    Options { ttl: Duration::from_micros(30), margin: Duration::from_micros(5), ..Options::usual() }
}

pub(crate) fn holder(ledger: &Ledger, id: &str) -> Holder {
    ledger.register(id.parse().unwrap()).unwrap()
}

pub(crate) fn granted(ledger: &Ledger, holder: &Holder) -> Lease {
    match ledger.acquire(&release_group(&demo()), holder).unwrap() {
        Acquired::Granted(lease) => lease,
        Acquired::Waiting { ahead, behind } => panic!("waits behind {ahead} and {behind:?}"),
    }
}

pub(crate) fn demo() -> PackageName {
    "Demo".parse().unwrap()
}

pub(crate) fn version(text: &str) -> Version {
    text.parse().unwrap()
}

pub(crate) fn begin(ledger: &Ledger, lease: &Lease) -> PressId {
    let (project, version) = (demo(), version("1.0"));
    let press = NewPress { project: &project, version: &version, commit: Some("abc"), note: "release" };
    ledger.begin_press(lease.fence(), &press).unwrap()
}

pub(crate) const WHEEL: &str = "demo-1.0-py3-none-any.whl";
pub(crate) const SDIST: &str = "demo-1.0.tar.gz";

pub(crate) fn manifest(files: &[(&str, u8)], commit: Option<&str>) -> Manifest {
    let entry = |name: &str, byte: u8| FileEntry {
        filename: name.parse().unwrap(),
        size: 10,
        sha256: Sha256([byte; 32]),
        blake2b: Blake2b256([byte; 32]),
    };
    Manifest {
        project: demo(),
        version: version("1.0"),
        commit: commit.map(ToOwned::to_owned),
        inputs: Some(Sha256([9; 32])),
        files: files.iter().map(|(name, byte)| ((*name).to_owned(), entry(name, *byte))).collect(),
        assets: std::collections::BTreeMap::new(),
    }
}
