//! The engine against the embedded world, under virtual time: what is sent, what is recorded, how it ends.
#![expect(clippy::unwrap_used, reason = "tests")]

mod access;
mod adopting;
mod artifacts;
mod asking;
mod attesting;
mod faults;
mod github;
mod holding;
mod kit;
mod names;
mod parallel;
mod propagation;
mod releases;
mod torture;
mod torture_page;
mod weather;
