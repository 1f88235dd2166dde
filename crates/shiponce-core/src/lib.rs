//! The words and the decisions of a release.
//!
//! Everything here is pure: no IO, no clock, no environment, no async. Time comes in as microseconds since the
//! Unix epoch ([`Timestamp`]), bytes come in as digests. What must happen once is decided here, from facts, by
//! [`decide::decide`]; everything else in the workspace collects facts or carries decisions out.

pub mod adopt;
pub mod canonical;
pub mod decide;
pub mod digest;
pub mod expect;
pub mod filename;
pub mod forge;
pub mod form;
pub mod journal;
pub mod lease;
pub mod manifest;
pub mod matrix;
pub mod names;
pub mod observation;
pub mod plan;
pub mod propagation;
pub mod provenance;
pub mod redact;
pub mod repository;
pub mod suffix;
pub mod time;
pub mod version;
pub mod workspace;

pub use digest::{Blake2b256, Sha256};
pub use filename::DistFilename;
pub use manifest::{AssetEntry, FileEntry, Manifest};
pub use names::PackageName;
pub use repository::RepositoryName;
pub use suffix::VersionSuffix;
pub use time::Timestamp;
pub use version::Version;
