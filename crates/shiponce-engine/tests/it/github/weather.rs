//! Faults at every request, and presses that are cut off at any.

use super::{ended, two_files};
use crate::kit::{Forge, Lab, code};
use shiponce_core::journal::Event;
use shiponce_io::Cancel;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const WRITES: [&str; 3] = ["github.create", "github.asset", "github.publish"];
const READS: [&str; 4] = ["github.list", "github.release", "github.tag", "github.assets"];

/// Every effect on GitHub has its intent, and at most `crashes` intents have no receipt.
fn journalled(lab: &Lab, crashes: usize) {
    let mut open: BTreeMap<String, bool> = BTreeMap::new();
    let mut unanswered = 0;
    for written in lab.ledger().entries(&"demo".parse().unwrap(), None).unwrap() {
        if !written.target.contains("/github/") {
            continue;
        }
        let before = open.insert(written.filename.clone(), written.event == Event::Intent).unwrap_or(false);
        match written.event {
            Event::Intent => unanswered += usize::from(before),
            Event::Press | Event::Confirmed => {}
            _ => assert!(before, "a receipt without an intent: {written:?}"),
        }
    }
    unanswered += open.values().filter(|open| **open).count();
    assert!(unanswered <= crashes, "{unanswered}");
}

/// Presses until one is through; each may end only as weather explains.
async fn until_done(forge: &Forge, what: &str) {
    let (request, dist) = two_files(forge);
    for _ in 0..6 {
        let finished = forge.press(&request).await;
        if finished.problem.is_none() {
            forge.complete(&dist);
            journalled(&forge.lab, 0);
            let writes = forge.writes().len();
            let finished = forge.press(&request).await;
            ended(forge, &finished, 0, "");
            assert_eq!(forge.writes().len(), writes, "{what}: a press after the last writes nothing");
            return;
        }
        let explained = ["github-failed", "github-outstanding", "target-unobserved"];
        assert!(explained.contains(&code(&finished)), "{what}: {:#?}", finished.problem);
    }
    panic!("{what}: never done\n{}", forge.lab.report.text());
}

#[tokio::test(start_paused = true)]
async fn every_fault_at_every_write_ends_in_one_complete_release() {
    const KINDS: [&str; 14] = [
        "500", "502", "503", "429", "503+retry-after=20", "500-stored", "502-stored", "200-not-stored", "hang",
        "cut-reading", "drop-before", "drop-after", "truncated", "unicorn",
    ];
    for route in WRITES {
        for kind in KINDS {
            for when in ["1", "2", "*"] {
                // An answer that lies costs a press each time: what was accepted is not sent again by the same one.
                let times = if kind == "200-not-stored" { "x3" } else { "x7" };
                let fault = format!("{route}:{when}:{kind}{}", if when == "*" { times } else { "" });
                let forge = Forge::new().await;
                forge.lab.fault(&fault);
                until_done(&forge, &fault).await;
            }
        }
    }
    for fault in ["github.asset:1:502-starter", "github.asset:2:502-starterx2", "github.asset:3:cut-reading"] {
        let forge = Forge::new().await;
        forge.lab.fault(fault);
        until_done(&forge, fault).await;
    }
}

#[tokio::test(start_paused = true)]
async fn every_fault_at_every_read_ends_in_one_complete_release() {
    const KINDS: [&str; 9] = [
        "500", "503", "429", "hang", "drop-before", "drop-after", "truncated", "unicorn", "captive-portal",
    ];
    for route in READS {
        for kind in KINDS {
            for when in ["1", "2", "3x3"] {
                let (at, times) = when.split_once('x').map_or((when, ""), |(at, times)| (at, times));
                let times = if times.is_empty() { String::new() } else { format!("x{times}") };
                let fault = format!("{route}:{at}:{kind}{times}");
                let forge = Forge::new().await;
                forge.lab.fault(&fault);
                until_done(&forge, &fault).await;
            }
        }
    }
}

/// Ctrl-C at each request of a release in turn: the request arrives or it does not, and nobody hears the answer.
#[tokio::test(start_paused = true)]
async fn a_press_cut_off_at_any_request_to_github_is_finished_by_the_next() {
    let mut number = 0;
    loop {
        let mut forge = Forge::new().await;
        let (request, dist) = two_files(&forge);
        let seen = Arc::new(Mutex::new(0));
        let (counter, cancel) = (seen.clone(), forge.lab.cancel.clone());
        forge.lab.hook(move |request| {
            if request.uri().path().starts_with("/github/") {
                let mut seen = counter.lock().unwrap();
                if *seen == number {
                    cancel.cancel();
                }
                *seen += 1;
            }
            None
        });
        let finished = forge.press(&request).await;
        if *seen.lock().unwrap() <= number {
            ended(&forge, &finished, 0, "");
            assert!(number > 8, "it came past every request");
            return;
        }
        ended(&forge, &finished, 130, "interrupted");
        forge.lab.hook(|_| None);
        forge.lab.cancel = Cancel::new();
        let fresh = number % 3 == 2;
        let context = if fresh { forge.fresh_context() } else { forge.context() };
        let finished = shiponce_engine::release(&context, &request).await;
        ended(&forge, &finished, 0, "");
        forge.complete(&dist);
        assert_eq!(forge.releases().len(), 1, "cut off at request {number}");
        number += 1;
    }
}
