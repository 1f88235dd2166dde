//! The crate against the embedded world, against hand-made servers, and against the real pypiserver.
#![expect(clippy::unwrap_used, reason = "the helpers of a test fail by panicking")]

mod attestation;
mod cache;
mod download;
mod faults;
mod formats;
mod lab;
mod provenance;
mod pypiserver;
mod reading;
mod secrets;
mod trusted;
mod upload;
