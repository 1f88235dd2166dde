//! Hitting the running binary at one exact point of its way.

use super::child::{Child, Run};
use super::setting::Setting;
use rustix::process::Pid;
use shiponce_rehearsal::{Index, LogEntry, Moment, Observer};
use std::collections::VecDeque;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

/// A point on the way of a run; numbers count from 0.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Point {
    /// The world has this request in hand; the client knows nothing of its answer.
    Request(Moment, usize),
    /// The world has this upload to this index in hand.
    Upload(Moment, Index, usize),
    /// The world has this write to GitHub in hand.
    Page(Moment, usize),
    /// This line was said on standard error.
    Line(usize),
    /// This line was appended to the file of `--events`.
    Event(usize),
}

/// How many points a run has.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    /// Requests that reached the world.
    pub(crate) requests: usize,
    /// The numbers of those that changed something.
    pub(crate) writes: Vec<usize>,
    /// Lines on standard error.
    pub(crate) lines: usize,
    /// Lines in the file of `--events`.
    pub(crate) events: usize,
}

impl Course {
    /// Runs a command undisturbed and counts.
    #[track_caller]
    pub(crate) fn of(setting: &Setting, args: &[&str]) -> Self {
        let run = Run::of(with_events(setting, args)).expect(0);
        let log = setting.world().log();
        Self {
            requests: log.len(),
            writes: (0..log.len()).filter(|number| log[*number].changed).collect(),
            lines: run.stderr.lines().count(),
            events: lines_in(&setting.path("events.jsonl")),
        }
    }

    /// Every request in the world's hands. Those that change something once more when the change is made: for
    /// all others there is no difference that anybody could see.
    pub(crate) fn at_requests(&self) -> Vec<Point> {
        let before = (0..self.requests).map(|number| Point::Request(Moment::BeforeEffect, number));
        before.chain(self.at_effects()).collect()
    }

    /// Every request that changes something, when the change is made and the client does not know.
    pub(crate) fn at_effects(&self) -> impl Iterator<Item = Point> {
        self.writes.iter().map(|number| Point::Request(Moment::AfterEffect, *number))
    }

    /// Every line.
    pub(crate) fn at_lines(&self) -> impl Iterator<Item = Point> {
        (0..self.lines).map(Point::Line)
    }

    /// Every event.
    pub(crate) fn at_events(&self) -> impl Iterator<Item = Point> {
        (0..self.events).map(Point::Event)
    }
}

/// Runs a command and hits it once when it reaches a point. Returns how it ended, and whether the point was reached.
pub(crate) fn strike(
    setting: &Setting,
    args: &[&str],
    point: Point,
    blow: impl Fn(Pid) + Send + Sync + 'static,
) -> (Run, bool) {
    let blow = Arc::new(Blow { blow: Box::new(blow), struck: AtomicBool::new(false) });
    let command = with_events(setting, args);
    let run = match point {
        Point::Request(moment, number) => at_request(setting, command, moment, number, |_| true, &blow),
        Point::Upload(moment, index, number) => {
            let wanted = move |entry: &LogEntry| entry.is_write && entry.index == Some(index);
            at_request(setting, command, moment, number, wanted, &blow)
        }
        Point::Page(moment, number) => {
            let wanted = |entry: &LogEntry| entry.is_write && entry.route.is_github();
            at_request(setting, command, moment, number, wanted, &blow)
        }
        Point::Line(number) => {
            let blow = blow.clone();
            let watch = move |pid, line| {
                if line == number {
                    blow.strike(pid);
                }
            };
            Child::watched(command, watch).wait()
        }
        Point::Event(number) => at_event(setting, command, number, &blow),
    };
    (run, blow.struck.load(Ordering::SeqCst))
}

/// Works through everything, a few at a time.
pub(crate) fn each<T: Send>(items: impl IntoIterator<Item = T>, work: impl Fn(T) + Sync) {
    let items = Mutex::new(items.into_iter().collect::<VecDeque<T>>());
    let next = || items.lock().unwrap().pop_front();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while let Some(item) = next() {
                    work(item);
                }
            });
        }
    });
}

struct Blow {
    blow: Box<dyn Fn(Pid) + Send + Sync>,
    struck: AtomicBool,
}

impl Blow {
    fn strike(&self, pid: Pid) {
        if !self.struck.swap(true, Ordering::SeqCst) {
            (self.blow)(pid);
        }
    }
}

fn at_request(
    setting: &Setting,
    command: Command,
    moment: Moment,
    number: usize,
    wanted: impl Fn(&LogEntry) -> bool + Send + Sync + 'static,
    blow: &Arc<Blow>,
) -> Run {
    let (victim, seen) = (Arc::new(OnceLock::new()), AtomicUsize::new(0));
    let (pid, blow) = (victim.clone(), blow.clone());
    setting.world().on_request(Observer::new(move |now, entry| {
        if now == moment && wanted(entry) && seen.fetch_add(1, Ordering::SeqCst) == number {
            blow.strike(*pid.wait());
        }
    }));
    let child = Child::spawn(command);
    victim.set(child.pid()).unwrap();
    let run = child.wait();
    setting.world().on_request(Observer::new(|_, _| {}));
    run
}

#[expect(clippy::disallowed_methods, reason = "nothing announces that a file has grown")]
fn at_event(setting: &Setting, command: Command, number: usize, blow: &Arc<Blow>) -> Run {
    let child = Child::spawn(command);
    let (pid, ended) = (child.pid(), AtomicBool::new(false));
    let file = setting.path("events.jsonl");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // The end of the child is the end of this loop, and the child has a deadline.
            while !ended.load(Ordering::SeqCst) {
                if lines_in(&file) > number {
                    return blow.strike(pid);
                }
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        let run = child.wait();
        ended.store(true, Ordering::SeqCst);
        run
    })
}

fn with_events(setting: &Setting, args: &[&str]) -> Command {
    let mut command = setting.command(args);
    command.arg("--events").arg(setting.path("events.jsonl"));
    command
}

fn lines_in(file: &Path) -> usize {
    fs_err::read_to_string(file).map_or(0, |text| text.lines().count())
}
