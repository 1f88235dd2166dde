//! The client against a GitHub in memory, under virtual time.

#![expect(clippy::unwrap_used, reason = "the helpers of a test fail by panicking")]

mod lab;

mod answers;
mod artifacts;
mod assets;
mod downloads;
mod limits;
mod reading;
mod releases;
mod secrets;
mod tags;
mod wire;
