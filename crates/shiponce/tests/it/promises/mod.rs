//! What the founders promised, shown by the running binary; `docs/reference/interfaces.md` lists it.

mod authentication;
mod cache;
mod command_line;
mod gates;
mod lookups;
mod triggers;

use crate::harness::{Setting, wheel};
use shiponce_rehearsal::{Index, RouteKind};
use std::path::PathBuf;

/// A wheel of `demo` outside the project's folder.
fn demo(setting: &Setting, version: &str) -> PathBuf {
    wheel(&setting.path("files"), "demo", version, "py3-none-any", "one")
}

/// How often an index was asked for pages of a project.
fn readings(setting: &Setting, index: Index) -> usize {
    let pages = [RouteKind::Simple, RouteKind::Json];
    let log = setting.world().log();
    log.iter().filter(|entry| entry.index == Some(index) && pages.contains(&entry.route)).count()
}

/// Nothing was uploaded to any index, and nobody tried.
#[track_caller]
fn nothing_sent(setting: &Setting) {
    assert_eq!(Index::ALL.map(|index| setting.world().writes(index)), [0, 0]);
}
