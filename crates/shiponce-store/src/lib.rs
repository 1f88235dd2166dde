//! Release artifacts on local disk, kept by the sha256 of their bytes.
//!
//! What goes in was hashed while it was copied, what comes out is hashed again: a damaged entry is moved to
//! `quarantine/` and counts as missing. Any number of processes may use one directory at the same time, and one that
//! is killed leaves nothing that another could take for an entry. Memory does not grow with the size of a file.
//!
//! The store knows digests, not releases: which digests belong to what stands in the ledger.
//!
//! Calls block on the disk; on an async runtime they belong on a blocking thread.

mod artifact;
mod error;
mod hash;
mod layout;
mod lookup;
mod put;
mod store;
mod unfinished;

pub use artifact::{Artifact, VerifiedFile};
pub use error::Error;
pub use lookup::{Lookup, Quarantined};
pub use put::Stored;
pub use store::Store;
