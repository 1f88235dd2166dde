//! A ledger may stop an upload and never cause one: somebody rewrites it, and nothing is sent.

use super::assert_killed;
use crate::harness::{Point, Run, Setting, kill_now, python, sdist, strike, wheel};
use shiponce_rehearsal::{Index, Moment};
use std::path::Path;
use std::process::Command;

/// Gives the wheel `sys.argv[2]` the place of the file of its name in every manifest of the ledger, digests of the
/// manifest included; with a third argument the bytes are put into that store as well.
const REWRITE: &str = r#"import hashlib, json, os, sqlite3, sys
ledger, path, *store = sys.argv[1:]
data = open(path, "rb").read()
name, sha256 = os.path.basename(path), hashlib.sha256(data).hexdigest()
base = sqlite3.connect(ledger)
rows = base.execute("SELECT project, version_key, body FROM manifest").fetchall()
assert rows, "nothing is frozen"
for project, version, body in rows:
    body = json.loads(body)
    assert body["files"][name]["sha256"] != sha256
    blake2b = hashlib.blake2b(data, digest_size=32).hexdigest()
    body["files"][name] = {"blake2b_256": blake2b, "sha256": sha256, "size": len(data)}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    base.execute(
        "UPDATE manifest SET body = ?, digest = ? WHERE project = ? AND version_key = ?", (text, digest, project, version)
    )
base.commit()
for root in store:
    shelf = os.path.join(root, "objects", sha256[:2])
    os.makedirs(shelf, mode=0o700, exist_ok=True)
    entry = os.open(os.path.join(shelf, sha256), os.O_CREAT | os.O_WRONLY, 0o600)
    os.write(entry, data)
"#;

fn rewrite(setting: &Setting, foreign: &Path, store: bool) {
    #[expect(clippy::disallowed_methods, reason = "somebody else writes in the ledger")]
    let mut command = Command::new(python());
    command.args(["-c", REWRITE]).arg(setting.path("state/ledger.sqlite3")).arg(foreign);
    if store {
        command.arg(setting.path("state/store"));
    }
    Run::of(command).expect(0);
}

/// A release that died after the freeze: its one upload reached nobody.
fn frozen() -> Setting {
    let setting = Setting::tiny();
    setting.world().add_fault("test.upload:1:drop-before".parse().unwrap());
    let point = Point::Upload(Moment::BeforeEffect, Index::TestPypi, 0);
    let (run, struck) = strike(&setting, &["release", "--yes"], point, kill_now);
    assert!(struck, "{}", run.stderr);
    assert_killed(&run, "at the first upload");
    setting
}

fn sends_nothing(setting: &Setting, args: &[&str], code: i32) -> Run {
    let before = Index::ALL.map(|index| setting.world().writes(index));
    let run = setting.shiponce(args).expect(code);
    let after = Index::ALL.map(|index| setting.world().writes(index));
    assert_eq!(before, after, "something was sent: {}", run.stderr);
    run
}

#[test]
fn a_digest_of_unknown_bytes_is_asked_for_and_not_built() {
    let setting = frozen();
    let foreign = wheel(&setting.path("foreign"), "tiny", "1.0.0", "py3-none-any", "foreign");
    rewrite(&setting, &foreign, false);
    let run = sends_nothing(&setting, &["release", "--yes", "--json"], 6);
    assert_eq!(run.json()["error"]["code"], "bytes-missing", "{}", run.stdout);
    assert!(run.stderr.contains("tiny-1.0.0-py3-none-any.whl"), "{}", run.stderr);
}

#[test]
fn bytes_that_nobody_handed_over_are_not_sent_even_from_the_own_store() {
    let setting = frozen();
    let foreign = wheel(&setting.path("foreign"), "tiny", "1.0.0", "py3-none-any", "foreign");
    rewrite(&setting, &foreign, true);
    let run = sends_nothing(&setting, &["release", "--yes", "--json"], 6);
    assert_eq!(run.json()["error"]["code"], "bytes-missing", "{}", run.stdout);
    assert!(run.stderr.contains("nobody handed over"), "{}", run.stderr);
    assert!(run.stderr.contains("shiponce publish"), "{}", run.stderr);
}

#[test]
fn files_given_to_publish_are_held_against_a_rewritten_manifest() {
    let setting = Setting::new();
    let dist = setting.project().join("dist");
    wheel(&dist, "demo", "1.0", "py3-none-any", "ours");
    sdist(&dist, "demo", "1.0", "ours");
    setting.world().add_fault("test.upload:1:drop-before".parse().unwrap());
    let press = ["publish", "--yes"];
    let (run, _) =
        strike(&setting, &press, Point::Upload(Moment::BeforeEffect, Index::TestPypi, 0), kill_now);
    assert_killed(&run, "at the first upload");
    let foreign = wheel(&setting.path("foreign"), "demo", "1.0", "py3-none-any", "foreign");
    rewrite(&setting, &foreign, true);
    let run = sends_nothing(&setting, &["publish", "--yes", "--json"], 4);
    assert_eq!(run.json()["error"]["code"], "manifest-mismatch", "{}", run.stdout);
}
