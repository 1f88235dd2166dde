//! What every test stands on.

pub(crate) mod dist;
mod invariants;
mod lab;
mod recorder;
mod runner;

pub(crate) use lab::{BASE, Lab, at, code, wheel_name};
pub(crate) use runner::Python;
