//! Finds, reads, layers and explains the configuration of a run.
//!
//! Two stages: what was typed, with its places, and what it means, with its sources. [`resolve()`] does both and
//! touches nothing but files; [`Credentials`] then answers what each index authenticates with. Nothing is read
//! from the process: environment, home folder and flags come in as [`Inputs`].
//!
//! This crate makes no connection, starts no program and writes no file.

mod config;
mod credentials;
pub mod endpoints;
mod error;
mod explain;
mod fallback;
mod github;
mod index;
mod inputs;
mod mask;
mod matrix;
mod network;
mod place;
mod policy;
mod problem;
mod project;
mod raw;
mod reader;
mod resolve;
mod source;
mod suggest;
mod unsupported;
mod values;
mod variants;
mod workspace;

pub use config::{Build, Config, Gate, GroupTemplate, Verify, VersionProbe};
pub use credentials::{Choice, Credentials, GithubOffer, GithubToken, Offer, Oidc, Token, check_token};
pub use endpoints::{Endpoint, Endpoints, GithubEndpoint};
pub use error::{ConfigError, Origin};
pub use explain::{Row, show_sources};
pub use github::{GitHub, Notes};
pub use index::{Attestations, Index, PARALLEL_UPLOADS, Rules, TrustedPublishing};
pub use inputs::{Flags, Inputs, NameOf, Purpose};
pub use matrix::{Expect, Matrix};
pub use network::{HostUse, network_hosts};
pub use place::Place;
pub use policy::{Forbidden, Policy};
pub use project::{Project, ProjectForm, ProjectVersion};
pub use resolve::{resolve, resolve_member};
pub use source::{Source, Sourced};
pub use values::{Ledger, TagTemplate, VersionFile, index_identity};
pub use variants::Variant;
pub use workspace::{Member, SelectionError, Workspace};
