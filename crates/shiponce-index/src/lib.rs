//! Package indexes: what they hold, how bytes are handed to them, and what their answers mean.
//!
//! This is the only crate that speaks to package indexes. It tells facts apart (listed, absent, could not be read;
//! accepted, refused, unknown, not sent) and explains them; what to do about them is decided in `shiponce-core`.
//! Nothing here builds, decides to upload, or repeats an upload.

mod answers;
pub mod attestation;
mod chain;
mod credential;
pub mod download;
mod explain;
mod index;
pub mod observe;
pub mod provenance;
mod redirect;
mod retry_after;
mod text;
mod token;
pub mod trusted;
pub mod upload;

pub use attestation::Attestation;
pub use credential::{Credential, Secure, SecureError};
pub use explain::Explanation;
pub use index::Index;
pub use observe::{Freshness, Observer, ReadOptions, Reading, Source, Surface};
pub use provenance::{CertificateError, Provenance, PublishedBy};
pub use token::{TokenError, check_token};
pub use upload::{Answer, AnswerClass, UploadOptions, Uploader};

/// How every request of this program introduces itself.
pub const USER_AGENT: &str = concat!("shiponce/", env!("CARGO_PKG_VERSION"));
