//! How patiently, how often and how much is read.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// Bounds of a reading.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// Attempts per address when the failure may pass: 5xx, 429, timeouts, broken connections.
    pub attempts: u32,
    /// Longest time for one reading, all attempts and pauses included.
    pub deadline: Duration,
    /// Longest time to connect.
    pub connect: Duration,
    /// Longest silence of the server.
    pub idle: Duration,
    /// The pause after the first failed attempt; each further one is twice as long. `Retry-After` wins over it.
    pub pause: Duration,
    /// Longest such pause.
    pub pause_max: Duration,
    /// Largest page in bytes.
    pub response_bytes: u64,
    /// How long [`super::Freshness::Cached`] may answer from the cache.
    pub ttl: Duration,
    /// The same for single indexes, by [`crate::Index::identity`]; it wins over `ttl`.
    pub ttl_by_index: BTreeMap<String, Duration>,
    /// A folder for the cache, made with mode 0700; `None` keeps it in memory.
    pub cache_folder: Option<PathBuf>,
    /// Whether that folder is only read: a dry run uses what is known and leaves no file behind.
    pub cache_read_only: bool,
}

impl Default for ReadOptions {
    /// 4 attempts within a minute, 15 s of silence, 64 MiB, and a cache of 10 minutes, PyPI's own `max-age`.
    fn default() -> Self {
        Self {
            attempts: 4,
            deadline: Duration::from_secs(60),
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(15),
            pause: Duration::from_millis(500),
            pause_max: Duration::from_secs(8),
            response_bytes: 64 << 20,
            ttl: Duration::from_secs(600),
            ttl_by_index: BTreeMap::new(),
            cache_folder: None,
            cache_read_only: false,
        }
    }
}

impl ReadOptions {
    /// The pause after failed attempt number `attempt`, counted from 1.
    pub(crate) fn pause_after(&self, attempt: u32) -> Duration {
        let doubled = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        self.pause.saturating_mul(doubled).min(self.pause_max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_their_limit() {
        let options = ReadOptions::default();
        let pauses = [1, 2, 3, 4, 5, 6, 40].map(|attempt| options.pause_after(attempt).as_millis());
        assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
    }
}
