//! The world in a process: two package indexes with the real service's own rules, a GitHub with releases, a runner
//! that issues identity tokens, faults, latency, and a log of every request.
//!
//! [`World::handle`] is the whole behaviour, synchronous and without any input or output of its own: a
//! request and the time go in, an answer comes out. [`Server`] and [`BlockingServer`] carry it over real
//! sockets.
//!
//! This crate depends on no other crate of the project. Its names, versions, metadata and archives are read
//! by code of its own and by other libraries, so that the product and its test world cannot share a bug.

mod account;
mod address;
mod answer;
mod attestation;
mod dispatch;
mod fault;
mod github;
mod oidc;
mod proxy;
mod read;
pub mod recorded;
mod route;
mod server;
mod text;
mod upload;
mod world;

pub use account::{Publisher, TokenSpec, User};
pub use address::{Addresses, Index};
pub use attestation::Attestation;
pub use fault::{FaultKind, FaultSpec, FaultSpecError, HANG, Lag};
pub use github::{
    AssetState, AssetView, Github, GithubAddresses, GithubToken, HandMade, Refs, ReleaseView, Repository,
    Tag, TokenKind,
};
pub use oidc::RunnerConfig;
pub use proxy::{ProxyAnswer, ProxyError, ProxyFuture, ProxyRequest, Upstream};
pub use server::{BlockingServer, Server};
pub use world::{
    Admission, Exchange, FileView, InFlight, IndexConfig, LogEntry, Moment, Observer, ProjectStatus,
    RouteKind, Switches, World, WorldConfig,
};
