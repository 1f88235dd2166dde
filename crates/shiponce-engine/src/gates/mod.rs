//! Gates, fed with what git, the built files, the ledger and the indexes know.

mod check;
mod fix;
mod published;
mod publisher;
mod version;

pub use check::{CheckRequest, VersionCheck, check};
pub use fix::fix_versions;
pub use publisher::{PublisherCheck, PublishingPlace, check_publisher};
pub use version::VersionGate;
pub(crate) use version::{before_build, version_problem};
