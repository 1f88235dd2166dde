//! Progress bars, on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::{Mutex, PoisonError};

/// Files smaller than this are gone before a bar could be read.
const WORTH_A_BAR: u64 = 1 << 20;

/// The bar of the upload in flight.
#[derive(Debug)]
pub(super) struct Bars {
    enabled: bool,
    current: Mutex<Option<(String, ProgressBar)>>,
}

impl Bars {
    pub(super) fn new(enabled: bool) -> Self {
        Self { enabled, current: Mutex::new(None) }
    }

    pub(super) fn update(&self, filename: &str, sent: u64, total: u64) {
        if !self.enabled || total < WORTH_A_BAR {
            return;
        }
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_none_or(|(name, _)| name != filename) {
            if let Some((_, old)) = current.take() {
                old.finish_and_clear();
            }
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
            let style =
                ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_message(filename.to_owned());
            *current = Some((filename.to_owned(), bar));
        }
        if let Some((_, bar)) = current.as_ref() {
            bar.set_position(sent);
            if sent >= total {
                bar.finish_and_clear();
            }
        }
    }

    /// Runs `print` with the bar out of the way.
    pub(super) fn suspend(&self, print: impl FnOnce()) {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        match current.as_ref() {
            Some((_, bar)) if !bar.is_finished() => bar.suspend(print),
            _ => print(),
        }
    }

    pub(super) fn finish(&self) {
        if let Some((_, bar)) = self.current.lock().unwrap_or_else(PoisonError::into_inner).take() {
            bar.finish_and_clear();
        }
    }
}
