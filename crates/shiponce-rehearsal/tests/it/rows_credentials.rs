//! Credentials.

use jiff::SignedDuration;
use shiponce_rehearsal::TokenSpec;

use crate::lab::{Lab, demo, now, project, row};

const UNKNOWN: &str =
    "Invalid or non-existent authentication information. See <PyPI>/help/#invalid-auth for more information.";
const PASSWORD: &str = "Username/Password authentication is no longer supported. Migrate to API Tokens or Trusted Publishers instead. See <PyPI>/help/#apitoken and <PyPI>/help/#trusted-publishers";
const DAVE: &str = "The user 'dave' isn't allowed to upload to project 'demo'. See <PyPI>/help/#project-name for more information.";

fn scope(name: &str) -> String {
    let once = format!("project-scoped token is not valid for project: '{name}'");
    format!("Invalid API Token: {once}, {once}")
}

#[test]
fn the_table() {
    let lab = Lab::with_demo();
    let form = demo("1.1", "new");
    let post = || form.post("/prod/legacy/");
    let alice = || TokenSpec::user("alice");
    let expired = alice().expires(now() - SignedDuration::from_secs(60));
    lab.run(vec![
        row("A1", post(), 403, UNKNOWN),
        row("A2", post().basic("__token__", "pypi-xxx"), 403, UNKNOWN),
        row("A3", post().basic("__token__", "a-token-of-some-other-kind"), 403, UNKNOWN),
        row("A4", lab.upload_as(&alice().damaged(), &form), 403, "Invalid API Token: signatures do not match"),
        row("A5", post().basic("alice", "secret"), 403, PASSWORD),
        row("A6", post().basic("alice", &lab.token), 403, PASSWORD),
        row("A7", lab.upload_as(&expired, &form), 403, "Invalid API Token: token is expired, token is expired"),
        row("A8", lab.upload_as(&alice().project("other"), &form), 403, scope("demo")),
        row("A9", lab.upload_as(&alice().project("other"), &project("fresh", "1.0", "")), 403, scope("fresh")),
        row("A10", lab.upload_as(&TokenSpec::user("dave"), &form), 403, DAVE),
        row(
            "A11",
            lab.upload_as(&TokenSpec::user("bob"), &project("of-bob", "1.0", "")),
            403,
            "User 'bob', associated with the API token used, does not have two-factor authentication enabled. Please enable two-factor authentication before attempting to upload to PyPI. See <PyPI>/help/#two-factor-authentication for more information.",
        ),
        row(
            "A12",
            lab.upload_as(&TokenSpec::user("carol"), &project("of-carol", "1.0", "")),
            403,
            "User 'carol', associated with the API token used, does not have a verified primary email address. Please add a verified primary email before attempting to upload to PyPI. See <PyPI>/help/#verified-email for more information.",
        ),
        row("A13", post().header("Authorization", &format!("Bearer {}", lab.token)), 200, "OK"),
        row("A14", lab.upload_as(&TokenSpec::user("dave"), &demo("1.0", "first")), 403, DAVE),
        row("A15", demo("1.0", "first").post("/prod/legacy/"), 403, UNKNOWN),
    ]);
    assert_eq!(lab.world.projects(shiponce_rehearsal::Index::Pypi), ["demo"]);
}

/// A token may be narrowed by whoever holds it; the server believes the narrower one.
#[test]
fn a_project_scoped_token_serves_its_project() {
    let lab = Lab::with_demo();
    let spec = TokenSpec::user("alice").project("Demo");
    assert_eq!(lab.send(&lab.upload_as(&spec, &demo("1.1", ""))).status, 200);
}
