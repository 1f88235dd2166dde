//! From reqwest's errors to ours: what surely did not happen, and what may have.

use std::error::Error;

use super::activity::Activity;
use super::connect::ConnectTimedOut;
use crate::http::{Peer, Phase, TransportError};

/// Why no answer head came.
///
/// Everything that is not proven to be unsent counts as maybe sent. Proven are: no connection
/// (`is_connect`: name, TCP, proxy tunnel, TLS), and hyper's "canceled", which it gives only for a message
/// that never left its queue.
pub(super) fn exchange_failed(peer: Peer, error: reqwest::Error, activity: &Activity) -> TransportError {
    // The URL can carry a token in its path or query, and the peer is named already.
    let error = error.without_url();
    if let Some(source) = activity.take_body_failure() {
        return TransportError::ReadBody { peer, source };
    }
    if error.is_builder() {
        return TransportError::Invalid { peer, source: error.into() };
    }
    if error.is_connect() {
        if let Some(timed_out) = find::<ConnectTimedOut>(&error) {
            let limit = timed_out.limit;
            return TransportError::Timeout { peer, phase: Phase::Connect, limit, sent: false };
        }
        let phase = if error.is_dns() {
            Phase::Resolve
        } else if find::<rustls::Error>(&error).is_some() {
            Phase::Tls
        } else {
            Phase::Connect
        };
        return TransportError::Connect { peer, phase, source: error.into() };
    }
    if find::<hyper::Error>(&error).is_some_and(hyper::Error::is_canceled) {
        return TransportError::Closed { peer, source: error.into() };
    }
    TransportError::Interrupted { peer, phase: Phase::Exchange, source: error.into() }
}

/// The first cause of type `T`, also looking into `io::Error`, which hides what it wraps from `source()`.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut current = Some(error);
    while let Some(cause) = current {
        if let Some(found) = cause.downcast_ref::<T>() {
            return Some(found);
        }
        current = match cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => cause.source(),
        };
    }
    None
}
