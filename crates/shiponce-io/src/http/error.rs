//! What went wrong between us and a peer, and what is known about the request afterwards.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use http::Method;

use super::Request;

type Cause = Box<dyn Error + Send + Sync>;

/// What the caller needs for its decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportKind {
    /// Surely nothing reached the peer; sending again cannot do anything twice.
    Unsent,
    /// The request may have been received and acted on.
    Interrupted,
    /// A limit of [`super::Limits`] passed.
    Timeout {
        /// Whether the request may have reached the peer.
        sent: bool,
    },
    /// The answer is larger than allowed; the request was received.
    TooLarge,
    /// The answer came and could not be stored on our side; the request was received.
    Local,
}

impl TransportKind {
    /// Whether the peer may have acted on the request.
    #[must_use]
    pub fn maybe_sent(self) -> bool {
        match self {
            Self::Unsent => false,
            Self::Timeout { sent } => sent,
            Self::Interrupted | Self::TooLarge | Self::Local => true,
        }
    }
}

/// Where in an exchange something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Looking up the host name.
    Resolve,
    /// Opening the connection, through a proxy if there is one.
    Connect,
    /// Agreeing on TLS; certificates are checked here.
    Tls,
    /// Sending the request or waiting for the answer's head.
    Exchange,
    /// Reading the answer's body.
    Receive,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Resolve => "looking up the host",
            Self::Connect => "connecting",
            Self::Tls => "agreeing on TLS",
            Self::Exchange => "waiting for the answer",
            Self::Receive => "reading the answer",
        })
    }
}

/// Whom a request went to, in a form that may be printed: method, host and port only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The method of the request.
    pub method: Method,
    /// Host, with the port when it is not the scheme's own.
    pub host: String,
}

impl Peer {
    /// The peer of a request.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let host = request.url.host_str().unwrap_or("(no host)");
        let host = match request.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        Self { method: request.method.clone(), host }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to `{}`", self.method, self.host)
    }
}

/// Why no (whole) answer was had.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The request cannot be put on the wire at all.
    #[error("invalid request, {peer}")]
    Invalid {
        /// Method and host.
        peer: Peer,
        /// What is wrong with it.
        source: Cause,
    },
    /// The body could not be opened; nothing was sent.
    #[error("could not open the body of {peer}")]
    OpenBody {
        /// Method and host.
        peer: Peer,
        /// The failure of the source.
        source: io::Error,
    },
    /// The body failed while it was being sent.
    #[error("could not read the body of {peer}")]
    ReadBody {
        /// Method and host.
        peer: Peer,
        /// The failure of the source, or its wrong length.
        source: io::Error,
    },
    /// No connection was made.
    #[error("{peer} failed while {phase}")]
    Connect {
        /// Method and host.
        peer: Peer,
        /// [`Phase::Resolve`], [`Phase::Connect`] or [`Phase::Tls`].
        phase: Phase,
        /// The failure below.
        source: Cause,
    },
    /// The connection failed before our request was put on it (a kept connection that had been closed).
    #[error("{peer} found its connection closed before anything was sent")]
    Closed {
        /// Method and host.
        peer: Peer,
        /// The failure below.
        source: Cause,
    },
    /// The exchange broke off.
    #[error("{peer} broke off while {phase}")]
    Interrupted {
        /// Method and host.
        peer: Peer,
        /// [`Phase::Exchange`] or [`Phase::Receive`].
        phase: Phase,
        /// The failure below.
        source: Cause,
    },
    /// A limit passed.
    #[error("{peer} took longer than {} while {phase}", seconds(.limit))]
    Timeout {
        /// Method and host.
        peer: Peer,
        /// What was being done.
        phase: Phase,
        /// The limit that passed.
        limit: Duration,
        /// Whether the request may have reached the peer.
        sent: bool,
    },
    /// The answer's body exceeds the limit.
    #[error("the answer of {peer} is larger than {limit} bytes")]
    TooLarge {
        /// Method and host.
        peer: Peer,
        /// The limit in bytes.
        limit: u64,
    },
    /// The answer could not be written to where the caller wanted it.
    #[error("could not store the answer of {peer}")]
    Store {
        /// Method and host.
        peer: Peer,
        /// The failure of the caller's writer.
        source: io::Error,
    },
}

impl TransportError {
    /// What is known about the request.
    #[must_use]
    pub fn kind(&self) -> TransportKind {
        match self {
            Self::Invalid { .. } | Self::OpenBody { .. } | Self::Connect { .. } | Self::Closed { .. } => {
                TransportKind::Unsent
            }
            Self::ReadBody { .. } | Self::Interrupted { .. } => TransportKind::Interrupted,
            Self::Timeout { sent, .. } => TransportKind::Timeout { sent: *sent },
            Self::TooLarge { .. } => TransportKind::TooLarge,
            Self::Store { .. } => TransportKind::Local,
        }
    }

    /// Method and host.
    #[must_use]
    pub fn peer(&self) -> &Peer {
        match self {
            Self::Invalid { peer, .. }
            | Self::OpenBody { peer, .. }
            | Self::ReadBody { peer, .. }
            | Self::Connect { peer, .. }
            | Self::Closed { peer, .. }
            | Self::Interrupted { peer, .. }
            | Self::Timeout { peer, .. }
            | Self::TooLarge { peer, .. }
            | Self::Store { peer, .. } => peer,
        }
    }
}

fn seconds(limit: &Duration) -> String {
    if limit.subsec_millis() == 0 {
        format!("{} s", limit.as_secs())
    } else {
        format!("{} ms", limit.as_millis())
    }
}
