//! Faults at every request, and presses that are cut off at any.

use super::{ended, two_files};
use crate::kit::{Forge, Lab, code};
use shiponce_core::journal::Event;
use shiponce_io::Cancel;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

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

async fn every_fault_at(route: &str, kinds: &[&str], times: &[&str]) {
    for kind in kinds {
        for when in times {
            // An answer that lies costs a press each time: what was accepted is not sent again by the same one.
            let when = if *kind == "200-not-stored" { when.replace("x7", "x3") } else { (*when).to_owned() };
            let (at, times) = when.split_once('x').map_or((when.as_str(), ""), |(at, times)| (at, times));
            let times = if times.is_empty() { String::new() } else { format!("x{times}") };
            let fault = format!("{route}:{at}:{kind}{times}");
            let forge = Forge::new().await;
            forge.lab.fault(&fault);
            until_done(&forge, &fault).await;
        }
    }
}

const WRITING: [&str; 14] = [
    "500",
    "502",
    "503",
    "429",
    "503+retry-after=20",
    "500-stored",
    "502-stored",
    "200-not-stored",
    "hang",
    "cut-reading",
    "drop-before",
    "drop-after",
    "truncated",
    "unicorn",
];
const READING: [&str; 9] =
    ["500", "503", "429", "hang", "drop-before", "drop-after", "truncated", "unicorn", "captive-portal"];

#[tokio::test(start_paused = true)]
async fn every_fault_at_making_the_draft_ends_in_one_complete_release() {
    every_fault_at("github.create", &WRITING, &["1", "*x7"]).await;
}

#[tokio::test(start_paused = true)]
async fn every_fault_at_sending_a_file_ends_in_one_complete_release() {
    every_fault_at("github.asset", &WRITING, &["1", "2", "*x7"]).await;
    every_fault_at("github.asset", &["502-starter"], &["1", "2x2", "3"]).await;
}

#[tokio::test(start_paused = true)]
async fn every_fault_at_publishing_ends_in_one_complete_release() {
    every_fault_at("github.publish", &WRITING, &["1", "*x7"]).await;
}

#[tokio::test(start_paused = true)]
async fn every_fault_at_the_lists_ends_in_one_complete_release() {
    every_fault_at("github.list", &READING, &["1", "2", "3x3"]).await;
}

#[tokio::test(start_paused = true)]
async fn every_fault_at_reading_one_page_or_the_tag_ends_in_one_complete_release() {
    every_fault_at("github.release", &READING, &["1", "3x3"]).await;
    every_fault_at("github.tag", &READING, &["1", "3x3"]).await;
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
