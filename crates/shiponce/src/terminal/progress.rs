//! Progress bars, on a terminal only.

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Files smaller than this are gone before a bar could be read.
const WORTH_A_BAR: u64 = 1 << 20;

/// The bars of the uploads in flight, one below the other.
#[derive(Debug)]
pub(super) struct Bars {
    enabled: bool,
    all: MultiProgress,
    by_file: Mutex<BTreeMap<String, ProgressBar>>,
}

impl Bars {
    pub(super) fn new(enabled: bool) -> Self {
        let target = if enabled { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { enabled, all: MultiProgress::with_draw_target(target), by_file: Mutex::default() }
    }

    pub(super) fn update(&self, filename: &str, sent: u64, total: u64) {
        if !self.enabled || total < WORTH_A_BAR {
            return;
        }
        let mut bars = self.by_file.lock().unwrap_or_else(PoisonError::into_inner);
        if sent >= total {
            if let Some(bar) = bars.remove(filename) {
                self.clear(&bar);
            }
            return;
        }
        let bar = bars.entry(filename.to_owned()).or_insert_with(|| {
            let bar = self.all.add(ProgressBar::new(total));
            let style =
                ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_message(filename.to_owned());
            bar
        });
        bar.set_position(sent);
    }

    /// Runs `print` with the bars out of the way.
    pub(super) fn suspend(&self, print: impl FnOnce()) {
        if self.enabled { self.all.suspend(print) } else { print() }
    }

    pub(super) fn finish(&self) {
        for bar in std::mem::take(&mut *self.by_file.lock().unwrap_or_else(PoisonError::into_inner)).values()
        {
            self.clear(bar);
        }
    }

    fn clear(&self, bar: &ProgressBar) {
        bar.finish_and_clear();
        self.all.remove(bar);
    }
}
