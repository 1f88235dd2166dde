//! The lease, the ledger, Ctrl-C and sudden death.

use crate::kit::{ID, Lab, code, dist, take_over};
use shiponce_core::journal::Event;
use shiponce_ledger::{Acquired, Ledger, Options};
use shiponce_rehearsal::Index::Pypi;
use shiponce_rehearsal::{Lag, RouteKind};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

#[tokio::test(start_paused = true)]
async fn a_press_that_was_taken_over_sends_nothing_more() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 3);
    let kept = Arc::default();
    let mut take_over = take_over(&lab, &kept);
    let mut once = false;
    lab.hook(move |request| {
        if request.uri().path().ends_with("/legacy/") && !std::mem::replace(&mut once, true) {
            take_over();
        }
        None
    });
    let ended = lab.publish(&files).await;
    assert_eq!(lab.uploads(Pypi).len(), 1, "{}", lab.report.text());
    assert_eq!(
        (ended.exit_code().number(), code(&ended)),
        (6, "partial"),
        "one file was accepted: {ended:?}"
    );
    let problem = ended.problem.unwrap().render();
    assert!(problem.contains("1 accepted and not read back, 2 missing"), "{problem}");
    assert!(problem.contains("[lease-timeout]"), "{problem}");
    lab.check_but_for_crashes(1);
}

#[tokio::test(start_paused = true)]
async fn a_press_that_waits_notices_that_it_was_taken_over() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 1);
    lab.fault("upload:1:200-not-stored");
    let kept = Arc::default();
    let mut take_over = take_over(&lab, &kept);
    let mut reads = 0;
    lab.hook(move |request| {
        reads += u32::from(request.uri().path().contains("/simple/"));
        if reads == 8 && request.uri().path().contains("/simple/") {
            take_over();
        }
        None
    });
    let begun = lab.clock.monotonic();
    let ended = lab.publish(&files).await;
    let took = lab.clock.monotonic() - begun;
    assert!(took < Duration::from_secs(120), "it does not wait to the end: {took:?}");
    assert_eq!(code(&ended), "partial", "{ended:?}");
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn a_press_beats_while_it_waits_and_gives_the_lease_back() {
    let lab = Lab::new();
    let old = dist::wheel(&lab.folder("old"), "0.9", "py3-none-any", "old");
    lab.put(Pypi, &old);
    lab.world.lag(Pypi, Lag::For(Duration::from_secs(300)), Lag::For(Duration::from_secs(300)));
    let files = dist::wheels(&lab.folder("dist"), "1.0", 1);
    let ledger = Ledger::open(&lab.folder("ledger.sqlite"), lab.clock.clone(), Options::usual()).unwrap();
    let contender = async {
        let holder = ledger.register(ID.parse().unwrap()).unwrap();
        lab.clock.sleep(Duration::from_secs(2)).await;
        let mut asked = 0;
        while let Acquired::Waiting { .. } = ledger.acquire("release/demo", &holder).unwrap() {
            asked += 1;
            lab.clock.sleep(Duration::from_secs(5)).await;
        }
        asked
    };
    let (ended, asked) = tokio::join!(lab.publish(&files), contender);
    assert_eq!(ended.exit_code().number(), 0, "{ended:?}");
    assert!((58..=64).contains(&asked), "{asked}");
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn waiting_for_another_press_ends_in_time() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 1);
    let ledger = Ledger::open(&lab.folder("ledger.sqlite"), lab.clock.clone(), Options::usual()).unwrap();
    let holder = ledger.register(ID.parse().unwrap()).unwrap();
    let Acquired::Granted(lease) = ledger.acquire("release/demo", &holder).unwrap() else { panic!() };
    let beat = async {
        loop {
            lab.clock.sleep(Duration::from_secs(5)).await;
            lease.beat().unwrap();
        }
    };
    let ended = tokio::select! {
        ended = lab.publish(&files) => ended,
        () = beat => unreachable!(),
    };
    assert_eq!((ended.exit_code().number(), code(&ended)), (9, "lease-timeout"), "{ended:?}");
    assert!(lab.report.said("Waiting for release/demo"));
    assert!(lab.world.log().is_empty(), "nothing is asked of anybody without the lease");
    lease.release().unwrap();
    assert_eq!(lab.publish(&files).await.exit_code().number(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_death_between_intent_and_receipt_is_recovered_by_reading() {
    for (stored, sent) in [(false, 2), (true, 1)] {
        let lab = Lab::new();
        let files = dist::wheels(&lab.folder("dist"), "1.0", 2);
        let struck = Arc::new(Notify::new());
        let strike = struck.clone();
        let mut once = false;
        lab.fault("upload:1:delay=100000000");
        lab.hook(move |request| {
            if !request.uri().path().ends_with("/legacy/") || std::mem::replace(&mut once, true) {
                return None;
            }
            strike.notify_one();
            if stored {
                return None;
            }
            let mut answer = http::Response::new(bytes::Bytes::new());
            answer.extensions_mut().insert(Duration::from_secs(100_000));
            Some(answer)
        });
        tokio::select! {
            ended = lab.publish(&files) => panic!("{ended:?}"),
            () = struck.notified() => {}
        }
        let questions = lab.report.questions().len();
        let again = lab.publish(&files).await;
        assert_eq!(again.exit_code().number(), 0, "{again:?}\n{}", lab.report.text());
        let first = files[0].file_name().unwrap().to_str().unwrap();
        let requests = lab.ledger().entries(&"demo".parse().unwrap(), None).unwrap();
        let intents =
            requests.iter().filter(|entry| entry.filename == first && entry.event == Event::Intent).count();
        assert_eq!(intents, sent);
        assert_eq!(lab.report.questions().len(), questions + 1, "a new press asks again");
        assert_eq!(lab.names(Pypi).len(), 2);
        lab.check_but_for_crashes(1);
    }
}

#[tokio::test(start_paused = true)]
async fn ctrl_c_while_sending_leaves_a_record_and_the_next_press_finishes() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 2);
    lab.fault("upload:2:hang");
    let cancel = lab.cancel.clone();
    let mut uploads = 0;
    lab.hook(move |request| {
        uploads += u32::from(request.uri().path().ends_with("/legacy/"));
        if uploads == 2 {
            cancel.cancel();
        }
        None
    });
    let begun = lab.clock.monotonic();
    let ended = lab.publish(&files).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (130, "interrupted"), "{ended:?}");
    assert!(lab.clock.monotonic() - begun < Duration::from_secs(1), "at once");
    lab.check();
    let lab = lab.without_cancel();
    assert_eq!(lab.publish(&files).await.exit_code().number(), 0);
    assert_eq!(lab.names(Pypi).len(), 2);
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn ctrl_c_does_not_wait_for_an_index_that_hangs() {
    let lab = Lab::new();
    lab.fault("any:*:hang");
    let files = dist::wheels(&lab.folder("dist"), "1.0", 1);
    let stop = async {
        lab.clock.sleep(Duration::from_secs(2)).await;
        lab.cancel.cancel();
    };
    let begun = lab.clock.monotonic();
    let (ended, ()) = tokio::join!(lab.publish(&files), stop);
    assert_eq!((ended.exit_code().number(), code(&ended)), (130, "interrupted"), "{ended:?}");
    assert!(lab.clock.monotonic() - begun < Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn a_ledger_that_goes_away_stops_at_the_next_intent() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 3);
    let path = lab.folder("ledger.sqlite");
    let mut uploads = 0;
    lab.hook(move |request| {
        uploads += u32::from(request.uri().path().ends_with("/legacy/"));
        if uploads == 1 {
            let broken = rusqlite::Connection::open(&path).unwrap();
            broken.execute_batch("DROP TABLE journal").unwrap();
        }
        None
    });
    let ended = lab.publish(&files).await;
    let uploads = lab.requests(RouteKind::Upload).len();
    assert_eq!(uploads, 1, "{ended:?}");
    assert_eq!(ended.exit_code().number(), 6, "{ended:?}");
}
