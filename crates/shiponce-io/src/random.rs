//! Ids that nobody else has, behind a trait, so that a test's ids are the same every time.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::{Builder, Uuid};

use crate::Clock;

/// Gives out ids.
pub trait Ids: Send + Sync + Debug {
    /// A new UUID of version 7 (RFC 9562): sorts by the millisecond in which it was made.
    fn uuid(&self) -> Uuid;
}

/// Ids from the clock and the system's randomness.
#[derive(Clone, Debug)]
pub struct RandomIds {
    clock: Arc<dyn Clock>,
}

impl RandomIds {
    /// Ids that carry the time of `clock`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }
}

impl Ids for RandomIds {
    fn uuid(&self) -> Uuid {
        let random = Uuid::new_v4().into_bytes();
        let mut entropy = [0; 10];
        // Bytes 6 and 8 of a version 4 UUID hold version and variant; the others are random.
        entropy[..6].copy_from_slice(&random[..6]);
        entropy[6..].copy_from_slice(&random[10..14]);
        version_seven(&*self.clock, entropy)
    }
}

/// Ids that count up: for tests, where two runs must print the same.
#[derive(Debug)]
pub struct CountingIds {
    clock: Arc<dyn Clock>,
    next: AtomicU64,
}

impl CountingIds {
    /// Ids that carry the time of `clock` and the numbers from 1.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, next: AtomicU64::new(1) }
    }
}

impl Ids for CountingIds {
    fn uuid(&self) -> Uuid {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut entropy = [0; 10];
        entropy[2..].copy_from_slice(&number.to_be_bytes());
        version_seven(&*self.clock, entropy)
    }
}

fn version_seven(clock: &dyn Clock, entropy: [u8; 10]) -> Uuid {
    let millis = u64::try_from(clock.now().as_millisecond()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &entropy).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::{CountingIds, Ids as _, RandomIds};
    use crate::{Clock as _, SystemClock, VirtualClock};
    use std::collections::BTreeSet;
    use std::sync::Arc;
    use std::time::Duration;

    #[test]
    fn random_ids_are_all_different_and_of_version_seven() {
        let ids = RandomIds::new(Arc::new(SystemClock::new()));
        let made: BTreeSet<_> = (0..10_000).map(|_| ids.uuid()).collect();
        assert_eq!(made.len(), 10_000);
        assert!(made.iter().all(|id| id.get_version_num() == 7));
    }

    #[tokio::test(start_paused = true)]
    async fn counting_ids_repeat_and_sort() {
        let clock = VirtualClock::new("2026-11-20T10:00:00Z".parse().unwrap());
        let ids = CountingIds::new(Arc::new(clock.clone()));
        let first = ids.uuid();
        let second = ids.uuid();
        clock.sleep(Duration::from_millis(1)).await;
        let third = ids.uuid();
        assert!(first < second && second < third);
        assert_eq!(first, CountingIds::new(Arc::new(clock.rebooted("x"))).uuid().min(first));
        insta::assert_snapshot!(first, @"01a1f866-0d00-7000-8000-000000000001");
    }
}
