//! The central directory.

use super::end::End;
use super::entry::{Entry, Method};
use super::extra::{Extra, meaningless};
use super::source::{Source, u16_at, u32_at};
use super::{EntryProblem, Limits, ZipError};
use crate::member::{self, NameProblem};
use std::collections::HashMap;
use std::io::{Read, Seek};

const RECORD: u32 = 0x0201_4b50;
const RECORD_SIZE: u64 = 46;
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
const PATCH: u16 = 1 << 5;
const UTF8: u16 = 1 << 11;
/// Flags that change how an entry is read; the others are hints of the writer.
pub(super) const MEANINGFUL: u16 = ENCRYPTED | PATCH | UTF8 | DESCRIPTOR;
pub(super) const DESCRIPTOR: u16 = 1 << 3;
/// Deflate never gives more than 1032 bytes for one.
const DEFLATE_BEST: u64 = 1032;

/// Reads every record between the begin and the end of the directory.
pub(super) fn read<R: Read + Seek>(
    source: &mut Source<R>,
    end: &End,
    limits: &Limits,
) -> Result<(Vec<Entry>, HashMap<String, usize>), ZipError> {
    let mut entries = Vec::new();
    let mut by_name = HashMap::new();
    let mut unpacked: u64 = 0;
    source.seek(end.directory_offset)?;
    while source.position() < end.directory_end {
        let offset = source.position();
        let (entry, name) = read_record(source, end.directory_end)?;
        let wrong = |problem| ZipError::entry(&name, offset, problem);
        if entries.len() as u64 == end.entries {
            return Err(ZipError::Count { declared: end.entries });
        }
        // `a` and `a/` are one path on disk.
        if by_name.insert(entry.name.trim_end_matches('/').to_owned(), entries.len()).is_some() {
            return Err(wrong(EntryProblem::Duplicate));
        }
        unpacked = unpacked.saturating_add(entry.size);
        if unpacked > limits.unpacked_bytes {
            return Err(ZipError::TooLarge { limit: limits.unpacked_bytes });
        }
        entries.push(entry);
    }
    if entries.len() as u64 != end.entries {
        return Err(ZipError::Count { declared: end.entries });
    }
    Ok((entries, by_name))
}

fn read_record<R: Read + Seek>(source: &mut Source<R>, end: u64) -> Result<(Entry, Vec<u8>), ZipError> {
    let offset = source.position();
    if end - offset < RECORD_SIZE {
        return Err(ZipError::NotARecord { offset });
    }
    let record: [u8; 46] = source.record(offset)?;
    if u32_at(&record, 0) != RECORD {
        return Err(ZipError::NotARecord { offset });
    }
    let lengths = [28, 30, 32].map(|at| u16_at(&record, at));
    let variable: u64 = lengths.iter().copied().map(u64::from).sum();
    if end - source.position() < variable {
        return Err(ZipError::NotARecord { offset });
    }
    let name = source.bytes(lengths[0])?;
    let extra = source.bytes(lengths[1])?;
    let after = source.position() + u64::from(lengths[2]);
    source.seek(after)?;
    match entry(&record, &name, &extra, lengths[2] > 0) {
        Ok(entry) => Ok((entry, name)),
        Err(problem) => Err(ZipError::entry(&name, offset, problem)),
    }
}

fn entry(record: &[u8; 46], name: &[u8], extra: &[u8], has_comment: bool) -> Result<Entry, EntryProblem> {
    let flags = u16_at(record, 8);
    if flags & ENCRYPTED != 0 {
        return Err(EntryProblem::Encrypted);
    }
    if flags & PATCH != 0 {
        return Err(EntryProblem::Patch);
    }
    let checked = member::check(name).map_err(EntryProblem::Name)?;
    if flags & UTF8 == 0 && !checked.is_ascii() {
        return Err(EntryProblem::Name(NameProblem::Unflagged));
    }
    let method = match u16_at(record, 10) {
        0 => Method::Stored,
        8 => Method::Deflated,
        other => return Err(EntryProblem::Method(other)),
    };
    let mut compressed_size = u64::from(u32_at(record, 20));
    let mut size = u64::from(u32_at(record, 24));
    let mut offset = u64::from(u32_at(record, 42));
    let mut disk = u32::from(u16_at(record, 34));
    Extra::parse(extra, name)?.widen([&mut size, &mut compressed_size, &mut offset], &mut disk)?;
    if disk != 0 {
        return Err(EntryProblem::Split);
    }
    let is_dir = checked.ends_with('/');
    if (is_dir && size > 0) || (method == Method::Stored && size != compressed_size) {
        return Err(EntryProblem::Sizes);
    }
    if size > compressed_size.saturating_add(1).saturating_mul(DEFLATE_BEST) {
        return Err(EntryProblem::Impossible { size, compressed: compressed_size });
    }
    let made_by_unix = record[5] == 3;
    let mode = u32_at(record, 38) >> 16;
    Ok(Entry {
        name: checked.to_owned(),
        size,
        compressed_size,
        crc32: u32_at(record, 16),
        method,
        offset,
        has_comment,
        has_descriptor: flags & DESCRIPTOR != 0,
        unix_mode: (made_by_unix && mode != 0).then_some(mode),
        modified: u32_at(record, 12),
        external_attributes: u32_at(record, 38),
        made_by: u16_at(record, 4),
        needed: u16_at(record, 6),
        internal_attributes: u16_at(record, 36),
        extra: meaningless(extra),
        data_offset: 0,
        flags,
    })
}
