//! The world in memory: virtual time, faults, many requests in flight.

use std::io::{ErrorKind, Read};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use http::header::HOST;
use http::{Method, StatusCode};
use jiff::{Timestamp, ToSpan as _};
use shiponce_io::http::{Body, BodySource, Limits, MemoryTransport, Request, Transport as _, TransportKind};
use shiponce_io::{Clock as _, VirtualClock};

fn base() -> Timestamp {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

fn answer(body: &'static str) -> http::Response<Bytes> {
    http::Response::new(Bytes::from_static(body.as_bytes()))
}

fn get(path: &str) -> Request {
    Request::get(format!("https://index.example{path}").parse().unwrap())
}

#[tokio::test(start_paused = true)]
async fn the_world_sees_a_whole_request_and_the_time() {
    let clock = VirtualClock::new(base());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = seen.clone();
    let world = MemoryTransport::new(Arc::new(clock.clone()), move |request, now| {
        let host = request.headers()[HOST].to_str().unwrap().to_owned();
        let authorization = request.headers().contains_key("authorization");
        let line = format!("{} {} {host} {authorization}", request.method(), request.uri());
        log.lock().unwrap().push((line, request.body().clone(), now));
        answer("done")
    });
    clock.sleep(Duration::from_secs(90)).await;
    let url = "http://me:pw@127.0.0.1:8080/legacy/".parse().unwrap();
    let request = Request::new(Method::POST, url).body(Body::Bytes("abc".into()));
    let answer = world.send(request).await.unwrap();
    assert_eq!((answer.status, answer.text(4).await.unwrap().as_str()), (StatusCode::OK, "done"));
    let seen = seen.lock().unwrap();
    let (line, body, now) = &seen[0];
    assert_eq!(line, "POST http://127.0.0.1:8080/legacy/ 127.0.0.1:8080 true");
    assert_eq!((&body[..], *now), (&b"abc"[..], base() + 90.seconds()));
}

#[tokio::test(start_paused = true)]
async fn a_thousand_requests_wait_at_the_same_time_and_no_wall_time_passes() {
    let clock = VirtualClock::new(base());
    let wall = shiponce_io::SystemClock::new();
    let in_world = Arc::new(AtomicUsize::new(0));
    let counter = in_world.clone();
    let world = MemoryTransport::new(Arc::new(clock.clone()), move |_, _| {
        counter.fetch_add(1, Ordering::SeqCst);
        let mut answer = answer("late");
        answer.extensions_mut().insert(Duration::from_secs(3600));
        answer
    });
    let patient = Limits { idle: Duration::from_secs(7200), total: None, ..Limits::default() };
    let sends = (0..1000).map(|number| world.send(get(&format!("/{number}")).limits(patient)));
    let answers = join_all(sends).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(in_world.load(Ordering::SeqCst), 1000);
    assert_eq!(clock.monotonic(), Duration::from_secs(3600));
    assert!(wall.monotonic() < Duration::from_secs(60));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_too_late_may_have_had_its_effect() {
    let clock = VirtualClock::new(base());
    let world = MemoryTransport::new(Arc::new(clock.clone()), |_, _| {
        let mut answer = answer("late");
        answer.extensions_mut().insert(Duration::from_secs(31));
        answer
    });
    let error = world.send(get("/")).await.unwrap_err();
    assert_eq!(error.kind(), TransportKind::Timeout { sent: true });
    assert_eq!(clock.monotonic(), Duration::from_secs(30));
}

#[tokio::test(start_paused = true)]
async fn a_dead_connection_is_unsent_only_when_there_never_was_one() {
    let clock = Arc::new(VirtualClock::new(base()));
    for (kind, expect) in [
        (ErrorKind::ConnectionRefused, TransportKind::Unsent),
        (ErrorKind::HostUnreachable, TransportKind::Unsent),
        (ErrorKind::ConnectionReset, TransportKind::Interrupted),
        (ErrorKind::UnexpectedEof, TransportKind::Interrupted),
        (ErrorKind::BrokenPipe, TransportKind::Interrupted),
    ] {
        let world = MemoryTransport::new(clock.clone(), move |_, _| {
            let mut answer = answer("never seen");
            answer.extensions_mut().insert(kind);
            answer
        });
        let error = world.send(get("/")).await.unwrap_err();
        assert_eq!(error.kind(), expect, "{kind}");
        assert!(error.to_string().contains("GET to `index.example`"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn answers_are_bounded_here_too() {
    let world = MemoryTransport::new(Arc::new(VirtualClock::new(base())), |_, _| answer("0123456789"));
    let small = Limits { response_bytes: 9, ..Limits::default() };
    let error = world.send(get("/").limits(small)).await.unwrap().bytes(100).await.unwrap_err();
    assert_eq!(error.kind(), TransportKind::TooLarge);
    assert!(world.send(get("/")).await.unwrap().bytes(9).await.is_err());
    assert_eq!(world.send(get("/")).await.unwrap().bytes(10).await.unwrap().len(), 10);
}

#[derive(Debug)]
struct Short;

impl BodySource for Short {
    fn length(&self) -> u64 {
        10
    }
    fn open(&self) -> std::io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(&b"123"[..]))
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_of_the_wrong_length_never_reaches_the_world() {
    let world = MemoryTransport::new(Arc::new(VirtualClock::new(base())), |_, _| panic!("reached"));
    let request = get("/").body(Body::Stream(Arc::new(Short)));
    let error = world.send(request).await.unwrap_err();
    assert_eq!(error.kind(), TransportKind::Interrupted);
}
