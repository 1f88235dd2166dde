//! Trusted publishing: the runner that issues identity tokens, and their exchange for API tokens.

mod exchange;
mod jwt;
mod payload;
mod runner;

pub(crate) use exchange::{audience, burn, mint, siblings};
pub(crate) use jwt::sign;
pub use runner::RunnerConfig;
pub(crate) use runner::{claims, issue};
