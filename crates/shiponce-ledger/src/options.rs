//! How long things last.

use std::time::Duration;

/// How long leases live and how long calls wait.
#[derive(Debug, Clone)]
pub struct Options {
    /// Life of a lease, and of a seat in a queue, without a beat.
    pub ttl: Duration,
    /// How often the holder should beat.
    pub beat: Duration,
    /// How long before the end of its lease a holder stops beginning new effects.
    pub margin: Duration,
    /// How long a call waits while another process writes. Writes take milliseconds, so only a frozen process or a
    /// stalled disk uses it up.
    pub busy: Duration,
}

impl Options {
    /// TTL 30 s, beat 10 s, margin 5 s, waiting 20 s: two beats may be lost before a lease is.
    #[must_use]
    pub fn usual() -> Self {
        Self {
            ttl: Duration::from_secs(30),
            beat: Duration::from_secs(10),
            margin: Duration::from_secs(5),
            busy: Duration::from_secs(20),
        }
    }
}
