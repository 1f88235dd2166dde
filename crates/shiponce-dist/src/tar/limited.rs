//! A reader that stops a decompression bomb.

use std::io::{self, Read};

/// Fails once more than `left` bytes were read.
#[derive(Debug)]
pub(super) struct Limited<R> {
    inner: R,
    limit: u64,
    left: u64,
}

/// What a [`Limited`] reader fails with.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("it unpacks to more than {0} bytes")]
pub(super) struct Exceeded(pub(super) u64);

impl<R> Limited<R> {
    pub(super) fn new(inner: R, limit: u64) -> Self {
        Self { inner, limit, left: limit }
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let exceeded = || io::Error::other(Exceeded(self.limit));
        self.left = self.left.checked_sub(read as u64).ok_or_else(exceeded)?;
        Ok(read)
    }
}
