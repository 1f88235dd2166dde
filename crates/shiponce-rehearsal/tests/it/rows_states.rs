//! Switches of an administrator, states of projects and releases, attestations with a user's token.

use shiponce_rehearsal::{Index, ProjectStatus};

use crate::lab::{Lab, days, demo, now, project, row, then};
use crate::wire::Request;

const ALICE: &str = "The user 'alice' isn't allowed to upload to project 'demo'. See <PyPI>/help/#project-name for more information.";

#[test]
fn switches() {
    let lab = Lab::with_demo();
    let same = lab.upload(&demo("1.0", "first"));
    let fresh = lab.upload(&demo("1.1", ""));
    let read_only = "Read-only mode: Uploads are temporarily disabled.";
    let set = |change: fn(&mut shiponce_rehearsal::Switches)| then(move |w| w.switch(Index::Pypi, change));
    lab.run(vec![
        set(|s| s.read_only = true),
        row("G1", fresh.clone(), 403, read_only),
        row("G1b", same, 403, read_only),
        row("G1c", Request::get("/prod/pypi/demo/json"), 200, "OK"),
        set(|s| {
            s.read_only = false;
            s.uploads_disabled = true;
        }),
        row("G2", fresh.clone(), 403, "New uploads are temporarily disabled. See <PyPI>/help/#admin-intervention for more information."),
        set(|s| {
            s.uploads_disabled = false;
            s.new_projects_disabled = true;
        }),
        row("G3", lab.upload(&project("fresh", "1.0", "")), 403, "New project registration temporarily disabled. See <PyPI>/help/#admin-intervention for more information."),
        row("existing projects go on", fresh, 200, "OK"),
    ]);
}

#[test]
fn states_of_projects() {
    let lab = Lab::with_demo();
    let json = || Request::get("/prod/pypi/demo/json");
    let simple =
        || Request::get("/prod/simple/demo/").header("Accept", "application/vnd.pypi.simple.v1+json");
    let set = |status| then(move |w| assert!(w.set_status(Index::Pypi, "demo", status, now())));
    lab.run(vec![
        set(ProjectStatus::Quarantined),
        row("L-quarantine-enter", lab.upload(&demo("1.1", "")), 200, "OK"),
        row("LJ-quarantine-enter", json(), 404, "Not Found"),
        row("LS-quarantine-enter", simple(), 200, "OK"),
    ]);
    let page = lab.send(&simple()).json();
    assert_eq!(
        (page["project-status"]["status"].as_str(), page["files"].as_array().unwrap().len()),
        (Some("quarantined"), 0)
    );
    lab.run(vec![
        set(ProjectStatus::Archived),
        row("L-archived, L-archived-noindex", lab.upload(&demo("1.2", "")), 403, ALICE),
        row("LJ-archived, LJ-archived-noindex", json(), 200, "OK"),
        row("LS-archived, LS-archived-noindex", simple(), 200, "OK"),
    ]);
    assert_eq!(lab.send(&simple()).json()["project-status"]["status"], "archived");
}

#[test]
fn the_fourteen_days() {
    let lab = Lab::with_demo();
    let mut second = demo("1.0", "second");
    second.file.as_mut().unwrap().0 = "demo-1.0-py2-none-any.whl".to_owned();
    let mut third = demo("1.0", "third");
    third.file.as_mut().unwrap().0 = "demo-1.0-py3-none-win32.whl".to_owned();
    lab.run(vec![
        then(|w| w.advance(days(13))),
        row("within the window", lab.upload(&second), 200, "OK"),
        then(|w| w.advance(days(2))),
        row(
            "L5",
            lab.upload(&third),
            400,
            "Uploading new files to releases older than 14 days is not allowed.",
        ),
        row("L6", lab.upload(&demo("1.0", "first")), 200, "OK"),
        row("another release is open", lab.upload(&demo("1.1", "")), 200, "OK"),
    ]);
}

#[test]
fn attestations_of_a_person() {
    let lab = Lab::with_demo();
    let why = "Invalid attestations supplied during upload: Attestations are only supported when using Trusted Publishing";
    lab.run(vec![
        row("T1", lab.upload(&demo("1.1", "").set("attestations", "bogus")), 400, why),
        row("T2", lab.upload(&demo("1.1", "").set("attestations", "[]")), 400, why),
    ]);
}
