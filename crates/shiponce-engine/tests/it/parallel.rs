//! Several uploads at a time: which, when, and what ends them.

use crate::kit::{Lab, code, dist, take_over, wheel_name};
use shiponce_core::decide::WriteOnce;
use shiponce_core::journal::Event;
use shiponce_rehearsal::Index::Pypi;
use shiponce_rehearsal::{LogEntry, RouteKind};
use std::sync::Arc;
use std::time::Duration;

/// Seconds from the first upload to the beginning of each.
fn beginnings(lab: &Lab) -> Vec<i64> {
    let uploads = lab.uploads(Pypi);
    uploads.iter().map(|entry| entry.at.duration_since(uploads[0].at).as_secs()).collect()
}

fn names(lab: &Lab) -> Vec<String> {
    lab.uploads(Pypi).into_iter().filter_map(|entry| entry.filename).collect()
}

fn events(lab: &Lab, wanted: fn(&Event) -> bool) -> usize {
    let entries = lab.ledger().entries(&"demo".parse().unwrap(), None).unwrap();
    entries.iter().filter(|entry| wanted(&entry.event)).count()
}

#[tokio::test(start_paused = true)]
async fn the_first_file_goes_alone_then_four_at_a_time_and_the_sdist_last() {
    let lab = Lab::new();
    lab.fault("upload:*:delay=6000");
    let mut files = dist::wheels(&lab.folder("dist"), "1.0", 9);
    files.push(dist::sdist(&lab.folder("dist"), "1.0", "a"));
    let ended = lab.publish(&files).await;
    assert_eq!(ended.exit_code().number(), 0, "{ended:?}\n{}", lab.report.text());
    assert_eq!(beginnings(&lab), [0, 6, 6, 6, 6, 12, 12, 12, 12, 18]);
    assert_eq!(names(&lab).first(), Some(&wheel_name("1.0", &dist::tag(0))));
    assert_eq!(names(&lab).last().map(String::as_str), Some("demo-1.0.tar.gz"));
    // One reading after the first file, and one after all other wheels.
    let log = lab.world.log();
    let first = log.iter().position(|entry| entry.is_write).unwrap();
    let last = log.iter().rposition(|entry| entry.is_write).unwrap();
    let readings = log[first..last].iter().filter(|entry| entry.route == RouteKind::Simple).count();
    assert_eq!(readings, 2);
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn where_names_may_be_replaced_files_go_one_at_a_time() {
    for write_once in [WriteOnce::Unknown, WriteOnce::No] {
        let lab = Lab::new();
        lab.fault("upload:*:delay=6000");
        let files = dist::wheels(&lab.folder("dist"), "1.0", 4);
        let target = lab.target_with(Pypi, |core, _| core.write_once = write_once);
        let ended = lab.publish_to(&files, vec![target]).await;
        assert_eq!(ended.exit_code().number(), 0, "{ended:?}");
        assert_eq!(beginnings(&lab), [0, 6, 12, 18]);
        lab.check();
    }
}

#[tokio::test(start_paused = true)]
async fn a_release_that_was_begun_before_goes_on_several_at_a_time() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 6);
    lab.put(Pypi, &files[2]);
    lab.fault("upload:*:delay=6000");
    assert_eq!(lab.publish(&files).await.exit_code().number(), 0);
    assert_eq!(beginnings(&lab), [0, 0, 0, 0, 6]);
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn a_file_that_fails_stops_no_other_and_the_sdist_waits_for_it() {
    let lab = Lab::new();
    lab.fault("upload:3:503");
    let mut files = dist::wheels(&lab.folder("dist"), "1.0", 7);
    files.push(dist::sdist(&lab.folder("dist"), "1.0", "a"));
    assert_eq!(lab.publish(&files).await.exit_code().number(), 0);
    let names = names(&lab);
    assert_eq!(names.len(), 9);
    assert_eq!(names.last().map(String::as_str), Some("demo-1.0.tar.gz"));
    assert_eq!(names[7], names[2], "what failed comes again when all other wheels are there");
    lab.check();
}

/// All but one of the uploads that create a release at once get a 500 from PyPI; ours never do that to each other.
#[tokio::test(start_paused = true)]
async fn a_release_that_others_create_at_the_same_moment_costs_one_more_attempt() {
    let lab = Lab::new();
    lab.fault("upload:1:race");
    let files = dist::wheels(&lab.folder("dist"), "1.0", 6);
    assert_eq!(lab.publish(&files).await.exit_code().number(), 0);
    let names = names(&lab);
    assert_eq!(names.len(), 7);
    assert_eq!(names[0], names[1], "nothing follows the first file until it is there");
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn ctrl_c_gives_up_what_is_on_its_way_and_records_it_as_unknown() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 9);
    lab.fault("upload:*:delay=60000");
    let interrupt = async {
        while lab.uploads(Pypi).len() < 5 {
            lab.clock.sleep(Duration::from_secs(1)).await;
        }
        lab.cancel.cancel();
        lab.clock.monotonic()
    };
    let (ended, cancelled) = tokio::join!(lab.publish(&files), interrupt);
    assert_eq!((ended.exit_code().number(), code(&ended)), (130, "interrupted"), "{ended:?}");
    assert!(lab.clock.monotonic() - cancelled < Duration::from_secs(1), "it waits for nothing");
    assert_eq!(events(&lab, |event| *event == Event::Intent), 5);
    assert_eq!(events(&lab, |event| matches!(event, Event::OutcomeUnknown { .. })), 4);
    lab.check();
    let lab = lab.without_cancel();
    assert_eq!(lab.publish(&files).await.exit_code().number(), 0);
    assert_eq!(lab.uploads(Pypi).len(), 9, "what had arrived is found, not sent again");
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn a_lost_lease_gives_up_what_is_on_its_way() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 9);
    lab.fault("upload:*:delay=200000");
    let kept = Arc::default();
    let mut take_over = take_over(&lab, &kept);
    let mut seen = 0;
    lab.hook(move |request| {
        seen += u32::from(request.uri().path().ends_with("/legacy/"));
        if seen == 4 && request.uri().path().ends_with("/legacy/") {
            take_over();
        }
        None
    });
    let begun = lab.clock.monotonic();
    let ended = lab.publish(&files).await;
    assert!(lab.clock.monotonic() - begun < Duration::from_secs(240), "it does not wait for the other 200 s");
    assert_eq!(code(&ended), "partial", "{ended:?}");
    assert!(ended.problem.unwrap().render().contains("[lease-timeout]"));
    assert_eq!(lab.uploads(Pypi).len(), 5, "nothing more begins");
    // The ledger belongs to the other press now: an intent without an outcome is as unknown as a written one.
    lab.check_but_for_crashes(4);
}

#[tokio::test(start_paused = true)]
async fn other_bytes_that_appear_on_the_way_stop_what_was_not_sent() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 16);
    let theirs = dist::wheel(&lab.folder("theirs"), "1.0", &dist::tag(15), "other");
    lab.fault("upload:*:delay=20000");
    let mut put = Some(lab.putting(Pypi, &theirs));
    let mut seen = 0;
    lab.hook(move |request| {
        seen += u32::from(request.uri().path().ends_with("/legacy/"));
        if let (3.., Some(put)) = (seen, put.take_if(|_| seen >= 3)) {
            put();
        }
        None
    });
    let ended = lab.publish(&files).await;
    assert_eq!(ended.exit_code().number(), 6, "{ended:?}");
    assert!(ended.problem.unwrap().render().contains("[file-conflict]"));
    // The reading before them is thirty seconds old when the third four would begin.
    let sent = lab.uploads(Pypi).len();
    assert!((5..=9).contains(&sent), "{sent}");
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn an_index_that_takes_nothing_is_given_up_after_a_quarter_of_an_hour() {
    let lab = Lab::new();
    lab.fault("upload:*:500");
    let files = dist::wheels(&lab.folder("dist"), "1.0", 60);
    let begun = lab.clock.monotonic();
    let ended = lab.publish(&files).await;
    let took = lab.clock.monotonic() - begun;
    assert_eq!((ended.exit_code().number(), code(&ended)), (8, "index-failed"), "{ended:?}");
    assert!((15 * 60..17 * 60).contains(&took.as_secs()), "{took:?}");
    let attempts = |name: &str| lab.sent(Pypi, name);
    assert_eq!(attempts(&wheel_name("1.0", &dist::tag(0))), 5);
    assert_eq!(attempts(&wheel_name("1.0", &dist::tag(59))), 0);
    let problem = ended.problem.unwrap().render();
    assert!(problem.contains("failed 5 times to take"), "{problem}");
    assert!(problem.contains("failed too long"), "{problem}");
    assert!(problem.contains("press again later"), "{problem}");
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_without_a_retry_after_is_kept() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 1);
    let mut once = false;
    lab.hook(move |request| {
        (request.uri().path().ends_with("/legacy/") && !std::mem::replace(&mut once, true)).then(|| {
            let answer = http::Response::builder().status(429).header("ratelimit", "\"default\";r=0;t=70");
            answer.body("429 slow down".into()).unwrap()
        })
    });
    let begun = lab.clock.monotonic();
    assert_eq!(lab.publish(&files).await.exit_code().number(), 0);
    assert!((70..90).contains(&(lab.clock.monotonic() - begun).as_secs()));
    let stored: Vec<LogEntry> = lab.uploads(Pypi);
    assert_eq!(stored.len(), 1);
}
