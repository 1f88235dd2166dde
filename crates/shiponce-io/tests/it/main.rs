//! Tests over real sockets, real processes, real files and real repositories.
//!
//! `cfg(test)` always holds here; clippy looks for it before it lets helper functions unwrap and print.

#[cfg(test)]
mod child;
#[cfg(test)]
mod files;
#[cfg(test)]
mod git;
#[cfg(test)]
mod http;
#[cfg(test)]
mod process;
#[cfg(test)]
mod world;
