//! The real binary against worlds of its own: every test starts processes, and nothing is shared between two tests.
//!
//! `cfg(test)` always holds here; clippy looks for it before it lets helper functions unwrap and print.

#[cfg(test)]
mod artifacts;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod build;
#[cfg(test)]
mod check_dist;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod fresh_clone;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod peers;
#[cfg(test)]
mod private;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod races;
#[cfg(test)]
mod real;
#[cfg(test)]
mod release_page;
#[cfg(test)]
mod repack;
#[cfg(test)]
mod several;
#[cfg(test)]
mod signals;
#[cfg(test)]
mod smoke;
#[cfg(test)]
mod suffix;
#[cfg(test)]
mod surface;
#[cfg(test)]
mod two_presses;
#[cfg(test)]
mod version_gate;
