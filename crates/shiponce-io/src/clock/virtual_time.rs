//! A clock that takes no wall time.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::{BootId, BootTime, Clock};
use crate::BoxFuture;

/// Time that jumps to the next sleeper as soon as everyone sleeps.
///
/// It stands on tokio's paused time: make it inside `#[tokio::test(start_paused = true)]`. On a runtime
/// that is not paused it runs with real time, from `base`.
#[derive(Clone, Debug)]
pub struct VirtualClock {
    base: Timestamp,
    start: Instant,
    boot: Option<BootId>,
    uptime: Duration,
}

impl VirtualClock {
    /// A clock that shows `base` now, on a machine that has been up for an hour.
    #[must_use]
    pub fn new(base: Timestamp) -> Self {
        Self {
            base,
            start: Instant::now(),
            boot: Some(BootId::new("virtual-boot-1")),
            uptime: Duration::from_secs(3600),
        }
    }

    /// The same wall clock on a machine that has just started again: the boot clock is at zero and has
    /// another id.
    #[must_use]
    pub fn rebooted(&self, id: &str) -> Self {
        Self { base: self.now(), start: Instant::now(), boot: Some(BootId::new(id)), uptime: Duration::ZERO }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        let elapsed = SignedDuration::try_from(self.start.elapsed()).unwrap_or(SignedDuration::MAX);
        self.base.checked_add(elapsed).unwrap_or(Timestamp::MAX)
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }

    fn boot(&self) -> BootTime {
        let up = self.uptime.saturating_add(self.start.elapsed());
        BootTime { boot: self.boot.clone(), micros: i64::try_from(up.as_micros()).unwrap_or(i64::MAX) }
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        #[expect(clippy::disallowed_methods, reason = "this is the clock that everyone else must use")]
        Box::pin(tokio::time::sleep(duration))
    }
}

#[cfg(test)]
mod tests {
    use super::VirtualClock;
    use crate::Clock as _;
    use jiff::{Timestamp, ToSpan as _};
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn two_weeks_pass_at_once_and_in_order() {
        let base: Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
        let clock = VirtualClock::new(base);
        let two_weeks = Duration::from_secs(14 * 24 * 3600);
        let early = async {
            clock.sleep(Duration::from_secs(60)).await;
            clock.now()
        };
        let late = async {
            clock.sleep(two_weeks).await;
            clock.now()
        };
        let (early, late) = tokio::join!(early, late);
        assert_eq!(early, base + 60.seconds());
        assert_eq!(late, base + (14 * 24).hours());
        assert_eq!(clock.monotonic(), two_weeks);
    }

    #[tokio::test(start_paused = true)]
    async fn a_reboot_makes_boot_times_incomparable() {
        let clock = VirtualClock::new("2026-11-20T10:00:00Z".parse().unwrap());
        let before = clock.boot();
        clock.sleep(Duration::from_secs(9)).await;
        assert_eq!(clock.boot().since(&before), Some(Duration::from_secs(9)));
        let after = clock.rebooted("virtual-boot-2");
        assert_eq!(after.boot().since(&before), None);
        assert_eq!(after.now(), clock.now());
    }
}
