//! The machine's own clocks.

use std::time::Duration;

use jiff::Timestamp;

use super::{BootId, BootTime, Clock};
use crate::BoxFuture;

/// The machine's own clocks.
///
/// The boot clock is `CLOCK_BOOTTIME` with `/proc/sys/kernel/random/boot_id` on Linux. Elsewhere the boot
/// is unknown, so moments of different processes never compare (the file lock alone decides then); the
/// count is `CLOCK_MONOTONIC`, which on macOS goes on while the machine sleeps.
#[derive(Clone, Debug)]
pub struct SystemClock {
    boot: Option<BootId>,
    started: Duration,
}

impl SystemClock {
    /// Reads the boot id once.
    #[must_use]
    pub fn new() -> Self {
        Self { boot: read_boot_id(), started: raw_monotonic() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn monotonic(&self) -> Duration {
        raw_monotonic().saturating_sub(self.started)
    }

    fn boot(&self) -> BootTime {
        let micros = i64::try_from(raw_boot().as_micros()).unwrap_or(i64::MAX);
        BootTime { boot: self.boot.clone(), micros }
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        #[expect(clippy::disallowed_methods, reason = "this is the clock that everyone else must use")]
        Box::pin(tokio::time::sleep(duration))
    }
}

#[cfg(target_os = "linux")]
fn read_boot_id() -> Option<BootId> {
    let text = fs_err::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let id = text.trim();
    (!id.is_empty()).then(|| BootId::new(id))
}

#[cfg(not(target_os = "linux"))]
fn read_boot_id() -> Option<BootId> {
    None
}

#[cfg(unix)]
fn raw_monotonic() -> Duration {
    read(rustix::time::ClockId::Monotonic)
}

#[cfg(target_os = "linux")]
fn raw_boot() -> Duration {
    read(rustix::time::ClockId::Boottime)
}

#[cfg(not(target_os = "linux"))]
fn raw_boot() -> Duration {
    raw_monotonic()
}

#[cfg(unix)]
fn read(clock: rustix::time::ClockId) -> Duration {
    // Neither clock can be before its own start, so the conversion cannot fail.
    Duration::try_from(rustix::time::clock_gettime(clock)).unwrap_or_default()
}

#[cfg(not(unix))]
fn raw_monotonic() -> Duration {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everyone else must use")]
    START.get_or_init(Instant::now).elapsed()
}

#[cfg(test)]
mod tests {
    use super::SystemClock;
    use crate::Clock as _;
    use std::time::Duration;

    #[tokio::test]
    async fn all_three_clocks_run_forward() {
        let clock = SystemClock::new();
        let (wall, monotonic, boot) = (clock.now(), clock.monotonic(), clock.boot());
        clock.sleep(Duration::from_millis(5)).await;
        assert!(clock.now() > wall);
        assert!(clock.monotonic() >= monotonic + Duration::from_millis(5));
        let passed = clock.boot().since(&boot);
        if cfg!(target_os = "linux") {
            assert!(passed.unwrap() >= Duration::from_millis(5));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn two_clocks_of_one_machine_agree_on_the_boot() {
        let (one, other) = (SystemClock::new(), SystemClock::new());
        let earlier = one.boot();
        assert_eq!(earlier.boot.as_ref().map(|id| id.as_str().len()), Some(36));
        assert!(other.boot().since(&earlier).is_some());
    }
}
