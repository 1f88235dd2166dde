//! What the binary says to bad input, whole, and proof that no index heard of it.

mod bytes;
mod config;
mod confirm;
mod conflict;
mod credentials;
mod files;
mod git;
mod network;
mod project;
mod state;
mod verification;

use crate::harness::{Run, Setting};
use regex::Regex;
use shiponce_rehearsal::Index;
use std::path::PathBuf;
use std::sync::LazyLock;

static DIFFERENT: LazyLock<[(Regex, &str); 5]> = LazyLock::new(|| {
    [
        (r"(?m)^\[time\] ", ""),
        (r"(?m)^\[DEBUG\] \[pid \d+\] ", "[DEBUG] "),
        (r"\b[0-9a-f]{4}…[0-9a-f]{2}\b", "[short]"),
        (r"tmp/shiponce-\w{6}/", "tmp/[run]/"),
        // The words of other tools are theirs to change.
        (r"(?m)^  (output ) ?.*\n(?: {9,}.*\n)*", "  $1[the tool's words]\n"),
    ]
    .map(|(pattern, by)| (Regex::new(pattern).unwrap(), by))
});

/// Standard error without what differs between two runs or two versions of another tool.
pub(crate) fn said(setting: &Setting, run: &Run) -> String {
    let mut text = setting.tidy(&run.stderr);
    for (pattern, by) in DIFFERENT.iter() {
        text = pattern.replace_all(&text, *by).into_owned();
    }
    text
}

/// Runs the binary to this exit code; neither index has heard of an upload since the world began.
#[track_caller]
fn refused(setting: &Setting, code: i32, args: &[&str]) -> String {
    let before = Index::ALL.map(|index| setting.world().writes(index));
    let run = setting.shiponce(args).expect(code);
    assert_eq!(Index::ALL.map(|index| setting.world().writes(index)), before, "{}", run.stderr);
    said(setting, &run)
}

/// The same, and the world has not heard of any request at all.
#[track_caller]
fn refused_unheard(setting: &Setting, code: i32, args: &[&str]) -> String {
    let before = setting.world().log().len();
    let text = refused(setting, code, args);
    let log = setting.world().log();
    assert!(log.len() == before, "{:#?}", &log[before..]);
    text
}

/// The dist folder of the project.
fn dist(setting: &Setting) -> PathBuf {
    setting.project().join("dist")
}
