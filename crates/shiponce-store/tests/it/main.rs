//! The store from outside: one process and many, alive and killed.
//!
//! `cfg(test)` always holds here; clippy looks for it before it lets helper functions unwrap and print.

#[cfg(test)]
mod memory;
#[cfg(test)]
mod process;
#[cfg(test)]
mod storing;
#[cfg(test)]
mod torture;
#[cfg(test)]
mod world;
