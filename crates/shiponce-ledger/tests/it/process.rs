//! The test binary runs itself again to have real processes: `child` does nothing in an ordinary run and plays a
//! role when a parent asks for one.

use crate::world::{demo, version};
use crate::{competition, torture};
use shiponce_io::{Clock, SystemClock};
use shiponce_ledger::{Acquired, Holder, Lease, Ledger, NewPress, Options, PressId, release_group};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Stdio};
use std::sync::Arc;
use std::time::Duration;

const ROLE: &str = "SHIPONCE_LEDGER_TEST_ROLE";
const DIRECTORY: &str = "SHIPONCE_LEDGER_TEST_DIRECTORY";
const NAME: &str = "SHIPONCE_LEDGER_TEST_NAME";
/// Marks our lines among those of the test harness.
const MARK: &str = "\u{1}";

#[expect(clippy::disallowed_methods, reason = "how a parent tells its child what to do")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[test]
fn child() {
    let Some(role) = variable(ROLE) else { return };
    let (directory, name) = (PathBuf::from(variable(DIRECTORY).unwrap()), variable(NAME).unwrap());
    match role.as_str() {
        "compete" => competition::compete(&directory, &name),
        "hold" => hold(&directory, &name),
        "write" => torture::write(&directory, &name),
        other => panic!("no role {other}"),
    }
}

/// A child process; killed when dropped.
pub(crate) struct Played {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Played {
    #[expect(clippy::disallowed_methods, reason = "the processes are what is tested")]
    pub(crate) fn start(role: &str, directory: &Path, name: &str) -> Self {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "process::child", "--nocapture"])
            .env(ROLE, role)
            .env(DIRECTORY, directory)
            .env(NAME, name)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The next line the child said; `None` when it ended.
    pub(crate) fn hear(&mut self) -> Option<String> {
        for line in self.lines.by_ref() {
            if let Some((_, said)) = line.unwrap().split_once(MARK) {
                return Some(said.to_owned());
            }
        }
        None
    }

    /// SIGKILL, and everything that was said before it.
    pub(crate) fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::iter::from_fn(|| self.hear()).collect()
    }

    pub(crate) fn finish(mut self) -> Vec<String> {
        let said = std::iter::from_fn(|| self.hear()).collect();
        assert!(self.child.wait().unwrap().success());
        said
    }
}

impl Drop for Played {
    fn drop(&mut self) {
        // Fails when it has ended already, which is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

pub(crate) fn say(text: impl std::fmt::Display) {
    println!("{MARK}{text}");
}

pub(crate) fn open(directory: &Path) -> Ledger {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    Ledger::open(&directory.join("ledger.sqlite"), clock, Options::usual()).unwrap()
}

pub(crate) fn wait_for_lease(ledger: &Ledger, holder: &Holder) -> Lease {
    loop {
        match ledger.acquire(&release_group(&demo()), holder).unwrap() {
            Acquired::Granted(lease) => return lease,
            Acquired::Waiting { .. } => std::thread::park_timeout(Duration::from_millis(2)),
        }
    }
}

pub(crate) fn begin_press(ledger: &Ledger, lease: &Lease) -> PressId {
    let (project, version) = (demo(), version("1.0"));
    let press = NewPress { project: &project, version: &version, commit: None, note: "child" };
    ledger.begin_press(lease.fence(), &press).unwrap()
}

/// Takes the lease, begins a press and a phase, says its token, and waits to be killed.
fn hold(directory: &Path, name: &str) {
    let ledger = open(directory);
    let holder = ledger.register(name.parse().unwrap()).unwrap();
    let lease = wait_for_lease(&ledger, &holder);
    let press = begin_press(&ledger, &lease);
    ledger.start_step(lease.fence(), &demo(), press, "build").unwrap();
    say(lease.token().0);
    loop {
        std::thread::park();
    }
}
