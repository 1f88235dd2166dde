//! The list of releases, which lags behind what was created.

use jiff::Timestamp;

use super::repository::Release;
use crate::fault::Lag;

/// What the list showed before each change, as long as somebody may still see it.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    pub(super) lag: Lag,
    past: Vec<Past>,
}

#[derive(Debug, Clone)]
struct Past {
    until: Timestamp,
    reads: u32,
    releases: Vec<Release>,
}

impl Lists {
    pub(super) fn changes(&mut self, before: &[Release], now: Timestamp) {
        let reads = match self.lag {
            Lag::None => return,
            Lag::Reads(reads) => reads,
            Lag::For(_) => 0,
        };
        self.past.push(Past { until: now, reads, releases: before.to_vec() });
    }

    /// The releases a list shows.
    pub(super) fn read(&mut self, current: &[Release], now: Timestamp) -> Vec<Release> {
        let seen = match self.lag {
            Lag::None => None,
            Lag::For(time) => {
                let time = jiff::SignedDuration::try_from(time).unwrap_or(jiff::SignedDuration::MAX);
                self.past.retain(|past| now.duration_since(past.until) < time);
                self.past.first()
            }
            Lag::Reads(_) => {
                self.past.retain(|past| past.reads > 0);
                self.past.iter_mut().for_each(|past| past.reads -= 1);
                self.past.first()
            }
        };
        seen.map_or_else(|| current.to_vec(), |past| past.releases.clone())
    }
}
