//! The table of what goes wrong: a wheel, another wheel and an sdist against one fault, pressed twice.
//!
//! Every row says how each press ends and what the index holds after it. What it holds is always ours, byte for byte,
//! but where a row puts something else there first. `cargo xtask bench faults` shows the same faults to other tools.

use crate::kit::{Lab, code, dist, wheel_name};
use bytes::Bytes;
use http::{Request, Response};
use shiponce_engine::Finished;
use shiponce_rehearsal::Index::Pypi;
use shiponce_rehearsal::Lag;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// How a press ends: the exit code, the error code, and how many of the three files the index holds with our bytes.
type End = (u8, &'static str, usize);

const DONE: End = (0, "", 3);

struct Row {
    what: &'static str,
    arrange: fn(&Lab, &[PathBuf]),
    first: End,
    second: End,
}

const fn row(what: &'static str, arrange: fn(&Lab, &[PathBuf]), first: End, second: End) -> Row {
    Row { what, arrange, first, second }
}

/// Two wheels and an sdist.
fn files(lab: &Lab, folder: &str, content: &str) -> Vec<PathBuf> {
    let folder = lab.folder(folder);
    let mut files: Vec<PathBuf> =
        (0..2).map(|number| dist::wheel(&folder, "1.0", &dist::tag(number), content)).collect();
    files.push(dist::sdist(&folder, "1.0", content));
    files
}

fn is_upload(request: &Request<Bytes>) -> bool {
    request.uri().path().ends_with("/legacy/")
}

/// The upload number `number`, from 1, and every later one up to `last`, gets this answer and does nothing.
fn answered(lab: &Lab, number: u32, last: u32, answer: fn() -> Response<Bytes>) {
    let seen = AtomicU32::new(0);
    lab.hook(move |request| {
        let now = is_upload(request).then(|| seen.fetch_add(1, Ordering::Relaxed) + 1)?;
        (number..=last).contains(&now).then(answer)
    });
}

fn said(status: u16, text: &'static str) -> Response<Bytes> {
    let page = format!(
        "<html><head><title>{status} {text}</title></head><body><h1>{status} {text}</h1></body></html>"
    );
    Response::builder().status(status).header("content-type", "text/html").body(page.into()).unwrap()
}

fn redirect(to: &'static str) -> Response<Bytes> {
    Response::builder().status(308).header("location", to).body(Bytes::new()).unwrap()
}

/// What the file of this name on the index holds.
fn ours(lab: &Lab, files: &[PathBuf]) -> usize {
    use sha2::Digest as _;
    let there = lab.world.files(Pypi);
    let same = |path: &&PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        let digest: String = sha2::Sha256::digest(fs_err::read(path).unwrap())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        there.iter().any(|file| file.filename == name && file.sha256 == digest)
    };
    files.iter().filter(same).count()
}

/// Plays a row; what differs from it comes back.
async fn play(row: &Row) -> Vec<String> {
    let lab = Lab::new();
    let files = files(&lab, "dist", "a");
    (row.arrange)(&lab, &files);
    let mut wrong = Vec::new();
    for (press, wanted) in [(1, row.first), (2, row.second)] {
        let ended: Finished = lab.publish(&files).await;
        let found = (ended.exit_code().number(), code(&ended), ours(&lab, &files));
        if found != wanted {
            let (problem, text) = (&ended.problem, lab.report.text());
            wrong.push(format!(
                "{}, press {press}: {found:?}, not {wanted:?}\n{problem:#?}\n{text}",
                row.what
            ));
        }
        if let Some(problem) = ended.problem.filter(|problem| problem.hints.is_empty()) {
            wrong.push(format!("{}: no way on\n{}", row.what, problem.render()));
        }
    }
    lab.check();
    wrong
}

async fn each(rows: &[Row]) {
    let mut wrong = Vec::new();
    for row in rows {
        wrong.extend(play(row).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What was measured of uv, twine, hatch, poetry, flit and maturin, and what can be done to the answer of an upload.
const UPLOADS: &[Row] = &[
    row("nothing", |_, _| {}, DONE, DONE),
    row("503 once", |lab, _| lab.fault("upload:1:503"), DONE, DONE),
    row("503 once, in the middle", |lab, _| lab.fault("upload:2:503"), DONE, DONE),
    row("503 with a pause asked for", |lab, _| lab.fault("upload:2:503+retry-after=2"), DONE, DONE),
    row("503 for good", |lab, _| lab.fault("upload:*:503"), (8, "index-failed", 0), (8, "index-failed", 0)),
    row("500 for good", |lab, _| lab.fault("upload:*:500"), (8, "index-failed", 0), (8, "index-failed", 0)),
    row("500 ten times", |lab, _| lab.fault("upload:*:500x5"), (6, "partial", 2), DONE),
    row("429", |lab, _| lab.fault("upload:1:429"), DONE, DONE),
    row("429 in the middle", |lab, _| lab.fault("upload:2:429x2"), DONE, DONE),
    row("500, and stored", |lab, _| lab.fault("upload:1:500-stored"), DONE, DONE),
    row("503, and stored, always", |lab, _| lab.fault("upload:*:503-stored"), DONE, DONE),
    row("dropped before it was read", |lab, _| lab.fault("upload:*:drop-beforex2"), DONE, DONE),
    row("dropped in the middle of the body", |lab, _| lab.fault("upload:1:cut-reading"), DONE, DONE),
    row("stored, and the answer lost", |lab, _| lab.fault("upload:1:drop-after"), DONE, DONE),
    row("stored, and every answer lost", |lab, _| lab.fault("upload:*:drop-after"), DONE, DONE),
    row("stored, and the answer cut short", |lab, _| lab.fault("upload:*:truncated"), DONE, DONE),
    row("no answer ever, once", |lab, _| lab.fault("upload:2:hang"), DONE, DONE),
    row("an answer after 40 seconds", |lab, _| lab.fault("upload:*:delay=40000"), DONE, DONE),
    row("every answer after 80 ms", |lab, _| lab.fault("any:*:delay=80"), DONE, DONE),
    row("the race for a new release", |lab, _| lab.fault("upload:1:racex2"), DONE, DONE),
    row("a login page for an answer", |lab, _| lab.fault("upload:2:captive-portal"), DONE, DONE),
    row(
        "accepted, and not stored",
        |lab, _| lab.fault("upload:1:200-not-stored"),
        (6, "partial", 2),
        (6, "partial", 2),
    ),
];

#[tokio::test(start_paused = true)]
async fn every_fault_of_an_upload_ends_as_documented() {
    each(UPLOADS).await;
}

/// Refusals: what is not the weather's.
const REFUSALS: &[Row] = &[
    row(
        "read-only",
        |lab, _| lab.fault("upload:*:read-only"),
        (8, "index-failed", 0),
        (8, "index-failed", 0),
    ),
    row(
        "read-only from the second file on",
        |lab, _| lab.fault("upload:2:read-onlyx1"),
        (6, "partial", 1),
        DONE,
    ),
    row("uploads disabled", |lab, _| lab.fault("upload:1:uploads-disabled"), (8, "index-failed", 0), DONE),
    row(
        "401 from the second file on",
        |lab, _| answered(lab, 2, 2, || said(401, "Unauthorized")),
        (6, "partial", 1),
        DONE,
    ),
    row(
        "403 for the token, at once",
        |lab, _| answered(lab, 1, 1, || said(403, "Invalid or non-existent authentication information.")),
        (7, "auth-refused", 0),
        DONE,
    ),
    row(
        "redirect to another host",
        |lab, _| answered(lab, 1, 9, || redirect("http://elsewhere.example/legacy/")),
        (1, "index-rejected", 0),
        (1, "index-rejected", 0),
    ),
    row(
        "redirect to a login, once",
        |lab, _| {
            answered(lab, 1, 1, || {
                Response::builder()
                    .status(302)
                    .header("location", "http://portal.example/")
                    .body(Bytes::new())
                    .unwrap()
            });
        },
        DONE,
        DONE,
    ),
    row(
        "other bytes under the first name",
        |lab, _| lab.put(Pypi, &files(lab, "other", "b")[0]),
        (4, "file-conflict", 0),
        (4, "file-conflict", 0),
    ),
    row(
        "a name that was used and deleted",
        |lab, files| {
            lab.put(Pypi, &files[1]);
            let name = wheel_name("1.0", &dist::tag(1));
            assert!(lab.world.delete_file(Pypi, "demo", &name, lab.clock.now()));
        },
        (6, "partial", 2),
        (6, "partial", 2),
    ),
    row("the same file is there", |lab, files| lab.put(Pypi, &files[1]), DONE, DONE),
];

#[tokio::test(start_paused = true)]
async fn every_refusal_ends_as_documented() {
    each(REFUSALS).await;
}

/// A release before this one, so that there is a page that can be old.
fn lagging(lab: &Lab, seconds: u64) {
    lab.put(Pypi, &dist::wheel(&lab.folder("old"), "0.9", "py3-none-any", "old"));
    let lag = Lag::For(Duration::from_secs(seconds));
    lab.world.lag(Pypi, lag, lag);
}

/// Faults of what is read: before the first byte, and when it is read back.
const READINGS: &[Row] = &[
    row("pages old for ten minutes", |lab, _| lagging(lab, 600), DONE, DONE),
    row("pages old for twenty minutes", |lab, _| lagging(lab, 1200), (8, "index-failed", 3), DONE),
    row("pages old for the next three readings", |lab, _| lab.fault("any:*:stale=3"), DONE, DONE),
    row("a page that fails three times", |lab, _| lab.fault("simple:1:503x3"), DONE, DONE),
    row(
        "no page ever",
        |lab, _| lab.fault("simple:*:503"),
        (5, "target-unobserved", 0),
        (5, "target-unobserved", 0),
    ),
    row("a page that never comes", |lab, _| lab.fault("simple:*:hangx4"), (5, "target-unobserved", 0), DONE),
    row("pages cut short", |lab, _| lab.fault("simple:*:truncatedx2"), DONE, DONE),
    row("a slow page", |lab, _| lab.fault("simple:*:delay=9000"), DONE, DONE),
    row("a login page", |lab, _| lab.fault("any:*:captive-portalx1"), (5, "target-unobserved", 0), DONE),
    row("unreadable after the upload", |lab, _| lab.fault("simple:3:503x8"), DONE, DONE),
];

#[tokio::test(start_paused = true)]
async fn every_fault_of_a_reading_ends_as_documented() {
    each(READINGS).await;
}

/// Once, at the upload number `number`, from 1, before the index sees it.
fn at_upload(lab: &Lab, number: u32, mut act: impl FnMut() + Send + 'static) {
    let mut seen = 0;
    lab.hook(move |request| {
        seen += u32::from(is_upload(request));
        if is_upload(request) && seen == number {
            act();
        }
        None
    });
}

/// Breaks the journal, so that nothing can be written to it.
fn break_journal(path: &Path) {
    let ledger = rusqlite::Connection::open(path).unwrap();
    ledger.execute_batch("ALTER TABLE journal RENAME TO journal_away").unwrap();
}

fn ledger_of(lab: &Lab) -> PathBuf {
    lab.folder("ledger.sqlite")
}

/// Copies the ledger as a backup program does.
fn copy_ledger(from: &Path, to: &Path) {
    drop(fs_err::remove_file(to));
    let ledger = rusqlite::Connection::open(from).unwrap();
    ledger.execute("VACUUM INTO ?1", [to.to_string_lossy()]).unwrap();
}

/// Puts a copy in the place of the ledger.
fn restore_ledger(lab: &Lab, copy: &Path) {
    for end in ["-wal", "-shm"] {
        drop(fs_err::remove_file(lab.folder(&format!("ledger.sqlite{end}"))));
    }
    fs_err::copy(copy, ledger_of(lab)).unwrap();
    fs_err::set_permissions(ledger_of(lab), std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_ledger_that_is_gone_before_the_intent_means_no_effect() {
    let lab = Lab::new();
    let files = files(&lab, "dist", "a");
    let path = ledger_of(&lab);
    let mut once = false;
    // The plan is read after the lease was taken and before the first intent.
    lab.hook(move |request| {
        if request.uri().path().contains("/simple/") && !std::mem::replace(&mut once, true) {
            break_journal(&path);
        }
        None
    });
    let ended = lab.publish(&files).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (2, "ledger-unusable"), "{ended:?}");
    assert!(lab.world.files(Pypi).is_empty() && lab.uploads(Pypi).is_empty());
    lab.hook(|_| None);
    let ended = lab.publish(&files).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (2, "ledger-unusable"), "{ended:?}");
    assert!(lab.uploads(Pypi).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_ledger_that_is_gone_after_the_effect_stops_at_the_next_intent_and_says_what_is_there() {
    let lab = Lab::new();
    let files = files(&lab, "dist", "a");
    let path = ledger_of(&lab);
    at_upload(&lab, 1, move || break_journal(&path));
    let ended = lab.publish(&files).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (6, "partial"), "{ended:?}");
    assert_eq!((lab.uploads(Pypi).len(), ours(&lab, &files)), (1, 1));
    // Somebody repairs it: the intent is there, its outcome is not, and the file is found.
    let ledger = rusqlite::Connection::open(ledger_of(&lab)).unwrap();
    ledger.execute_batch("ALTER TABLE journal_away RENAME TO journal").unwrap();
    drop(ledger);
    lab.hook(|_| None);
    let ended = lab.publish(&files).await;
    assert_eq!((ended.exit_code().number(), ours(&lab, &files)), (0, 3), "{ended:?}");
    assert_eq!(lab.uploads(Pypi).len(), 3, "the first is not sent again");
    lab.check_but_for_crashes(1);
}

#[tokio::test(start_paused = true)]
async fn a_ledger_restored_from_before_the_release_costs_nothing_and_allows_nothing() {
    let lab = Lab::new();
    let old = [dist::wheel(&lab.folder("old"), "0.9", "py3-none-any", "old")];
    assert_eq!(lab.publish(&old).await.exit_code().number(), 0);
    let copy = lab.folder("copy.sqlite");
    copy_ledger(&ledger_of(&lab), &copy);
    let files = files(&lab, "dist", "a");
    assert_eq!(lab.publish(&files).await.exit_code().number(), 0);
    restore_ledger(&lab, &copy);
    // The ledger knows nothing of the release: the index does.
    let other = self::files(&lab, "other", "b");
    let ended = lab.publish(&other).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (4, "file-conflict"), "{ended:?}");
    let ended = lab.publish(&files).await;
    assert_eq!((ended.exit_code().number(), ours(&lab, &files)), (0, 3), "{ended:?}");
    assert_eq!(lab.uploads(Pypi).len(), 4, "nothing is sent again");
}

#[tokio::test(start_paused = true)]
async fn a_ledger_restored_from_the_middle_of_a_release_reads_and_sends_the_rest() {
    let lab = Lab::new();
    let files = files(&lab, "dist", "a");
    let (path, copy) = (ledger_of(&lab), lab.folder("copy.sqlite"));
    let to = copy.clone();
    at_upload(&lab, 2, move || copy_ledger(&path, &to));
    lab.fault("upload:3:503x5");
    assert_eq!(lab.publish(&files).await.exit_code().number(), 6);
    restore_ledger(&lab, &copy);
    lab.hook(|_| None);
    let ended = lab.publish(&files).await;
    assert_eq!((ended.exit_code().number(), ours(&lab, &files)), (0, 3), "{ended:?}");
    let stored = lab.uploads(Pypi).iter().filter(|entry| entry.changed).count();
    assert_eq!(stored, 3);
}

/// The answer to a commit is lost when the process dies with it: the change is there, and nobody was told.
#[tokio::test(start_paused = true)]
async fn a_commit_whose_answer_is_lost_is_found_by_the_next_press() {
    for number in 1..=3 {
        let lab = Lab::new();
        let files = files(&lab, "dist", "a");
        let struck = Arc::new(Notify::new());
        let strike = struck.clone();
        lab.fault(&format!("upload:{number}:delay=100000000"));
        // The intent of this upload is committed, and whoever committed it is gone.
        at_upload(&lab, number, move || strike.notify_one());
        tokio::select! {
            ended = lab.publish(&files) => panic!("{ended:?}"),
            () = struck.notified() => {}
        }
        lab.hook(|_| None);
        let ended = lab.publish(&files).await;
        assert_eq!((ended.exit_code().number(), ours(&lab, &files)), (0, 3), "{ended:?}");
        assert_eq!(lab.uploads(Pypi).len(), 3, "it arrived, so it is not sent again");
        lab.check_but_for_crashes(2);
    }
}
