//! Trusted publishing: the runner that issues identity tokens, and the exchange for API tokens.

mod runner;

pub use runner::RunnerConfig;
