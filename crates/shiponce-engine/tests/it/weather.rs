//! One press, one fault at a time.

use crate::kit::{Lab, code, dist, wheel_name};
use shiponce_core::journal::Event;
use shiponce_rehearsal::Index::Pypi;
use shiponce_rehearsal::{Lag, RouteKind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn three_files_go_up_once_and_a_second_press_only_looks() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 3);
    let first = lab.publish(&files).await;
    assert_eq!((first.exit_code().number(), code(&first)), (0, ""), "{first:?}\n{}", lab.report.text());
    assert_eq!((lab.world.writes(Pypi), lab.names(Pypi).len()), (3, 3));
    let (simple, json) = (lab.requests(RouteKind::Simple).len(), lab.requests(RouteKind::Json).len());
    let second = lab.publish(&files).await;
    assert_eq!(second.exit_code().number(), 0);
    assert_eq!(lab.requests(RouteKind::Simple).len(), simple + 1, "one reading");
    assert_eq!(lab.requests(RouteKind::Json).len(), json, "and no other");
    assert_eq!(lab.requests(RouteKind::File).len(), 0, "no body is fetched");
    assert_eq!(lab.world.writes(Pypi), 3);
    lab.check();
}

/// One wheel against one fault: how often it is sent, whether it is stored, how the press ends.
#[tokio::test(start_paused = true)]
async fn one_fault_costs_what_it_must_and_no_more() {
    for (fault, sent, stored, exit) in [
        // Nobody knows what a 503 has done: read, then send again.
        ("upload:1:503", 2, 1, 0),
        ("upload:*:503x4", 5, 1, 0),
        ("upload:*:503x5", 5, 0, 8),
        ("upload:*:503", 5, 0, 8),
        ("upload:1:500-stored", 1, 1, 0),
        ("upload:1:503-stored", 1, 1, 0),
        ("upload:1:drop-before", 2, 1, 0),
        ("upload:1:drop-after", 1, 1, 0),
        ("upload:1:cut-reading", 2, 1, 0),
        ("upload:1:hang", 2, 1, 0),
        ("upload:1:truncated", 1, 1, 0),
        ("upload:1:race", 2, 1, 0),
        ("upload:1:429", 2, 1, 0),
        ("upload:1:captive-portal", 2, 1, 0),
        ("upload:*:read-only", 1, 0, 8),
        ("upload:*:uploads-disabled", 1, 0, 8),
        ("simple:2:503x3", 1, 1, 0),
        ("simple:2:hang", 1, 1, 0),
        ("simple:2:truncated", 1, 1, 0),
        // One page that cannot be read does not make an accepted file unknown for ever.
        ("simple:3:503x8", 1, 1, 0),
        ("any:*:captive-portal", 0, 0, 5),
        ("simple:*:503", 0, 0, 5),
        ("simple:*:hang", 0, 0, 5),
    ] {
        let lab = Lab::new();
        lab.fault(fault);
        let files = dist::wheels(&lab.folder("dist"), "1.0", 1);
        let ended = lab.publish(&files).await;
        let text = lab.report.text();
        assert_eq!(ended.exit_code().number(), exit, "{fault}: {ended:?}\n{text}");
        assert_eq!(lab.uploads(Pypi).len(), sent, "{fault}: {text}");
        assert_eq!(lab.names(Pypi).len(), stored, "{fault}");
        lab.check();
    }
}

#[tokio::test(start_paused = true)]
async fn one_file_that_fails_does_not_keep_the_others() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 3);
    let bad = wheel_name("1.0", &dist::tag(1));
    let name = bad.clone();
    lab.hook(move |request| {
        let body = String::from_utf8_lossy(request.body());
        let struck = request.uri().path().ends_with("/legacy/") && body.contains(&name);
        struck.then(|| http::Response::builder().status(503).body("busy".into()).unwrap())
    });
    let ended = lab.publish(&files).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (6, "partial"), "{ended:?}");
    assert_eq!(lab.names(Pypi).len(), 2);
    let problem = ended.problem.unwrap().render();
    assert!(problem.contains("2 of 3 files on PyPI, 1 missing; the release closes 2026-12-04"), "{problem}");
    assert!(problem.contains(&format!("failed 5 times to take {bad}")), "{problem}");
    assert!(!problem.contains("Nothing was uploaded"), "{problem}");
    lab.hook(|_| None);
    let again = lab.publish(&files).await;
    assert_eq!(again.exit_code().number(), 0, "{again:?}");
    assert_eq!(lab.names(Pypi).len(), 3);
    assert!(lab.report.said("2 of 3 files already there (identical), uploading 1"));
}

#[tokio::test(start_paused = true)]
async fn an_index_that_asks_for_a_pause_gets_it_for_every_file() {
    let lab = Lab::new();
    lab.fault("upload:2:503+retry-after=90");
    let files = dist::wheels(&lab.folder("dist"), "1.0", 9);
    assert_eq!(lab.publish(&files).await.exit_code().number(), 0);
    let uploads = lab.uploads(Pypi);
    assert_eq!(uploads.len(), 10);
    let since = |entry: &shiponce_rehearsal::LogEntry| entry.at.duration_since(uploads[0].at).as_secs();
    let seconds: Vec<i64> = uploads.iter().map(since).collect();
    let during = seconds.iter().filter(|at| **at < 90).count();
    assert!(during <= 6, "only what was on its way already: {seconds:?}");
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn an_index_that_asks_for_an_hour_gets_the_press_back() {
    let lab = Lab::new();
    lab.fault("upload:1:503+retry-after=3600");
    let files = dist::wheels(&lab.folder("dist"), "1.0", 2);
    let begun = lab.clock.monotonic();
    let ended = lab.publish(&files).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (8, "index-failed"), "{ended:?}");
    assert_eq!(lab.uploads(Pypi).len(), 1, "the other file is not sent either");
    assert!(lab.clock.monotonic() - begun < Duration::from_secs(60));
    let problem = ended.problem.unwrap().render();
    assert!(problem.contains("asks for a longer pause than a press can make"), "{problem}");
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn a_refused_credential_is_not_tried_on_the_other_files() {
    let lab = Lab::new();
    let count = Arc::new(Mutex::new(0));
    lab.hook(move |request| {
        let mut count = count.lock().unwrap();
        *count += u32::from(request.uri().path().ends_with("/legacy/"));
        let message = "403 Invalid or non-existent authentication information.";
        (*count >= 3 && request.uri().path().ends_with("/legacy/"))
            .then(|| http::Response::builder().status(403).body(message.into()).unwrap())
    });
    let files = dist::wheels(&lab.folder("dist"), "1.0", 12);
    let ended = lab.publish(&files).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (6, "partial"), "{ended:?}");
    assert_eq!(lab.names(Pypi).len(), 2);
    let entries = lab.ledger().entries(&"demo".parse().unwrap(), None).unwrap();
    let intents = entries.iter().filter(|entry| entry.event == Event::Intent).count();
    assert!(intents <= 6, "the others are not hammered: {intents}");
    let problem = ended.problem.unwrap().render();
    assert!(problem.contains("was not sent: PyPI refused the credential for another file"), "{problem}");
    assert!(problem.contains("check that the token belongs"), "{problem}");
}

#[tokio::test(start_paused = true)]
async fn read_only_is_no_question_of_credentials() {
    let lab = Lab::new();
    lab.fault("upload:*:read-only");
    let files = dist::wheels(&lab.folder("dist"), "1.0", 2);
    let ended = lab.publish(&files).await;
    assert_eq!(code(&ended), "index-failed");
    assert_eq!(lab.uploads(Pypi).len(), 1);
    let problem = ended.problem.unwrap().render();
    assert!(problem.contains("takes no uploads for now"), "{problem}");
    assert!(problem.contains("Read-only mode"), "{problem}");
    assert!(problem.contains("Nothing was uploaded to PyPI by this run."), "{problem}");
}

#[tokio::test(start_paused = true)]
async fn pages_that_lag_ten_minutes_are_waited_for() {
    let lab = Lab::new();
    let old = dist::wheel(&lab.folder("old"), "0.9", "py3-none-any", "old");
    lab.put(Pypi, &old);
    lab.world.lag(Pypi, Lag::For(Duration::from_secs(600)), Lag::For(Duration::from_secs(600)));
    let files = dist::wheels(&lab.folder("dist"), "1.0", 2);
    let begun = lab.clock.monotonic();
    let ended = lab.publish(&files).await;
    assert_eq!(ended.exit_code().number(), 0, "{ended:?}\n{}", lab.report.text());
    assert!(lab.clock.monotonic() - begun >= Duration::from_secs(600));
    assert_eq!(lab.uploads(Pypi).len(), 2, "never sent again");
    assert!(lab.requests(RouteKind::Simple).len() < 60, "polled politely");
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn accepted_and_never_shown_ends_and_is_remembered() {
    let lab = Lab::new();
    lab.fault("upload:1:200-not-stored");
    let files = dist::wheels(&lab.folder("dist"), "1.0", 1);
    for press in 1..=2 {
        let begun = lab.clock.monotonic();
        let ended = lab.publish(&files).await;
        assert_eq!((ended.exit_code().number(), code(&ended)), (8, "index-failed"), "{ended:?}");
        let took = lab.clock.monotonic() - begun;
        assert!((900..=960).contains(&took.as_secs()), "{took:?}");
        let problem = ended.problem.unwrap().render();
        assert!(problem.contains("accepted demo-1.0"), "{problem}");
        let nothing = problem.contains("Nothing was uploaded to PyPI by this run.");
        assert_eq!(nothing, press == 2, "an accepted file may be there: {problem}");
    }
    assert_eq!(lab.uploads(Pypi).len(), 1, "the second press does not send it again");
    lab.check();
}
