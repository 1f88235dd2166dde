//! Effects behind traits: HTTP, time, child processes, files, the project's own git, random ids.
//!
//! This is the only crate that opens sockets, starts processes or reads a clock. It decides nothing:
//! it does one thing, says honestly what is known about it afterwards, and leaves retrying, redirects
//! and credentials to its callers. It never reads the environment, the home directory or a
//! configuration file; those come in from the binary as values.

use std::future::Future;
use std::pin::Pin;

pub mod cancel;
pub mod clock;
pub mod files;
pub mod git;
pub mod http;
pub mod process;
pub mod random;

pub use cancel::Cancel;
pub use clock::{Clock, SystemClock, VirtualClock};

/// A boxed future that may move between threads: what the traits of this crate return, so that they
/// can be used as `dyn`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
