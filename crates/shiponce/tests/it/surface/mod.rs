//! What a user meets: help, pages, documents, streams, messages, and what never shows.

mod actions;
mod completions;
mod config_show;
mod documents;
mod dry;
mod explain;
mod help;
mod hunt;
mod leaks;
mod messages;
mod recorder;
mod reference;
mod rehearsal;
mod streams;
mod user;

use crate::harness::{Setting, sdist, wheel};
use std::path::PathBuf;

/// A wheel and an sdist of `demo 1.0` in the dist folder.
fn demo() -> Setting {
    let setting = Setting::new();
    files(&setting);
    setting
}

fn files(setting: &Setting) -> [PathBuf; 2] {
    let dist = setting.project().join("dist");
    [wheel(&dist, "demo", "1.0", "py3-none-any", "one"), sdist(&dist, "demo", "1.0", "one")]
}
