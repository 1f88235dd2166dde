//! A zip writer for repacking: it decides nothing about time, permissions or compression, it writes what it is told.

use super::Method;
use super::central::DESCRIPTOR;
use std::io::{self, Write};

/// A value that needs the 64-bit field instead of its own.
const FULL: u64 = 0xffff_ffff;
/// The version of the format that knows 64-bit fields.
const ZIP64_NEEDED: u16 = 45;

/// Everything about one entry but its data.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) made_by: u16,
    pub(crate) needed: u16,
    /// Flags as the original has them; sizes always stand in front of the data.
    pub(crate) flags: u16,
    pub(crate) method: Method,
    pub(crate) modified: u32,
    pub(crate) crc32: u32,
    pub(crate) compressed_size: u64,
    pub(crate) size: u64,
    pub(crate) internal_attributes: u16,
    pub(crate) external_attributes: u32,
    pub(crate) local_extra: Vec<u8>,
    pub(crate) central_extra: Vec<u8>,
}

/// An archive under construction.
#[derive(Debug)]
pub(crate) struct Writer<W> {
    out: Counted<W>,
    directory: Vec<u8>,
    entries: u64,
}

#[derive(Debug)]
struct Counted<W> {
    inner: W,
    at: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.at += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Write> Writer<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out: Counted { inner: out, at: 0 }, directory: Vec::new(), entries: 0 }
    }

    /// Writes the local header and remembers the entry; its packed data must follow through [`Writer::data`].
    pub(crate) fn begin(&mut self, header: &Header) -> io::Result<()> {
        let offset = self.out.at;
        let wide = header.size >= FULL || header.compressed_size >= FULL;
        let mut local = b"PK\x03\x04".to_vec();
        let mut extra = header.local_extra.clone();
        if wide {
            field64(&mut extra, &[header.size, header.compressed_size]);
        }
        shared(&mut local, header, wide, wide, wide, &extra)?;
        self.out.write_all(&local)?;
        self.remember(header, offset)
    }

    /// Where the packed data of the entry begun last goes.
    pub(crate) fn data(&mut self) -> &mut dyn Write {
        &mut self.out
    }

    fn remember(&mut self, header: &Header, offset: u64) -> io::Result<()> {
        let [size, compressed] = [header.size, header.compressed_size].map(|value| value >= FULL);
        let values = [header.size, header.compressed_size, offset];
        let values: Vec<u64> = values.into_iter().filter(|value| *value >= FULL).collect();
        let mut extra = header.central_extra.clone();
        if !values.is_empty() {
            field64(&mut extra, &values);
        }
        let directory = &mut self.directory;
        directory.extend(b"PK\x01\x02");
        directory.extend(header.made_by.to_le_bytes());
        let mut record = Vec::new();
        shared(&mut record, header, !values.is_empty(), size, compressed, &extra)?;
        // Local records have name and extra field right behind the lengths; the directory has more in between.
        let tail = record.split_off(26);
        directory.extend(record);
        directory.extend([0; 4]);
        directory.extend(header.internal_attributes.to_le_bytes());
        directory.extend(header.external_attributes.to_le_bytes());
        directory.extend(narrow(offset).to_le_bytes());
        directory.extend(tail);
        self.entries += 1;
        Ok(())
    }

    /// Writes the directory and the end records.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        let (start, size) = (self.out.at, self.directory.len() as u64);
        self.out.write_all(&self.directory)?;
        let count = u16::try_from(self.entries).unwrap_or(u16::MAX);
        let mut end = Vec::new();
        if count == u16::MAX || size >= FULL || start >= FULL {
            let record = self.out.at;
            end.extend(b"PK\x06\x06");
            end.extend(44_u64.to_le_bytes());
            end.extend(ZIP64_NEEDED.to_le_bytes());
            end.extend(ZIP64_NEEDED.to_le_bytes());
            end.extend([0; 8]);
            for value in [self.entries, self.entries, size, start] {
                end.extend(value.to_le_bytes());
            }
            end.extend(b"PK\x06\x07\0\0\0\0");
            end.extend(record.to_le_bytes());
            end.extend(1_u32.to_le_bytes());
        }
        end.extend(b"PK\x05\x06\0\0\0\0");
        end.extend(count.to_le_bytes());
        end.extend(count.to_le_bytes());
        end.extend(narrow(size).to_le_bytes());
        end.extend(narrow(start).to_le_bytes());
        end.extend([0; 2]);
        self.out.write_all(&end)?;
        self.out.flush()
    }
}

/// The fields that local and central records share, from the needed version to the extra field.
fn shared(
    out: &mut Vec<u8>,
    header: &Header,
    wide: bool,
    wide_size: bool,
    wide_compressed: bool,
    extra: &[u8],
) -> io::Result<()> {
    let length = |bytes: &[u8]| u16::try_from(bytes.len()).map_err(|_| io::ErrorKind::InvalidInput);
    let (name_length, extra_length) = (length(header.name.as_bytes())?, length(extra)?);
    let needed = if wide { header.needed.max(ZIP64_NEEDED) } else { header.needed };
    out.extend(needed.to_le_bytes());
    out.extend((header.flags & !DESCRIPTOR).to_le_bytes());
    let method: u16 = if header.method == Method::Stored { 0 } else { 8 };
    out.extend(method.to_le_bytes());
    out.extend(header.modified.to_le_bytes());
    out.extend(header.crc32.to_le_bytes());
    out.extend(if wide_compressed { u32::MAX } else { narrow(header.compressed_size) }.to_le_bytes());
    out.extend(if wide_size { u32::MAX } else { narrow(header.size) }.to_le_bytes());
    out.extend(name_length.to_le_bytes());
    out.extend(extra_length.to_le_bytes());
    out.extend(header.name.as_bytes());
    out.extend(extra);
    Ok(())
}

fn narrow(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn field64(extra: &mut Vec<u8>, values: &[u64]) {
    extra.extend(1_u16.to_le_bytes());
    // At most three values of eight bytes.
    extra.extend(u16::try_from(values.len() * 8).unwrap_or(u16::MAX).to_le_bytes());
    for value in values {
        extra.extend(value.to_le_bytes());
    }
}
