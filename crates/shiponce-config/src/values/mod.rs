//! Small values with their own grammar.

mod address;
mod duration;
mod ledger;
mod tag;
mod version_file;
mod words;

pub use address::index_identity;
pub(crate) use address::{authority, is_loopback, parse_address};
pub(crate) use duration::{parse_duration, show_duration};
pub use ledger::Ledger;
pub(crate) use ledger::parse_ledger;
pub use tag::TagTemplate;
pub use version_file::VersionFile;
pub(crate) use words::{choose, is_branch_name, is_module, is_variable_name};
