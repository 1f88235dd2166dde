//! The ledger from outside: one process and many, alive and killed.
//!
//! `cfg(test)` always holds here; clippy looks for it before it lets helper functions unwrap and print.

#[cfg(test)]
mod competition;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod files;
#[cfg(test)]
mod journal;
#[cfg(test)]
mod lease;
#[cfg(test)]
mod manifest;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod press;
#[cfg(test)]
mod process;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod torture;
#[cfg(test)]
mod world;
