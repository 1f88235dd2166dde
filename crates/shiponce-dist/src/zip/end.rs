//! The end of the archive: where the central directory is and how many entries it has.

use super::source::{Source, u16_at, u32_at, u64_at};
use super::{Limits, ZipError};
use std::io::{Read, Seek};

const END: [u8; 4] = *b"PK\x05\x06";
const END64: u32 = 0x0606_4b50;
const LOCATOR64: u32 = 0x0706_4b50;
const END_SIZE: u64 = 22;
const END64_SIZE: u64 = 56;
const LOCATOR_SIZE: u64 = 20;

/// What the end records say, verified against each other and against the size of the file.
#[derive(Debug)]
pub(super) struct End {
    pub(super) directory_offset: u64,
    pub(super) directory_end: u64,
    pub(super) entries: u64,
    pub(super) has_comment: bool,
}

/// Finds the end record. It must be the last thing in the file.
pub(super) fn find<R: Read + Seek>(source: &mut Source<R>, limits: &Limits) -> Result<End, ZipError> {
    let tail_size = source.size.min(END_SIZE + u64::from(u16::MAX));
    let tail_offset = source.size - tail_size;
    let mut tail = vec![0; usize::try_from(tail_size).unwrap_or_default()];
    source.seek(tail_offset)?;
    source.fill(&mut tail)?;
    // Only where a whole record can follow.
    let places = tail.len().saturating_sub(21);
    let signatures: Vec<usize> = (0..places).filter(|&at| tail[at..].starts_with(&END)).collect();
    let Some(&found) = signatures.last() else { return Err(ZipError::NoEnd) };
    let offset = tail_offset + found as u64;
    let ends_at = |at: usize| at + 22 + usize::from(u16_at(&tail, at + 20));
    let fitting = signatures.iter().filter(|&&at| ends_at(at) == tail.len()).count();
    // Some readers take the last signature, others the first whose comment reaches the end of the file.
    match (ends_at(found) == tail.len(), fitting) {
        (true, 1) => {}
        (_, 0) => {
            let end = ends_at(found).min(tail.len());
            return Err(ZipError::TrailingData { offset: tail_offset + end as u64 });
        }
        _ => return Err(ZipError::AmbiguousEnd { offset }),
    }
    let has_comment = u16_at(&tail, found + 20) > 0;
    resolve(source, &tail[found..found + 22], offset, has_comment, limits)
}

fn resolve<R: Read + Seek>(
    source: &mut Source<R>,
    record: &[u8],
    offset: u64,
    has_comment: bool,
    limits: &Limits,
) -> Result<End, ZipError> {
    let (disk, directory_disk) = (u16_at(record, 4), u16_at(record, 6));
    let (here, total) = (u16_at(record, 8), u16_at(record, 10));
    if disk != 0 || directory_disk != 0 || here != total {
        return Err(ZipError::Split { offset });
    }
    let (size, start) = (u32_at(record, 12), u32_at(record, 16));
    let mut end = End {
        directory_offset: u64::from(start),
        directory_end: offset,
        entries: u64::from(total),
        has_comment,
    };
    let mut directory_size = u64::from(size);
    if let Some(wide) = zip64(source, offset)? {
        let agrees = |narrow: u64, wide: u64, full: u64| narrow == full || narrow == wide;
        if !agrees(u64::from(total), wide.entries, 0xffff)
            || !agrees(u64::from(size), wide.size, 0xffff_ffff)
            || !agrees(u64::from(start), wide.start, 0xffff_ffff)
        {
            return Err(ZipError::Zip64End {
                offset: wide.offset,
                reason: "it disagrees with the end record",
            });
        }
        end.entries = wide.entries;
        end.directory_offset = wide.start;
        end.directory_end = wide.offset;
        directory_size = wide.size;
    } else if total == u16::MAX || size == u32::MAX || start == u32::MAX {
        return Err(ZipError::Zip64End { offset, reason: "the end record refers to it and it is missing" });
    }
    if end.directory_offset.checked_add(directory_size) != Some(end.directory_end) {
        return Err(ZipError::Misplaced {
            offset: end.directory_offset,
            size: directory_size,
            end: end.directory_end,
        });
    }
    if directory_size > limits.directory_bytes {
        return Err(ZipError::DirectoryTooLarge { declared: directory_size, limit: limits.directory_bytes });
    }
    if end.entries > limits.entries {
        return Err(ZipError::TooManyEntries { declared: end.entries, limit: limits.entries });
    }
    Ok(end)
}

struct Wide {
    offset: u64,
    entries: u64,
    size: u64,
    start: u64,
}

/// The zip64 end record, when a locator stands right before the end record.
fn zip64<R: Read + Seek>(source: &mut Source<R>, end_offset: u64) -> Result<Option<Wide>, ZipError> {
    let Some(locator_offset) = end_offset.checked_sub(LOCATOR_SIZE) else { return Ok(None) };
    let locator: [u8; 20] = source.record(locator_offset)?;
    if u32_at(&locator, 0) != LOCATOR64 {
        return Ok(None);
    }
    if u32_at(&locator, 4) != 0 || u32_at(&locator, 16) != 1 {
        return Err(ZipError::Split { offset: locator_offset });
    }
    let offset = u64_at(&locator, 8);
    let wrong = |reason| ZipError::Zip64End { offset, reason };
    // Anything between record and locator would be its extensible data, which only some readers skip.
    if offset.checked_add(END64_SIZE) != Some(locator_offset) {
        return Err(wrong("it does not lie right before its locator"));
    }
    let record: [u8; 56] = source.record(offset)?;
    if u32_at(&record, 0) != END64 {
        return Err(wrong("it has another signature"));
    }
    if u64_at(&record, 4) != END64_SIZE - 12 {
        return Err(wrong("it has extensible data"));
    }
    if u32_at(&record, 16) != 0 || u32_at(&record, 20) != 0 || u64_at(&record, 24) != u64_at(&record, 32) {
        return Err(ZipError::Split { offset });
    }
    Ok(Some(Wide {
        offset,
        entries: u64_at(&record, 32),
        size: u64_at(&record, 40),
        start: u64_at(&record, 48),
    }))
}
