//! Reading: addresses, forms, headers, caches.

use std::time::Duration;

use jiff::SignedDuration;
use shiponce_rehearsal::{Index, Lag};

use crate::lab::{Lab, demo, now, row};
use crate::wire::Request;

const JSON: &str = "application/vnd.pypi.simple.v1+json";

#[test]
fn the_table() {
    let lab = Lab::with_demo();
    let get = Request::get;
    let tag = lab.send(&get("/prod/pypi/demo/json")).header("etag").unwrap().to_owned();
    lab.run(vec![
        row("J1", get("/prod/pypi/demo/json"), 200, "OK"),
        row("J2", get("/prod/pypi/demo/1.0/json"), 200, "OK"),
        row("J2, another spelling", get("/prod/pypi/demo/1.0.0/json"), 200, "OK"),
        row("J3", get("/prod/pypi/demo/9.9/json"), 404, "Not Found"),
        row("J4", get("/prod/pypi/nope-nope/json"), 404, "Not Found"),
        row("J5", get("/prod/simple/demo/"), 200, "OK"),
        row("J6", get("/prod/simple/demo/").header("Accept", JSON), 200, "OK"),
        row("J7", get("/prod/simple/demo/").header("Accept", "text/plain"), 200, "OK"),
        row("J8", get("/prod/simple/nope-nope/"), 404, "Not Found"),
        row("J9", get("/prod/simple/demo"), 301, "Moved Permanently"),
        row("J10", get("/prod/simple/DEMO/"), 301, "Moved Permanently"),
        row("J11", get("/prod/pypi/DEMO/json"), 301, "Moved Permanently"),
        row("J12", get("/prod/project/demo/"), 200, "OK"),
        row("J13", get("/prod/simple/").header("Accept", JSON), 200, "OK"),
        row("J14", get("/prod/"), 200, "OK"),
        row("J15", get("/prod/danger-api/echo"), 403, ""),
        row("J20", get("/prod/pypi/demo/json").header("If-None-Match", &tag), 304, "Not Modified"),
    ]);
    let body = |path: &str| lab.send(&get(path)).text();
    assert_eq!(body("/prod/pypi/demo/9.9/json"), "{\"message\": \"Not Found\"}");
    assert_eq!(body("/prod/simple/nope-nope/"), "404 Not Found");
    let addresses = lab.server.addresses(Index::Pypi);
    let to = |path: &str| lab.send(&get(path)).header("location").unwrap().to_owned();
    assert_eq!(to("/prod/simple/demo"), format!("{}demo/", addresses.simple()));
    assert_eq!(to("/prod/simple/DEMO/"), format!("{}demo/", addresses.simple()));
    assert_eq!(to("/prod/pypi/DEMO/1.0/json"), format!("{}demo/1.0/json", addresses.json()));
}

#[test]
fn both_forms_say_the_same() {
    let lab = Lab::with_demo();
    let form = demo("1.1", "").set("requires_python", ">=3.8");
    assert_eq!(lab.send(&lab.upload(&form)).status, 200);
    assert!(lab.world.yank(Index::Pypi, "demo", "1.1", Some("it \"breaks\""), now()));
    let file = lab.world.files(Index::Pypi).into_iter().find(|f| f.version == "1.1").unwrap();

    let json = lab.send(&Request::get("/prod/simple/demo/").header("Accept", JSON));
    assert_eq!(json.header("content-type"), Some(JSON));
    assert_eq!(json.header("x-pypi-last-serial"), Some("3"));
    assert_eq!(json.header("cache-control"), Some("max-age=600, public"));
    let page = json.json();
    assert_eq!(page["meta"]["api-version"], "1.4");
    assert_eq!(page["meta"]["_last-serial"], 3);
    assert_eq!(page["versions"], serde_json::json!(["1.0", "1.1"]));
    let entry = &page["files"][1];
    assert_eq!(entry["yanked"], "it \"breaks\"");
    assert_eq!(entry["requires-python"], ">=3.8");
    assert_eq!(entry["hashes"]["sha256"], file.sha256);

    let html = lab.send(&Request::get("/prod/simple/demo/"));
    assert_eq!(html.header("content-type"), Some("text/html; charset=UTF-8"));
    let url = entry["url"].as_str().unwrap();
    let core = entry["core-metadata"]["sha256"].as_str().unwrap();
    let line = format!(
        "<a href=\"{url}#sha256={}\" data-requires-python=\"&gt;=3.8\" data-dist-info-metadata=\"sha256={core}\" data-core-metadata=\"sha256={core}\" data-yanked=\"it &quot;breaks&quot;\">{}</a><br />\n",
        file.sha256, file.filename
    );
    assert!(html.text().contains(&line), "{}\n{line}", html.text());
    assert!(html.text().ends_with("<!--SERIAL 3-->"));

    let path = url.strip_prefix(&lab.server.base_url()).unwrap();
    let metadata = lab.send(&Request::get(&format!("{path}.metadata")));
    assert_eq!(metadata.text(), crate::dist::metadata("demo", "1.1"));
    let legacy = lab.send(&Request::get("/prod/pypi/demo/json"));
    assert_eq!(legacy.header("cache-control"), Some("max-age=900, public"));
    assert_eq!(legacy.json()["info"]["version"], "1.0", "a yanked release is not the newest");
    assert_eq!(legacy.json()["releases"]["1.1"][0]["yanked_reason"], "it \"breaks\"");
}

#[test]
fn the_client_chooses_the_form() {
    let lab = Lab::with_demo();
    let kind = |accept: &str| {
        let answer = lab.send(&Request::get("/prod/simple/demo/").header("Accept", accept));
        answer.header("content-type").unwrap().to_owned()
    };
    let html = "application/vnd.pypi.simple.v1+html";
    assert_eq!(kind(&format!("{JSON}, {html}; q=0.2, text/html; q=0.01")), JSON);
    assert_eq!(kind(&format!("{JSON};q=0.1, {html}; q=0.2, text/html; q=0.01")), html);
    assert_eq!(kind("*/*"), "text/html; charset=UTF-8");
}

#[test]
fn caches_lag_each_for_itself() {
    let lab = Lab::new();
    lab.world.lag(Index::Pypi, Lag::For(Duration::from_secs(60)), Lag::Reads(2));
    let json = || lab.send(&Request::get("/prod/pypi/demo/json")).status;
    let html = || lab.send(&Request::get("/prod/simple/demo/")).status;
    assert_eq!((json(), html()), (404, 404));
    assert_eq!(lab.send(&lab.upload(&demo("1.0", ""))).status, 200);
    let simple_json = lab.send(&Request::get("/prod/simple/demo/").header("Accept", JSON)).status;
    assert_eq!(simple_json, 200, "nobody had read this form");
    assert_eq!((html(), html(), html()), (404, 404, 200), "two stale reads");
    assert_eq!(json(), 404, "a negative answer lingers");
    lab.world.advance(SignedDuration::from_secs(61));
    assert_eq!(json(), 200);
}
