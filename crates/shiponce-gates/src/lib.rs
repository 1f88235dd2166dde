//! Gates: what must hold before a release, read from the project's files without running them.
//!
//! Bytes and paths come in, results go out. Nothing here runs project code, asks the network or writes a file; what an
//! index or git knows is handed in as values.

mod dist;
pub mod version;

pub use dist::check_dist;
