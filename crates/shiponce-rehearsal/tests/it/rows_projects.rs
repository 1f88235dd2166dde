//! Project names and addresses.

use shiponce_rehearsal::Index;

use crate::lab::{Lab, project, row};
use crate::wire::Request;

#[test]
fn names() {
    let lab = Lab::with(|config| {
        config.index(Index::Pypi).prohibit("verboten");
    });
    let up = |name: &str| lab.upload(&project(name, "1.0", name));
    lab.run(vec![
        row("setup", up("lab6b00f134"), 200, "OK"),
        row("N1", up("json"), 400, "The name 'json' isn't allowed (conflict with Python Standard Library module name). See <PyPI>/help/#project-name for more information."),
        row("N2", up("Verboten"), 400, "The name 'Verboten' isn't allowed. See <PyPI>/help/#project-name for more information."),
        row("N3", up("1ab6b00f134"), 400, "The name '1ab6b00f134' is too similar to an existing project. See <PyPI>/help/#project-name for more information."),
    ]);
    let mut renamed = project("lab6b00f134", "1.1", "");
    renamed = renamed.set("name", "LAB6b00f134");
    lab.run(vec![row("N4", lab.upload(&renamed), 200, "OK")]);
    let json = lab.send(&Request::get("/prod/pypi/lab6b00f134/json")).json();
    assert_eq!(json["info"]["name"], "LAB6b00f134");
}

#[test]
fn addresses() {
    let lab = Lab::with_demo();
    let action = |value: &str| crate::lab::demo("1.1", "").set(":action", value);
    lab.run(vec![
        row("R1", project("demo", "1.1", "").post("/prod/legacy").basic("__token__", &lab.token), 308, "An upload was attempted to /legacy but the expected upload URL is /legacy/ (with a trailing slash)"),
        row("R2", Request::get("/prod/legacy/"), 404, "Not Found"),
        row("R3", lab.upload(&action("submit")), 410, "Project pre-registration is no longer required or supported, upload your files instead."),
        row("R4", lab.upload(&crate::lab::demo("1.1", "").without(":action")), 404, "Not Found"),
        row("R5", Request::new("POST", "/prod/pypi?:action=file_upload"), 410, "This API has moved to <PyPI>/legacy/. See TODO for more information."),
        row("R6", Request::get("/prod/legacy/x"), 404, "Not Found"),
        row("an index that does not exist", Request::get("/live/simple/demo/"), 404, "Not Found"),
    ]);
    let moved = lab.send(&project("demo", "1.1", "").post("/prod/legacy"));
    assert_eq!(moved.header("location"), Some(lab.server.addresses(Index::Pypi).upload().as_str()));
}

/// Each index also stands at the root of a port of its own.
#[test]
fn an_index_at_the_root_of_its_own_port() {
    let lab = Lab::with_demo();
    let own = lab.server.own_addresses(Index::Pypi);
    let json = Request::get("/pypi/demo/json").send(own.root()).json();
    let url = json["urls"][0]["url"].as_str().unwrap();
    assert!(url.starts_with(&own.files()), "{url}");
    let other = lab.server.own_addresses(Index::TestPypi);
    assert_eq!(Request::get("/pypi/demo/json").send(other.root()).status, 404);
}
