//! The version gate over made-up projects: every backend, every place a version stands in, agreeing and not.
//!
//! `cfg(test)` always holds here; clippy looks for it before it lets helper functions unwrap.

#[cfg(test)]
mod any;
#[cfg(test)]
mod backends;
#[cfg(test)]
mod named;
#[cfg(test)]
mod package;
#[cfg(test)]
mod tags;
#[cfg(test)]
mod verdicts;
#[cfg(test)]
mod world;
