//! Whether an installer here sees what the index has: pages are cached each on its own.

use crate::kit::{Lab, code, dist};
use shiponce_api::v1::Propagation;
use shiponce_engine::{StatusRequest, VerifyFrom, VerifyOptions, VerifyRequest, status, verify};
use shiponce_rehearsal::Index::Pypi;
use shiponce_rehearsal::{Lag, RouteKind};
use std::path::PathBuf;
use std::time::Duration;

/// A lab with an older release, whose pages somebody has read in every form.
fn read_before() -> (Lab, Vec<PathBuf>) {
    let lab = Lab::new();
    lab.put(Pypi, &dist::wheel(&lab.folder("old"), "0.9", "py3-none-any", "old"));
    for (path, accept) in [
        ("/prod/simple/demo/", "application/vnd.pypi.simple.v1+json"),
        ("/prod/simple/demo/", "text/html"),
        ("/prod/pypi/demo/json", "application/json"),
    ] {
        let request = http::Request::get(path).header("host", "127.0.0.1:8080").header("accept", accept);
        let answer = lab.world.handle(request.body(bytes::Bytes::new()).unwrap(), lab.clock.now());
        assert_eq!(answer.status(), 200);
    }
    let files = dist::wheels(&lab.folder("dist"), "1.0", 2);
    (lab, files)
}

fn of(receipt: Option<&shiponce_api::v1::Receipt>) -> Propagation {
    receipt.unwrap().targets["pypi"].propagation.clone().unwrap()
}

fn rows(found: &Propagation) -> Vec<String> {
    let pages = found.pages.iter();
    pages.map(|page| format!("{} {} {}", page.page, page.verdict, page.serial.unwrap_or_default())).collect()
}

#[tokio::test(start_paused = true)]
async fn every_page_that_installers_read_is_looked_at_after_sending_and_only_then() {
    let (lab, files) = read_before();
    let ended = lab.publish(&files).await;
    let found = of(ended.document.receipt.as_ref());
    assert_eq!(found.verdict, "everywhere", "{found:?}");
    assert_eq!(rows(&found), ["simple-json shows 3", "simple-html shows 3", "json shows 3"]);
    assert!(lab.report.said("PyPI: what installers read here shows 2 files: simple-json (serial 3)"));
    let reads = lab.requests(RouteKind::Simple).len();
    let ended = lab.publish(&files).await;
    assert_eq!(ended.document.receipt.unwrap().targets["pypi"].propagation, None);
    assert_eq!(lab.requests(RouteKind::Simple).len(), reads + 1, "a press that sends nothing reads once");
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_old_here_is_told_apart_by_its_serial_and_does_not_fail_the_press() {
    let (lab, files) = read_before();
    lab.world.lag(Pypi, Lag::For(Duration::from_secs(3600)), Lag::None);
    let ended = lab.publish(&files).await;
    assert_eq!(ended.exit_code().number(), 0);
    let found = of(ended.document.receipt.as_ref());
    assert_eq!(found.verdict, "edge-stale", "{found:?}");
    assert_eq!(rows(&found), ["simple-json shows 3", "simple-html shows 3", "json behind 1"]);
    assert!(lab.report.said("PyPI has 2 files; a cache near here is behind"), "{}", lab.report.text());

    // The two forms of one page are two objects: the one that was read back is new, the other is not.
    let (lab, files) = read_before();
    lab.world.lag(Pypi, Lag::None, Lag::Reads(1));
    let found = of(lab.publish(&files).await.document.receipt.as_ref());
    assert_eq!(rows(&found), ["simple-json shows 3", "simple-html behind 1", "json shows 3"]);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_cannot_be_read_is_unread_and_nobody_waits_for_it() {
    let (lab, files) = read_before();
    lab.fault("json:*:hang");
    let begun = lab.clock.monotonic();
    let ended = lab.publish(&files).await;
    let found = of(ended.document.receipt.as_ref());
    assert_eq!((ended.exit_code().number(), found.verdict.as_str()), (0, "everywhere"));
    assert_eq!(rows(&found)[2], "json unread 0");
    assert!(lab.clock.monotonic() - begun < Duration::from_secs(30));
}

fn asked(lab: &Lab) -> StatusRequest {
    StatusRequest {
        project: "demo".parse().unwrap(),
        version: Some("1.0".parse().unwrap()),
        targets: vec![lab.target(Pypi)],
        page: None,
        tagged: Vec::new(),
    }
}

#[tokio::test(start_paused = true)]
async fn status_and_verify_tell_an_old_page_from_a_file_that_is_gone() {
    let (lab, files) = read_before();
    lab.world.lag(Pypi, Lag::None, Lag::For(Duration::from_secs(3600)));
    // Accepted, and not shown within the time that a press waits.
    let ended = lab.publish(&files).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (8, "index-failed"), "{ended:?}");
    let found = status(&lab.context(), &asked(&lab)).await.unwrap();
    let told = &found.document.propagation["pypi"];
    assert_eq!(told.verdict, "edge-stale", "{told:?}");
    assert_eq!(rows(told), ["simple-json behind 1", "simple-html behind 1", "json shows 3"]);
    assert!(found.lines.contains(&told.summary), "{:?}", found.lines);
    let request = VerifyRequest {
        project: "demo".parse().unwrap(),
        version: Some("1.0".parse().unwrap()),
        from: VerifyFrom::Index(Box::new(lab.target(Pypi))),
        options: VerifyOptions::none(),
    };
    let problem = verify(&lab.context(), &request).await.unwrap_err();
    assert_eq!((problem.code.slug(), problem.exit_code().number()), ("target-unobserved", 5), "{problem:?}");
    assert!(problem.render().contains("a cache near here is behind"), "{}", problem.render());

    let (lab, files) = read_before();
    assert_eq!(lab.publish(&files).await.exit_code().number(), 0);
    for path in &files {
        let name = path.file_name().unwrap().to_string_lossy();
        assert!(lab.world.delete_file(Pypi, "demo", &name, lab.clock.now()));
    }
    let found = status(&lab.context(), &asked(&lab)).await.unwrap();
    let told = &found.document.propagation["pypi"];
    assert_eq!(told.verdict, "missing", "{told:?}");
    let request = VerifyRequest { from: VerifyFrom::Index(Box::new(lab.target(Pypi))), ..request };
    let problem = verify(&lab.context(), &request).await.unwrap_err();
    assert_eq!(problem.code.slug(), "no-wheels", "{problem:?}");
}
