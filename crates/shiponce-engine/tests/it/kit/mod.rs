//! What every test stands on.

mod checked;
pub(crate) mod dist;
mod git;
mod github;
mod invariants;
mod lab;
mod press;
mod recorder;
mod runner;
mod taking;

pub(crate) use checked::Checked;
pub(crate) use github::{Forge, REPOSITORY};
pub(crate) use lab::{Ahead, BASE, Lab, at, code, wheel_name};
pub(crate) use press::request;
pub(crate) use taking::{ID, take_over};

/// A variable of the environment that steers a test.
#[expect(clippy::disallowed_methods, reason = "a test is steered from outside")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
