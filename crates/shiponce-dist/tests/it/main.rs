//! Distributions made by code, by real build backends, and by enemies.
#![expect(
    clippy::disallowed_methods,
    reason = "the tests start Python and find their tools; the product may do neither in this crate"
)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, wherever in its code")]

mod build;
mod check;
mod compare;
mod fuzz;
mod imports;
mod memory;
mod mirror;
mod peers;
mod real;
mod repack;
mod set;
mod tar;
mod tools;
mod wheel;
mod zip;
