//! The running binary: its lines as they come, signals, and how it ended.

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// No step of any test takes this long on a slow machine.
const DEADLINE: Duration = Duration::from_secs(120);

/// How a command ended.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// The exit code; `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    /// The signal that ended it.
    pub(crate) signal: Option<i32>,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl Run {
    /// Runs a command to its end.
    pub(crate) fn of(command: Command) -> Self {
        Child::spawn(command).wait()
    }

    /// The one JSON document on standard output.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{self:#?}"))
    }

    /// Fails the test unless the command ended with this code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "signal {:?}\n--- stdout\n{}\n--- stderr\n{}",
            self.signal,
            self.stdout,
            self.stderr
        );
        self
    }
}

/// A running command.
#[derive(Debug)]
pub(crate) struct Child {
    process: std::process::Child,
    lines: Arc<Lines>,
    readers: Vec<JoinHandle<()>>,
    stdout: Arc<Mutex<Vec<u8>>>,
}

/// Standard error so far.
#[derive(Debug, Default)]
struct Lines {
    text: Mutex<(Vec<String>, bool)>,
    more: Condvar,
}

impl Child {
    /// Starts a command and reads its output while it runs.
    pub(crate) fn spawn(command: Command) -> Self {
        Self::watched(command, |_, _| {})
    }

    /// The same; `watch` is called with the process and the number of every line of standard error, from 0, before
    /// the next line is read.
    pub(crate) fn watched(mut command: Command, watch: impl FnMut(Pid, usize) + Send + 'static) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let stdout = Arc::new(Mutex::new(Vec::new()));
        let lines = Arc::new(Lines::default());
        let (mut out, err) = (process.stdout.take().unwrap(), process.stderr.take().unwrap());
        let (kept, seen) = (stdout.clone(), lines.clone());
        let pid = Pid::from_child(&process);
        let readers = vec![
            std::thread::spawn(move || {
                let mut bytes = Vec::new();
                out.read_to_end(&mut bytes).unwrap();
                *kept.lock().unwrap() = bytes;
            }),
            std::thread::spawn(move || seen.follow(err, pid, watch)),
        ];
        Self { process, lines, readers, stdout }
    }

    /// The process, which exists as long as this value was not waited for.
    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.process)
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Waits until a line of standard error contains `text`.
    #[track_caller]
    pub(crate) fn wait_for_line(&self, text: &str) -> String {
        self.lines.wait(text)
    }

    /// Waits for the end.
    #[track_caller]
    pub(crate) fn wait(mut self) -> Run {
        let status = wait_bounded(&mut self.process);
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }
        let stdout = String::from_utf8_lossy(&self.stdout.lock().unwrap()).into_owned();
        let stderr = self.lines.text.lock().unwrap().0.iter().map(|line| format!("{line}\n")).collect();
        Run { code: status.code(), signal: status.signal(), stdout, stderr }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // A test that failed leaves no process behind; one that was waited for is gone already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Lines {
    fn follow(&self, stderr: impl Read, pid: Pid, mut watch: impl FnMut(Pid, usize)) {
        for (number, line) in BufReader::new(stderr).split(b'\n').enumerate() {
            let line = String::from_utf8_lossy(&line.unwrap()).into_owned();
            self.text.lock().unwrap().0.push(line);
            self.more.notify_all();
            watch(pid, number);
        }
        self.text.lock().unwrap().1 = true;
        self.more.notify_all();
    }

    #[track_caller]
    fn wait(&self, wanted: &str) -> String {
        let found = |lines: &[String]| lines.iter().find(|line| line.contains(wanted)).cloned();
        let (text, _) = self
            .more
            .wait_timeout_while(self.text.lock().unwrap(), DEADLINE, |(lines, ended)| {
                !*ended && found(lines).is_none()
            })
            .unwrap();
        found(&text.0).unwrap_or_else(|| panic!("`{wanted}` was never said:\n{}", text.0.join("\n")))
    }
}

/// Waits until something holds, with an end.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "polls what nothing announces")]
pub(crate) fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < DEADLINE, "{what}: not within {DEADLINE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Kills a process and comes back when it can do nothing any more. It stays a zombie until its parent asks; one that
/// was asked already has ended before.
pub(crate) fn kill_now(pid: Pid) {
    if kill_process(pid, Signal::KILL).is_ok() {
        waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT).ok();
    }
}

/// Waits with an end, so that a hanging binary fails the test and not the test run.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "the deadline of a real process is real time")]
fn wait_bounded(process: &mut std::process::Child) -> ExitStatus {
    let pid = Pid::from_child(process);
    let started = Instant::now();
    loop {
        if let Some(status) = process.try_wait().unwrap() {
            return status;
        }
        if started.elapsed() > DEADLINE {
            kill_now(pid);
            panic!("the command did not end within {DEADLINE:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
