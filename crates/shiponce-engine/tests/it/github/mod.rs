//! The release page: drafted before production, published after it, exactly once.

mod notes;
mod pages;
mod presses;
mod refusals;
mod weather;

use crate::kit::{Forge, code, dist};
use shiponce_engine::{Finished, ReleaseRequest};
use shiponce_rehearsal::Index::{Pypi, TestPypi};
use std::path::PathBuf;

/// A release of two files to the test index, production and GitHub.
fn two_files(forge: &Forge) -> (ReleaseRequest, PathBuf) {
    let folder = forge.lab.folder("dist");
    dist::wheel(&folder, "1.0", "py3-none-any", "a");
    dist::sdist(&folder, "1.0", "a");
    let targets = vec![forge.lab.target(TestPypi), forge.lab.target(Pypi)];
    (forge.request(&folder, targets), folder)
}

/// How a press ended, with everything that was said when it is another end than expected.
fn ended(forge: &Forge, finished: &Finished, number: u8, slug: &str) {
    let found = (finished.exit_code().number(), code(finished));
    assert_eq!(found, (number, slug), "{:#?}\n{}", finished.problem, forge.lab.report.text());
}
