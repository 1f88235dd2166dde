//! The stable boundary of shiponce: exit codes, error codes with a page each, problems, and the JSON of
//! every command.
//!
//! What others read lives here and nowhere else, so that a change of it is a change of this crate. Wire types
//! hold plain strings and numbers: the types of the engine may change, these may only grow. Nothing here
//! speaks to a terminal, and nothing here decides about colour.

mod error_code;
mod exit_code;
mod problem;
pub mod sarif;
pub mod v1;

pub use error_code::ErrorCode;
pub use exit_code::ExitCode;
pub use problem::{Fact, Line, LineKind, Problem};
