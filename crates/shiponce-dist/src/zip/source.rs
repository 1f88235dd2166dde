//! A buffered reader that knows where it is, so that records in file order cost no extra reads.

use super::ZipError;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

#[derive(Debug)]
pub(super) struct Source<R> {
    inner: BufReader<R>,
    position: u64,
    pub(super) size: u64,
}

impl<R: Read + Seek> Source<R> {
    pub(super) fn new(mut reader: R) -> Result<Self, ZipError> {
        let at = |offset| move |source| ZipError::Read { offset, source };
        let size = reader.seek(SeekFrom::End(0)).map_err(at(0))?;
        reader.seek(SeekFrom::Start(0)).map_err(at(0))?;
        Ok(Self { inner: BufReader::with_capacity(32 * 1024, reader), position: 0, size })
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Moves to `offset`, keeping the buffer when the target lies in it.
    pub(super) fn seek(&mut self, offset: u64) -> Result<(), ZipError> {
        let moved = match i64::try_from(i128::from(offset) - i128::from(self.position)) {
            Ok(delta) => self.inner.seek_relative(delta),
            Err(_) => Err(io::ErrorKind::InvalidInput.into()),
        };
        moved.map_err(|source| ZipError::Read { offset, source })?;
        self.position = offset;
        Ok(())
    }

    /// Fills `buffer` from where the reader is.
    pub(super) fn fill(&mut self, buffer: &mut [u8]) -> Result<(), ZipError> {
        let offset = self.position;
        self.inner.read_exact(buffer).map_err(|source| ZipError::Read { offset, source })?;
        self.position += buffer.len() as u64;
        Ok(())
    }

    /// A record of `N` bytes at `offset`.
    pub(super) fn record<const N: usize>(&mut self, offset: u64) -> Result<[u8; N], ZipError> {
        self.seek(offset)?;
        let mut record = [0; N];
        self.fill(&mut record)?;
        Ok(record)
    }

    /// Variable-length bytes whose length comes from a 16-bit field.
    pub(super) fn bytes(&mut self, length: u16) -> Result<Vec<u8>, ZipError> {
        let mut bytes = vec![0; usize::from(length)];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// Runs `work` on the next `length` bytes and keeps track of what it consumed.
    pub(super) fn with_next<T>(
        &mut self,
        length: u64,
        work: impl FnOnce(&mut io::Take<&mut BufReader<R>>) -> T,
    ) -> T {
        let mut taken = (&mut self.inner).take(length);
        let result = work(&mut taken);
        self.position += length - taken.limit();
        result
    }
}

pub(super) fn u16_at(record: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([record[at], record[at + 1]])
}

pub(super) fn u32_at(record: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]])
}

pub(super) fn u64_at(record: &[u8], at: usize) -> u64 {
    u64::from(u32_at(record, at)) | u64::from(u32_at(record, at + 4)) << 32
}
