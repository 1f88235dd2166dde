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
pub(crate) fn ended(forge: &Forge, finished: &Finished, number: u8, slug: &str) {
    let found = (finished.exit_code().number(), code(finished));
    assert_eq!(found, (number, slug), "{:#?}\n{}", finished.problem, forge.lab.report.text());
}

/// A press that production refuses for now: it leaves a draft with every file behind.
async fn cut_off(forge: &Forge, request: &ReleaseRequest) {
    forge.lab.hook(|request| {
        let down = request.method() == http::Method::POST && request.uri().path() == "/prod/legacy/";
        down.then(|| http::Response::builder().status(503).body(bytes::Bytes::new()).unwrap())
    });
    let finished = forge.press(request).await;
    ended(forge, &finished, 8, "index-failed");
    assert!(forge.releases()[0].draft);
    forge.lab.hook(|_| None);
}
