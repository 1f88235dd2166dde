//! Least, median, greatest.

use std::time::Duration;

/// Measured times, in order.
#[derive(Debug)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Sorts what was measured; there must be something.
    pub(crate) fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// The middle one.
    pub(crate) fn median(&self) -> Duration {
        self.0[self.0.len() / 2]
    }

    /// One line for people.
    pub(crate) fn print(&self, what: &str) {
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        println!(
            "{what}: min {:.2} ms, median {:.2} ms, max {:.2} ms, {} runs",
            ms(self.0[0]),
            ms(self.median()),
            ms(self.0[self.0.len() - 1]),
            self.0.len()
        );
    }
}

/// How many times as long the first takes as the second.
pub(crate) fn ratio(first: &Times, second: &Times) -> f64 {
    first.median().as_secs_f64() / second.median().as_secs_f64()
}
