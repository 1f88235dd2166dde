//! The test binary runs itself again to have real processes: `child` does nothing in an ordinary run and plays a
//! role when a parent asks for one.

use crate::world::{World, sha256};
use crate::{memory, torture};
use shiponce_store::Store;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Stdio};

const ROLE: &str = "SHIPONCE_STORE_TEST_ROLE";
const DIRECTORY: &str = "SHIPONCE_STORE_TEST_DIRECTORY";
/// Marks our lines among those of the test harness.
const MARK: &str = "\u{1}";

#[expect(clippy::disallowed_methods, reason = "how a parent tells its child what to do")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[test]
fn child() {
    let Some(role) = variable(ROLE) else { return };
    let directory = PathBuf::from(variable(DIRECTORY).unwrap());
    match role.as_str() {
        "put" => put(&directory),
        "flood" => torture::flood(&directory),
        "measure" => memory::measure(&directory),
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
    pub(crate) fn start(role: &str, directory: &Path) -> Self {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "process::child", "--nocapture"])
            .env(ROLE, role)
            .env(DIRECTORY, directory)
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

/// Stores `source` once and says whether it was new.
fn put(directory: &Path) {
    let source = directory.join("source");
    let digest = sha256(&fs_err::read(&source).unwrap());
    say(Store::open(&directory.join("store")).unwrap().put_file(&source, digest).unwrap().is_new);
}

#[test]
fn of_eight_processes_exactly_one_stores_the_file() {
    let world = World::new();
    let bytes = vec![3; 2_000_000];
    world.file("source", &bytes);
    let children: Vec<Played> = (0..8).map(|_| Played::start("put", world.directory.path())).collect();
    let said: Vec<String> = children.into_iter().flat_map(Played::finish).collect();
    assert_eq!(said.len(), 8);
    assert_eq!(said.iter().filter(|is_new| *is_new == "true").count(), 1, "{said:?}");
    assert!(world.store().open_file(sha256(&bytes)).unwrap().found().is_some());
}
