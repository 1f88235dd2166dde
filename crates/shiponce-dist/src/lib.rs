//! Python distributions: read, hash, verify, describe.
//!
//! Archives are hostile until shown otherwise. Nothing is unpacked to disk, everything read has a limit, and no
//! allocation is proportional to a size that an archive merely declares. What readers disagree on is refused.

pub mod check;
pub mod compare;
pub mod digest;
mod distribution;
mod field;
mod member;
mod message;
pub mod metadata;
pub mod record;
pub mod repack;
pub mod sdist;
mod set;
pub mod tar;
mod version;
pub mod wheel;
pub mod zip;

pub use check::{Examined, Finding, Ruleset, Severity, check, examine};
pub use compare::{Difference, compare};
pub use digest::{Digests, hash_file, hash_reader};
pub use distribution::{DistError, Distribution, Kind, OpenOptions};
pub use member::NameProblem;
pub use metadata::Metadata;
pub use repack::Repack;
pub use sdist::Sdist;
pub use set::check_set;
pub use version::{VersionDisagreement, VersionSource, agree};
pub use wheel::Wheel;
