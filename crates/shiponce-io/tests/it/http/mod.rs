//! HTTP over real sockets, and the world in memory under virtual time.

mod failing;
mod h2;
mod meeting;
mod memory;
mod proxy;
mod server;
pub(crate) mod tls;
pub(crate) mod upload;

use std::time::Duration;

use shiponce_io::http::{Limits, RealTransport, TransportOptions};

/// A transport without a proxy.
pub(crate) fn transport() -> RealTransport {
    RealTransport::new(&TransportOptions::new("shiponce-test/1")).unwrap().0
}

/// Limits that no test reaches by accident.
pub(crate) fn patient() -> Limits {
    let long = Duration::from_secs(30);
    Limits { connect: long, idle: long, total: Some(long), response_bytes: 1 << 20 }
}
