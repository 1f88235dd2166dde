//! Where two contents differ.

use super::What;

/// Contents up to this size in bytes are held side by side to find the byte.
pub(super) const HELD_MAX: u64 = 64 << 20;

/// The first byte that differs; the shorter one's end when it is the beginning of the longer one.
pub(super) fn first_difference(first: &[u8], second: &[u8]) -> u64 {
    let place = first.iter().zip(second).position(|(a, b)| a != b);
    place.unwrap_or(first.len().min(second.len())) as u64
}

/// The difference of two contents.
pub(super) fn content(offset: Option<u64>, first: u64, second: u64) -> What {
    What::Content { offset, first, second }
}
