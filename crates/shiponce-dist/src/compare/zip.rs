//! Two zip files.

use super::contents::{HELD_MAX, content, first_difference};
use super::{CompareError, Difference, field, presence};
use crate::zip::{Archive, Entry, Method};
use fs_err::File;
use sha2::Sha256;
use std::path::Path;

pub(super) fn compare(first: &Path, second: &Path) -> Result<Vec<Difference>, CompareError> {
    let mut archives = [open(first)?, open(second)?];
    let [before, after] = [0, 1].map(|index| archives[index].entries().to_vec());
    let [names, others] =
        [&before, &after].map(|entries| entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>());
    let mut found = presence(&names, &others);
    for entry in &before {
        if let Some(other) = after.iter().find(|other| other.name == entry.name) {
            found.extend(fields(entry, other));
            found.extend(contents(&mut archives, entry, other)?);
        }
    }
    Ok(found)
}

fn open(path: &Path) -> Result<Archive<File>, CompareError> {
    Archive::open(File::open(path).map_err(CompareError::Read)?).map_err(CompareError::Zip)
}

fn fields(first: &Entry, second: &Entry) -> Vec<Difference> {
    let name = Some(first.name.as_str());
    let mode = |entry: &Entry| match entry.unix_mode {
        Some(mode) => format!("{mode:o}"),
        None => format!("{:#x}", entry.external_attributes),
    };
    let pairs = [
        ("time", dos_time(first.modified), dos_time(second.modified)),
        ("permissions", mode(first), mode(second)),
        ("compression", method(first).to_owned(), method(second).to_owned()),
        ("made by", first.made_by.to_string(), second.made_by.to_string()),
        ("extra fields", hex(&first.extra), hex(&second.extra)),
    ];
    pairs.into_iter().filter_map(|(what, a, b)| field(name, what, a, b)).collect()
}

fn method(entry: &Entry) -> &'static str {
    match entry.method {
        Method::Stored => "stored",
        Method::Deflated => "deflated",
    }
}

fn hex(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "none".to_owned();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn contents(
    archives: &mut [Archive<File>; 2],
    first: &Entry,
    second: &Entry,
) -> Result<Option<Difference>, CompareError> {
    let [left, right] = archives;
    let of = |archive: &mut Archive<File>| archive.digest::<Sha256>(&first.name).map_err(CompareError::Zip);
    if of(left)? == of(right)? {
        return Ok(None);
    }
    let offset = if first.size.max(second.size) <= HELD_MAX {
        let read =
            |archive: &mut Archive<File>| archive.read(&first.name, HELD_MAX).map_err(CompareError::Zip);
        Some(first_difference(&read(left)?, &read(right)?))
    } else {
        None
    };
    let what = content(offset, first.size, second.size);
    Ok(Some(Difference { entry: Some(first.name.clone()), what }))
}

/// The MS-DOS time as people write it. It has no zone: writers take their own.
fn dos_time(stamp: u32) -> String {
    let (date, time) = (stamp >> 16, stamp & 0xffff);
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
        1980 + (date >> 9),
        date >> 5 & 15,
        date & 31,
        time >> 11,
        time >> 5 & 63,
        (time & 31) * 2
    )
}
