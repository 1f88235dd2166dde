//! Local headers: each must say what the directory says, and together the entries must fill the file up to it.

use super::central::{DESCRIPTOR, MEANINGFUL};
use super::entry::{Entry, Method};
use super::extra::Extra;
use super::source::{Source, u16_at, u32_at, u64_at};
use super::{EntryProblem, ZipError};
use std::io::{Read, Seek};

const HEADER: u32 = 0x0403_4b50;
const HEADER_SIZE: u64 = 30;
const DESCRIPTOR_SIGNATURE: u32 = 0x0807_4b50;

/// Verifies all local headers in file order and records where the data begins.
pub(super) fn verify<R: Read + Seek>(
    source: &mut Source<R>,
    entries: &mut [Entry],
    directory_offset: u64,
) -> Result<(), ZipError> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|&index| entries[index].offset);
    let mut expected = 0;
    for (position, &index) in order.iter().enumerate() {
        let next = order.get(position + 1).map_or(directory_offset, |&after| entries[after].offset);
        let entry = &mut entries[index];
        if entry.offset > expected {
            return Err(ZipError::Gap { from: expected, to: entry.offset });
        }
        expected = verify_one(source, entry, next)
            .map_err(|failure| failure.at(entry.name.as_bytes(), entry.offset))?;
        debug_assert!(expected <= next, "an entry never ends behind the next");
    }
    if expected != directory_offset {
        return Err(ZipError::Gap { from: expected, to: directory_offset });
    }
    Ok(())
}

/// A problem of the entry, or a reader that failed.
enum Failure {
    Problem(EntryProblem),
    Reader(ZipError),
}

impl Failure {
    fn at(self, name: &[u8], offset: u64) -> ZipError {
        match self {
            Self::Problem(problem) => ZipError::entry(name, offset, problem),
            Self::Reader(error) => error,
        }
    }
}

impl From<EntryProblem> for Failure {
    fn from(problem: EntryProblem) -> Self {
        Self::Problem(problem)
    }
}

impl From<ZipError> for Failure {
    fn from(error: ZipError) -> Self {
        Self::Reader(error)
    }
}

/// Returns where the entry ends; `limit` is where the next thing begins.
fn verify_one<R: Read + Seek>(source: &mut Source<R>, entry: &mut Entry, limit: u64) -> Result<u64, Failure> {
    let room = limit.saturating_sub(entry.offset);
    if room < HEADER_SIZE {
        return Err(EntryProblem::Overlap.into());
    }
    let header: [u8; 30] = source.record(entry.offset)?;
    if u32_at(&header, 0) != HEADER {
        return Err(EntryProblem::NoLocalHeader.into());
    }
    let (name_length, extra_length) = (u16_at(&header, 26), u16_at(&header, 28));
    let begin = HEADER_SIZE + u64::from(name_length) + u64::from(extra_length);
    let end_of_data = begin.checked_add(entry.compressed_size).filter(|&end| end <= room);
    let end_of_data = entry.offset + end_of_data.ok_or(EntryProblem::Overlap)?;
    let name = source.bytes(name_length)?;
    let extra_bytes = source.bytes(extra_length)?;
    if name != entry.name.as_bytes() {
        return Err(EntryProblem::Disagree("name").into());
    }
    let flags = u16_at(&header, 6);
    if (flags ^ entry.flags) & MEANINGFUL != 0 {
        return Err(EntryProblem::Disagree("flags").into());
    }
    let method = if entry.method == Method::Stored { 0 } else { 8 };
    if u16_at(&header, 8) != method {
        return Err(EntryProblem::Disagree("compression method").into());
    }
    entry.data_offset = entry.offset + begin;
    let extra = Extra::parse(&extra_bytes, &name)?;
    let sizes = extra.local_sizes(u32_at(&header, 22), u32_at(&header, 18))?;
    let crc = u32_at(&header, 14);
    if flags & DESCRIPTOR == 0 {
        if crc != entry.crc32 {
            return Err(EntryProblem::Disagree("checksum").into());
        }
        if sizes != (entry.size, entry.compressed_size) {
            return Err(EntryProblem::Disagree("sizes").into());
        }
        return Ok(end_of_data);
    }
    // The header of a streamed entry holds zeros, or already the truth.
    if (crc != 0 && crc != entry.crc32)
        || (sizes.0 != 0 && sizes.0 != entry.size)
        || (sizes.1 != 0 && sizes.1 != entry.compressed_size)
    {
        return Err(EntryProblem::Disagree("sizes").into());
    }
    verify_descriptor(source, entry, end_of_data, limit, extra.is_wide())
}

/// The descriptor fills exactly what is left up to the next entry; its form follows from that length.
fn verify_descriptor<R: Read + Seek>(
    source: &mut Source<R>,
    entry: &Entry,
    offset: u64,
    limit: u64,
    wide_allowed: bool,
) -> Result<u64, Failure> {
    let length = limit - offset;
    let signed = matches!(length, 16 | 24);
    let wide = matches!(length, 20 | 24);
    if !matches!(length, 12 | 16 | 20 | 24) || (wide && !wide_allowed) {
        return Err(EntryProblem::Descriptor.into());
    }
    source.seek(offset)?;
    let mut bytes = [0; 24];
    let bytes = &mut bytes[..usize::try_from(length).unwrap_or_default()];
    source.fill(bytes)?;
    let mut rest: &[u8] = bytes;
    if signed {
        if u32_at(rest, 0) != DESCRIPTOR_SIGNATURE {
            return Err(EntryProblem::Descriptor.into());
        }
        rest = &rest[4..];
    }
    let crc = u32_at(rest, 0);
    let (compressed, size) = if wide {
        (u64_at(rest, 4), u64_at(rest, 12))
    } else {
        (u64::from(u32_at(rest, 4)), u64::from(u32_at(rest, 8)))
    };
    if (crc, compressed, size) != (entry.crc32, entry.compressed_size, entry.size) {
        return Err(EntryProblem::Descriptor.into());
    }
    Ok(limit)
}
