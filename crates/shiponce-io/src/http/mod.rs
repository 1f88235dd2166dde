//! HTTP behind one trait: the real network, and a world in memory under virtual time.
//!
//! A transport sends one request once. It never follows a redirect (a credential must not cross to
//! another host), never retries, and never turns a status code into an error: those are decisions,
//! and they belong to the caller. What it does promise is to tell apart "surely nothing was sent" from
//! "it may have been sent" ([`TransportKind`]), because only the first may be repeated blindly.

use std::fmt::Debug;

mod auth;
mod body;
mod error;
mod memory;
mod origins;
mod real;
mod request;
mod response;

pub use body::{Body, BodySource, FileBody};
pub use error::{Peer, Phase, TransportError, TransportKind};
pub use memory::{Handler, MemoryTransport};
pub use origins::OriginTransport;
pub use real::{
    ExtraRoots, ProxyChoice, ProxyRule, ProxyScope, RealTransport, SetupError, TransportOptions, Warning,
};
pub use request::{Limits, Progress, Request};
pub use response::{Chunks, Response, ResponseBody};

pub use crate::BoxFuture;

/// Sends one request and returns the answer, whatever its status.
pub trait Transport: Send + Sync + Debug {
    /// Sends `request` once. Dropping the future closes the connection; what was sent stays sent.
    ///
    /// # Errors
    /// When no answer head arrived; [`TransportError::kind`] says what is known about the request.
    fn send<'a>(&'a self, request: Request) -> BoxFuture<'a, Result<Response, TransportError>>;
}
