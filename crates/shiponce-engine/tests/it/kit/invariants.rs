//! What holds in every test, whatever the weather.

use super::lab::Lab;
use bytes::Bytes;
use shiponce_core::journal::Event;
use shiponce_io::Clock;
use shiponce_ledger::{Ledger, Options};
use shiponce_rehearsal::{LogEntry, RouteKind};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// Looks at the ledger at the moment an upload arrives.
#[derive(Debug)]
pub(crate) struct Watch {
    ledger: PathBuf,
    clock: Arc<dyn Clock>,
    broken: Mutex<Vec<String>>,
}

impl Watch {
    pub(super) fn new(ledger: PathBuf, clock: Arc<dyn Clock>) -> Self {
        Self { ledger, clock, broken: Mutex::default() }
    }

    /// Every upload finds its intent written, and no outcome after it.
    pub(super) fn before(&self, request: &http::Request<Bytes>) {
        // A machine with a ledger of its own is watched by nobody.
        if self.ledger.with_file_name("other-state").exists() {
            return;
        }
        self.before_github(request);
        if request.method() != http::Method::POST || !request.uri().path().ends_with("/legacy/") {
            return;
        }
        let project = "demo".parse().unwrap();
        let ledger = Ledger::open_read_only(&self.ledger, self.clock.clone(), Options::usual()).unwrap();
        let target = request.uri().to_string();
        let entries = ledger.entries(&project, None).unwrap();
        let filename = sent_name(request.body());
        let last = entries.iter().rev().find(|entry| entry.target == target && entry.filename == filename);
        if !last.is_some_and(|entry| entry.event == Event::Intent) {
            self.broken.lock().unwrap().push(format!("sent to {target} without an intent: {last:?}"));
        }
    }
}

/// The name of the file in a form.
pub(super) fn sent_name(body: &Bytes) -> String {
    let text = String::from_utf8_lossy(body);
    let after = text.split_once("filename=\"").map_or("", |(_, after)| after);
    after.split('"').next().unwrap_or_default().to_owned()
}

impl Watch {
    /// Every change of GitHub finds its intent written, and no outcome after it.
    fn before_github(&self, request: &http::Request<Bytes>) {
        let path = request.uri().path();
        let reads = request.method() == http::Method::GET || path.ends_with("/generate-notes");
        if reads || !path.starts_with("/github/api/") {
            return;
        }
        let ledger = Ledger::open_read_only(&self.ledger, self.clock.clone(), Options::usual()).unwrap();
        let entries = ledger.entries(&"demo".parse().unwrap(), None).unwrap();
        let last = entries.iter().rev().find(|entry| entry.target.contains("/github/"));
        if !last.is_some_and(|entry| entry.event == Event::Intent) {
            self.broken
                .lock()
                .unwrap()
                .push(format!("{} {path} without an intent: {last:?}", request.method()));
        }
    }

    /// Nothing was sent without an intent.
    pub(crate) fn check(&self) {
        assert_eq!(*self.broken.lock().unwrap(), Vec::<String>::new());
    }
}

impl Lab {
    /// Every effect has an intent before it and one outcome after it, and as many intents as requests were made;
    /// no name was ever stored twice; nothing was sent to an index that the engine had not just read.
    pub(crate) fn check(&self) {
        self.check_but_for_crashes(0);
    }

    /// The same after so many presses that died between an intent and its outcome.
    pub(crate) fn check_but_for_crashes(&self, crashes: usize) {
        self.watch.check();
        let log = self.world.log();
        stored_once(&log);
        let others = self.others.lock().unwrap().clone();
        let ours: Vec<LogEntry> = log.into_iter().filter(|entry| !others.contains(&entry.sequence)).collect();
        looked_before(&ours);
        let mut open: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut unanswered = 0;
        for written in self.ledger().entries(&"demo".parse().unwrap(), None).unwrap() {
            let sent = open.entry((written.target, written.filename)).or_default();
            match written.event {
                Event::Press | Event::Confirmed => {}
                Event::Intent => {
                    unanswered += *sent;
                    *sent = 1;
                }
                Event::NotSent { .. }
                | Event::OutcomeUnknown { .. }
                | Event::Accepted
                | Event::Refused { .. } => {
                    assert_eq!(*sent, 1, "an outcome without an intent");
                    *sent = 0;
                }
            }
        }
        unanswered += open.values().sum::<usize>();
        assert!(unanswered <= crashes, "{unanswered} intents without an outcome");
    }
}

fn stored_once(log: &[LogEntry]) {
    let mut stored = BTreeSet::new();
    for entry in log.iter().filter(|entry| entry.index.is_some() && entry.is_write && entry.changed) {
        let name = (entry.index, entry.filename.clone());
        assert!(stored.insert(name), "stored twice: {entry:?}");
    }
}

/// Before every upload the last reading of that index was answered by the index itself.
fn looked_before(log: &[LogEntry]) {
    let mut readable = BTreeMap::new();
    for entry in log {
        match entry.route {
            RouteKind::Simple | RouteKind::Json => {
                let honest = matches!(entry.status, Some(200 | 304 | 404)) && !lies(entry);
                readable.insert(entry.index, honest);
            }
            RouteKind::Upload if entry.is_write && entry.path.ends_with("/legacy/") => {
                assert_eq!(readable.get(&entry.index), Some(&true), "sent without looking: {entry:?}");
            }
            _ => {}
        }
    }
}

fn lies(entry: &LogEntry) -> bool {
    let fault = entry.fault.as_deref().unwrap_or_default();
    !fault.is_empty() && !fault.contains("delay=")
}

#[tokio::test(start_paused = true)]
async fn the_invariants_notice_what_they_forbid() {
    let fails = |lab: &Lab| {
        let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| lab.check()));
        checked.is_err()
    };
    let lab = Lab::new();
    let files = super::dist::wheels(&lab.folder("dist"), "1.0", 2);
    assert_eq!(lab.publish(&files[..1]).await.exit_code().number(), 0);
    assert!(!fails(&lab));
    // An upload that no intent announces.
    let request = http::Request::post(format!("{}/prod/legacy/", super::BASE)).body(Bytes::new()).unwrap();
    lab.watch.before(&request);
    assert!(fails(&lab));
    // An upload to an index that nobody has read, and one that takes a name for a second time.
    let lab = Lab::new();
    let which = shiponce_rehearsal::Index::Pypi;
    lab.put(which, &files[0]);
    assert_eq!(lab.publish(&files[1..]).await.exit_code().number(), 0);
    assert!(!fails(&lab));
    lab.others.lock().unwrap().clear();
    assert!(fails(&lab));
    let mut log = lab.world.log();
    log.extend(log.clone());
    assert!(std::panic::catch_unwind(|| stored_once(&log)).is_err());
}
