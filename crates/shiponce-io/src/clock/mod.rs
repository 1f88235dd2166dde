//! Time, as a value that comes from outside.
//!
//! Three clocks, because each lies in its own way: the wall clock can be set back, the monotonic clock
//! means nothing in another process, and the boot clock is the one that two processes on one machine share
//! and that goes on while the machine sleeps.

use std::fmt::{self, Debug};
use std::time::Duration;

use jiff::Timestamp;

use crate::BoxFuture;

mod system;
mod virtual_time;

pub use system::SystemClock;
pub use virtual_time::VirtualClock;

/// Reads and waits for time.
pub trait Clock: Send + Sync + Debug {
    /// The wall clock.
    fn now(&self) -> Timestamp;

    /// Time since some fixed moment of this process; never goes back.
    fn monotonic(&self) -> Duration;

    /// Time since the machine started, for comparing with other processes of the same machine.
    fn boot(&self) -> BootTime;

    /// Waits. Dropping the future ends the wait.
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()>;
}

/// A moment on the clock of one boot of one machine.
///
/// Leases in SQLite are judged by it: Rust's `Instant` stops while a laptop sleeps, and the wall clock can
/// be set back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootTime {
    /// Which boot; `None` where the system does not tell. Two unknown boots are never the same one.
    pub boot: Option<BootId>,
    /// Microseconds since that boot, time asleep included.
    pub micros: i64,
}

impl BootTime {
    /// Time passed since `earlier`, or `None` when the two cannot be compared: another boot, an unknown
    /// one, or a moment that is still to come.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Option<Duration> {
        if self.boot.is_none() || self.boot != earlier.boot {
            return None;
        }
        let micros = self.micros.checked_sub(earlier.micros)?;
        u64::try_from(micros).ok().map(Duration::from_micros)
    }
}

/// Names one boot of one machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BootId(String);

impl BootId {
    /// A boot id as it was stored or read.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BootId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{BootId, BootTime};
    use std::time::Duration;

    fn at(boot: Option<&str>, micros: i64) -> BootTime {
        BootTime { boot: boot.map(BootId::new), micros }
    }

    #[test]
    fn only_moments_of_one_known_boot_compare() {
        assert_eq!(at(Some("a"), 5).since(&at(Some("a"), 2)), Some(Duration::from_micros(3)));
        assert_eq!(at(Some("a"), 2).since(&at(Some("a"), 5)), None);
        assert_eq!(at(Some("a"), 5).since(&at(Some("b"), 2)), None);
        assert_eq!(at(None, 5).since(&at(None, 2)), None);
        assert_eq!(at(Some("a"), i64::MAX).since(&at(Some("a"), i64::MIN)), None);
    }
}
