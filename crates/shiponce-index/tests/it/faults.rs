//! Readings that must not be believed: unknown is not absent.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use shiponce_index::{Freshness, Observer, ReadOptions, Reading};
use shiponce_rehearsal::RouteKind;

use crate::lab::{File, Lab, WHEEL, answer, clock, demo, index, server, why};

const HTML: &str = "text/html";

/// Reads `http://127.0.0.1:9/simple/demo/` from a server that always answers so.
async fn read(respond: impl Fn() -> http::Response<Bytes> + Send + Sync + 'static) -> Reading {
    let clock = clock();
    let (transport, _) = server(&clock, move |_, _| respond());
    let mut index = index("http://127.0.0.1:9");
    index.json = None;
    Observer::new(transport, clock, ReadOptions::default()).read(&index, &demo(), Freshness::Bypass).await
}

#[tokio::test(start_paused = true)]
async fn passing_failures_are_tried_again_and_then_reported() {
    for (fault, part) in [
        ("simple:*:503", "503 Service Unavailable (4 of 4 attempts, 3 s)"),
        ("simple:*:500", "500 Internal Server Error"),
        ("simple:*:429", "429 Too Many Requests"),
        ("simple:*:drop-before", "broke off"),
        ("simple:*:hang", "took longer than"),
    ] {
        let lab = Lab::new();
        lab.upload(&File::wheel("a")).await;
        lab.fault(fault);
        let begun = lab.clock.monotonic();
        let reading = lab.read().await;
        assert!(why(&reading).contains(part), "{fault}: {}", why(&reading));
        let took = lab.clock.monotonic() - begun;
        assert!(took <= Duration::from_secs(60), "{fault}: {took:?}");
        assert!(lab.requests(RouteKind::Simple).len() >= 4, "{fault}");
        assert_eq!(lab.requests(RouteKind::Json).len(), 0, "{fault}: another API must not stand in");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_passes_costs_a_pause() {
    for fault in ["simple:1:503x3", "simple:1:drop-before", "simple:1:429", "simple:1:hang"] {
        let lab = Lab::new();
        lab.upload(&File::wheel("a")).await;
        lab.fault(fault);
        assert!(lab.read().await.listing().unwrap().files.contains_key(WHEEL), "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_honoured_within_the_deadline() {
    let lab = Lab::new();
    lab.fault("simple:1:503+retry-after=20");
    let begun = lab.clock.monotonic();
    assert!(lab.read().await.listing().is_some());
    let took = lab.clock.monotonic() - begun;
    assert!(took >= Duration::from_secs(20) && took < Duration::from_secs(25), "{took:?}");
    lab.fault("simple:1:503+retry-after=3600");
    let begun = lab.clock.monotonic();
    let reading = lab.read().await;
    assert!(why(&reading).contains("asks to wait 3600 s"), "{}", why(&reading));
    assert!(lab.clock.monotonic() - begun < Duration::from_secs(1), "waiting would be useless");
}

#[tokio::test(start_paused = true)]
async fn a_captive_portal_is_not_an_empty_index() {
    let lab = Lab::new();
    lab.fault("any:*:captive-portal");
    let reading = lab.read().await;
    assert!(why(&reading).contains("answered 200, but"), "{}", why(&reading));
    assert_eq!(lab.requests(RouteKind::Simple).len(), 1, "asking again changes nothing");
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_no_pages_are_named() {
    let json = "application/vnd.pypi.simple.v1+json";
    let other = r#"{"meta":{"api-version":"1.0"},"name":"other","files":[]}"#;
    for (status, kind, body, part) in [
        (200, HTML, "", "empty body"),
        (200, "", "x", "no content type"),
        (200, "image/png", "x", "`image/png`"),
        (200, json, "{\"meta\":{\"api-version\":\"1.0\"},\"na", "malformed or cut off"),
        (200, json, other, "project `other`"),
        (200, HTML, "<h1>Welcome to the hotel</h1>", "does not look like"),
        (200, HTML, "<form><input type=password></form>", "login"),
        (204, "", "", "204 No Content"),
        (304, "", "", "304 Not Modified"),
        (401, HTML, "x", "401 Unauthorized without a credential"),
        (403, HTML, "x", "403 Forbidden without a credential"),
        (404, HTML, "", "cannot be taken as an absence"),
        (404, HTML, "<form>not found</form>", "cannot be taken as an absence"),
        (410, HTML, "gone", "410 Gone"),
        (302, HTML, "", "without saying where to"),
    ] {
        let reading = read(move || answer(status, kind, body)).await;
        assert!(why(&reading).contains(part), "{status} {kind} {body}: {}", why(&reading));
    }
}

#[tokio::test(start_paused = true)]
async fn a_truncated_page_is_no_page() {
    let lab = Lab::new();
    lab.upload(&File::wheel("a")).await;
    lab.fault("simple:*:truncated");
    let reading = lab.read().await;
    assert!(reading.listing().is_none(), "{reading:?}");
}

#[tokio::test(start_paused = true)]
async fn an_endless_page_is_cut_off() {
    let clock = clock();
    let (transport, asked) = server(&clock, |_, _| answer(200, HTML, vec![b'x'; 2048]));
    let options = ReadOptions { response_bytes: 2047, ..ReadOptions::default() };
    let observer = Observer::new(transport, clock, options);
    let reading = observer.read(&index("http://127.0.0.1:9"), &demo(), Freshness::Bypass).await;
    assert!(why(&reading).contains("larger than 2047 bytes"), "{}", why(&reading));
    assert_eq!(asked.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn redirects_stay_on_the_server_and_end() {
    let moved = |to: &'static str| {
        move || {
            let mut response = answer(301, HTML, "");
            response.headers_mut().insert("location", to.parse().unwrap());
            response
        }
    };
    let reading = read(moved("https://upstream.example/simple/demo/")).await;
    assert!(why(&reading).contains("another server, `upstream.example`"), "{}", why(&reading));
    let reading = read(moved("http://127.0.0.1:10/simple/demo/")).await;
    assert!(why(&reading).contains("another server"), "{}", why(&reading));
    let reading = read(moved("../demo/")).await;
    assert!(why(&reading).contains("more than 5 times"), "{}", why(&reading));
    let clock = clock();
    let (transport, asked) = server(&clock, |request, _| match request.uri().path() {
        "/new/demo/" => answer(200, HTML, "<a href=demo-1.0.tar.gz>x</a>"),
        _ => {
            let mut response = answer(308, HTML, "");
            response.headers_mut().insert("location", "/new/demo/".parse().unwrap());
            response
        }
    });
    let mut index = index("http://127.0.0.1:9");
    index.json = None;
    let observer = Observer::new(transport, clock, ReadOptions::default());
    let reading = observer.read(&index, &demo(), Freshness::Bypass).await;
    let listed = &reading.listing().unwrap().files["demo-1.0.tar.gz"];
    assert_eq!(listed.url.as_deref(), Some("http://127.0.0.1:9/new/demo/demo-1.0.tar.gz"));
    assert_eq!(asked.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_page_never_goes_back_in_time() {
    let clock = clock();
    let serials = Arc::new(std::sync::Mutex::new(vec![0, 0, 0, 0, 5, 7, 6]));
    let left = Arc::clone(&serials);
    let (transport, _) = server(&clock, move |_, _| match left.lock().unwrap().pop() {
        Some(0) => answer(404, "text/plain", "404 Not Found"),
        Some(serial) => {
            let body = format!(
                r#"{{"meta":{{"api-version":"1.4","_last-serial":{serial}}},"name":"demo","files":[]}}"#
            );
            answer(200, "application/vnd.pypi.simple.v1+json", body)
        }
        None => panic!("asked too often"),
    });
    let mut index = index("http://127.0.0.1:9");
    index.json = None;
    let observer =
        Observer::new(transport, Arc::clone(&clock), ReadOptions { attempts: 2, ..ReadOptions::default() });
    let demo = demo();
    let read = || observer.read(&index, &demo, Freshness::Bypass);
    assert_eq!(read().await.serial, Some(6));
    assert_eq!(read().await.serial, Some(7));
    // Serial 5 is an old copy and is asked again; then come absences of a project that was there.
    let reading = read().await;
    assert!(why(&reading).contains("was there before at serial 7"), "{}", why(&reading));
    assert_eq!(serials.lock().unwrap().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn one_name_with_two_digests_is_no_observation() {
    let (one, two) = ("1".repeat(64), "2".repeat(64));
    let body = format!("<a href=/a/{WHEEL}#sha256={one}>x</a><a href=/b/{WHEEL}#sha256={two}>x</a>");
    let reading = read(move || answer(200, HTML, body.clone())).await;
    assert!(
        why(&reading).contains(&format!("`{WHEEL}` is listed with sha256 {one} and")),
        "{}",
        why(&reading)
    );
}
