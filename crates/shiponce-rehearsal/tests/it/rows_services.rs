//! Parallel uploads, limits on creation, services that are down, faults.
#![expect(clippy::disallowed_methods, reason = "delays on a real wire are measured with a real clock")]

use std::time::{Duration, Instant};

use bytes::Bytes;
use shiponce_rehearsal::{BlockingServer, Index, TokenSpec, World, WorldConfig};

use crate::lab::{Lab, demo, now, project, row, then};
use crate::wire::{Form, Request};

/// The real service allowed two of "3 per hour".
#[test]
fn new_projects_within_an_hour() {
    let lab = Lab::with(|config| config.index(Index::Pypi).new_projects_per_hour = 2);
    let up = |name: &str, version: &str| lab.upload(&project(name, version, name));
    let many = "Too many new projects created";
    lab.run(vec![
        row("Q0", up("first", "1.0"), 200, "OK"),
        row("Q1", up("second", "1.0"), 200, "OK"),
        row("Q2", up("third", "1.0"), 429, many),
        row("Q3", up("fourth", "1.0"), 429, many),
        row("Q4", up("fifth", "1.0"), 429, many),
        row("Q9", up("first", "1.1"), 200, "OK"),
        then(|w| w.advance(jiff::SignedDuration::from_mins(61))),
        row("an hour later", up("third", "1.0"), 200, "OK"),
    ]);
    let limited = lab.send(&up("x-1", "1.0"));
    assert!(limited.header("retry-after").is_none() && limited.header("ratelimit").is_none());
}

#[test]
fn the_database_is_down() {
    let lab = Lab::with_demo();
    for fault in ["upload:*:500", "json:*:500", "simple:*:500", "audience:*:500"] {
        lab.world.add_fault(fault.parse().unwrap());
    }
    let down = "Internal Server Error";
    lab.run(vec![
        row("Z1", lab.upload(&demo("1.1", "")), 500, down),
        row("Z2", Request::get("/prod/pypi/demo/json"), 500, down),
        row("Z3", Request::get("/prod/simple/demo/"), 500, down),
        row(
            "Z4",
            Request::new("POST", "/prod/_/oidc/mint-token").body("{\"token\":\"x\"}"),
            422,
            "Unprocessable Entity",
        ),
        row("Z5", Request::get("/prod/_/oidc/audience"), 500, down),
    ]);
    assert_eq!(lab.send(&lab.upload(&demo("1.1", ""))).body.len(), 141);
    assert_eq!(lab.world.files(Index::Pypi).len(), 1);
}

fn handled(request: &Request) -> http::Request<Bytes> {
    let mut built = http::Request::builder()
        .method(request.method.as_str())
        .uri(format!("http://pypi.world{}", request.path));
    for (name, value) in &request.headers {
        built = built.header(name, value);
    }
    built.body(Bytes::from(request.body.clone())).unwrap()
}

/// Late, and right, on the wire.
#[test]
fn the_limiter_is_down() {
    let lab = Lab::with(|config| {
        config.fault("upload:*:delay=5000".parse().unwrap());
    });
    lab.run(vec![
        row("Y1", lab.upload(&demo("1.0", "")), 200, "OK"),
        row("Y2", Request::get("/prod/pypi/demo/json"), 200, "OK"),
        row("Y3", lab.upload(&demo("1.1", "")), 200, "OK"),
        row("Y4", Request::get("/prod/pypi/demo/1.1/json"), 200, "OK"),
    ]);
}

/// How late is said by `handle`, so that no test reads a clock.
#[test]
fn the_limiter_delays_uploads_and_no_reading() {
    let mut config = WorldConfig::new();
    let token = config.token(Index::Pypi, &TokenSpec::user("alice"));
    config.fault("upload:*:delay=5000".parse().unwrap());
    let world = World::new(config);
    let send = |request: Request| {
        let answer = world.handle(handled(&request), now());
        (answer.status().as_u16(), answer.extensions().get::<Duration>().copied())
    };
    let up = |form: &Form| form.post("/prod/legacy/").basic("__token__", &token);
    let late = Some(Duration::from_secs(5));
    assert_eq!(send(up(&demo("1.0", ""))), (200, late), "Y1");
    assert_eq!(send(Request::get("/prod/pypi/demo/json")), (200, None), "Y2");
    assert_eq!(send(up(&demo("1.1", ""))), (200, late), "Y3");
    assert_eq!(send(Request::get("/prod/pypi/demo/1.1/json")), (200, None), "Y4");
}

fn statuses(server: &BlockingServer, requests: Vec<Request>) -> Vec<u16> {
    let base = server.base_url();
    let threads: Vec<_> = requests
        .into_iter()
        .map(|request| {
            let base = base.clone();
            std::thread::spawn(move || request.send(&base).status)
        })
        .collect();
    let mut all: Vec<u16> = threads.into_iter().map(|t| t.join().unwrap()).collect();
    all.sort_unstable();
    all
}

fn ten_wheels(lab: &Lab, version: &str) -> Vec<Request> {
    (0..10)
        .map(|n| {
            let mut form = demo(version, &n.to_string());
            form.file.as_mut().unwrap().0 = format!("demo-{version}-py3{n}-none-any.whl");
            lab.upload(&form)
        })
        .collect()
}

/// Ten files at once, four workers: one of the first four wins, three answer 500, the other six find the
/// release. Sent again, everything is in.
#[test]
fn uploads_in_parallel_to_a_new_release() {
    let lab = Lab::with(|config| config.creation_time = Duration::from_millis(300));
    assert_eq!(
        statuses(&lab.server, ten_wheels(&lab, "1.0")),
        [200, 200, 200, 200, 200, 200, 200, 500, 500, 500]
    );
    assert_eq!(lab.world.files(Index::Pypi).len(), 7, "nothing of the failed ones is stored");
    assert_eq!(statuses(&lab.server, ten_wheels(&lab, "1.0")), [200; 10]);
    assert_eq!(lab.world.files(Index::Pypi).len(), 10);
    let first = lab.upload(&demo("2.0", "first"));
    assert_eq!(lab.send(&first).status, 200);
    assert_eq!(statuses(&lab.server, ten_wheels(&lab, "2.0")), [200; 10], "the release exists");
}

/// The same, step by step and without sockets or time.
#[test]
fn the_race_by_hand() {
    let mut config = WorldConfig::new();
    let token = config.token(Index::Pypi, &TokenSpec::user("alice"));
    let world = World::new(config);
    let begin = |tag: &str| {
        let mut form = demo("1.0", tag);
        form.file.as_mut().unwrap().0 = format!("demo-1.0-{tag}-none-any.whl");
        world.begin(handled(&form.post("/prod/legacy/").basic("__token__", &token)), now())
    };
    let (a, b, c) = (begin("py31"), begin("py32"), begin("py33"));
    assert!(a.duration() > Duration::ZERO);
    assert_eq!(b.finish(now()).status(), 200);
    assert_eq!(a.finish(now()).status(), 500);
    assert_eq!(c.finish(now()).status(), 500);
    let d = begin("py31");
    assert_eq!(d.duration(), Duration::ZERO);
    assert_eq!(d.finish(now()).status(), 200);
}

#[test]
fn faults_on_the_wire() {
    let lab = Lab::with(|config| {
        for fault in [
            "upload:1:drop-before",
            "upload:2:drop-after",
            "upload:3:cut-reading",
            "upload:4:500-stored",
            "upload:5:200-not-stored",
            "upload:6:503+retry-after=2",
            "upload:7:delay=200",
            "json:1:captive-portal",
            "json:2:truncated",
        ] {
            config.fault(fault.parse().unwrap());
        }
    });
    let base = lab.server.base_url();
    let stored = || lab.world.files(Index::Pypi).len();
    let raw = |version: &str| lab.upload(&demo(version, "")).send_raw(&base);
    assert_eq!((raw("1.0").len(), stored()), (0, 0), "drop-before");
    assert_eq!((raw("1.0").len(), stored()), (0, 1), "drop-after");
    assert_eq!((raw("1.1").len(), stored()), (0, 1), "cut-reading");
    let answer = |version: &str| lab.send(&lab.upload(&demo(version, "")));
    assert_eq!((answer("1.2").status, stored()), (500, 2), "500-stored");
    assert_eq!((answer("1.3").status, stored()), (200, 2), "200-not-stored");
    let unavailable = answer("1.4");
    assert_eq!((unavailable.status, unavailable.header("retry-after"), stored()), (503, Some("2"), 2));
    let before = Instant::now();
    assert_eq!((answer("1.5").status, stored()), (200, 3), "delay");
    assert!(before.elapsed() >= Duration::from_millis(200));
    let portal = lab.send(&Request::get("/prod/pypi/demo/json"));
    assert_eq!((portal.status, portal.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let cut = Request::get("/prod/pypi/demo/json").send_raw(&base);
    assert!(cut.starts_with(b"HTTP/1.1 200") && crate::wire::parse(&cut).is_none(), "half a body");
    let faults: Vec<_> =
        lab.world.log().into_iter().filter(|e| e.fault.is_some()).map(|e| e.status).collect();
    assert_eq!(&faults[..4], [None, None, None, Some(500)]);
}

/// A hanging answer is a delay beyond every deadline, and the server can be dropped while it lasts.
#[test]
fn a_hang_never_answers() {
    use std::io::Read as _;

    let lab = Lab::with(|config| {
        config.fault("json:1:hang".parse().unwrap());
    });
    let base = lab.server.base_url();
    let authority = base.strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(authority).unwrap();
    std::io::Write::write_all(&mut stream, &Request::get("/prod/pypi/demo/json").bytes(authority)).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let error = stream.read(&mut [0; 16]).unwrap_err();
    assert!(matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut));
    let before = Instant::now();
    drop(lab);
    assert!(before.elapsed() < Duration::from_secs(5));
}
