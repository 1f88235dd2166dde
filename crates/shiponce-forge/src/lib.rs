//! GitHub: releases, their assets, tags, and the artifacts of workflow runs.
//!
//! This is the only crate that speaks to GitHub. It tells facts apart (there, not there, could not be read; done,
//! refused, unknown, not sent) and decides nothing: reads are tried a few times, a write is sent once, and whether a
//! write whose answer was lost may be sent again is decided by the caller, after looking.

mod answer;
mod artifacts;
mod assets;
pub mod changelog;
mod client;
mod download;
mod error;
mod notes;
mod pages;
mod rate_limit;
mod releases;
mod repository;
mod server;
mod tags;
mod text;
mod token;
mod wire;

pub use artifacts::Artifact;
pub use assets::{Asset, AssetState, NewAsset};
pub use client::{Client, Options};
pub use download::Fetched;
pub use error::{Error, Reason};
pub use notes::{GeneratedNotes, NotesRequest};
pub use rate_limit::{Limit, RateLimited};
pub use releases::{Latest, NewRelease, Release, ReleaseUpdate};
pub use repository::Access;
pub use server::Server;
pub use shiponce_core::RepositoryName;
pub use token::{Token, TokenKept};

/// How every request of this program introduces itself; GitHub refuses requests without a `User-Agent`.
pub const USER_AGENT: &str = concat!("shiponce/", env!("CARGO_PKG_VERSION"));
