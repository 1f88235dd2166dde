//! Two `.tar.gz` files.

use super::contents::{HELD_MAX, content, first_difference};
use super::{CompareError, Difference, field, presence};
use crate::tar::TarError;
use flate2::bufread::MultiGzDecoder;
use fs_err::File;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Read as _};
use std::path::Path;

/// Shown for a number that the header does not have.
const UNSET: &str = "unset";

fn number(value: std::io::Result<u64>) -> String {
    value.map_or_else(|_| UNSET.to_owned(), |number| number.to_string())
}

/// What is compared of one member.
struct Member {
    name: String,
    /// Values by their names, in the order of the sentences.
    values: Vec<(&'static str, String)>,
    size: u64,
    digest: [u8; 32],
}

pub(super) fn compare(first: &Path, second: &Path) -> Result<Vec<Difference>, CompareError> {
    let (time, before) = members(first)?;
    let (other_time, after) = members(second)?;
    let [names, others] =
        [&before, &after].map(|list| list.iter().map(|member| member.name.as_str()).collect::<Vec<_>>());
    let mut found: Vec<Difference> =
        field(None, "time of compression", time.to_string(), other_time.to_string()).into_iter().collect();
    found.extend(presence(&names, &others));
    let pairs: Vec<(&Member, &Member)> = before
        .iter()
        .filter_map(|member| Some((member, after.iter().find(|other| other.name == member.name)?)))
        .collect();
    let changed: BTreeSet<&str> = pairs
        .iter()
        .filter(|(a, b)| a.digest != b.digest && a.size.max(b.size) <= HELD_MAX)
        .map(|(a, _)| a.name.as_str())
        .collect();
    let (mut left, mut right) = (held(first, &changed)?, held(second, &changed)?);
    for (member, other) in pairs {
        for ((what, a), (_, b)) in member.values.iter().zip(&other.values) {
            found.extend(field(Some(&member.name), what, a.clone(), b.clone()));
        }
        if member.digest != other.digest {
            let both = left.remove(&member.name).zip(right.remove(&member.name));
            let offset = both.map(|(a, b)| first_difference(&a, &b));
            let what = content(offset, member.size, other.size);
            found.push(Difference { entry: Some(member.name.clone()), what });
        }
    }
    Ok(found)
}

/// The gzip header's time, and every member with its digest.
fn members(path: &Path) -> Result<(u32, Vec<Member>), CompareError> {
    let mut list = Vec::new();
    let time = each(path, |mut entry| {
        let header = entry.header().clone();
        let text = |value: Option<Option<&str>>| value.flatten().unwrap_or_default().to_owned();
        let mut pax = Vec::new();
        let mut time = number(header.mtime());
        for record in entry.pax_extensions()?.into_iter().flatten() {
            let record = record?;
            let value = String::from_utf8_lossy(record.value_bytes()).into_owned();
            match record.key().unwrap_or_default() {
                "path" | "linkpath" => {}
                // The exact time; the header has it rounded.
                "mtime" => time = value,
                key => pax.push(format!("{key}={value}")),
            }
        }
        let values = vec![
            ("time", time),
            ("permissions", header.mode().map_or_else(|_| UNSET.to_owned(), |mode| format!("{mode:o}"))),
            ("owner", format!("{}:{}", number(header.uid()), number(header.gid()))),
            ("user name", text(header.username().ok())),
            ("group name", text(header.groupname().ok())),
            ("kind", char::from(header.entry_type().as_byte()).to_string()),
            ("link", String::from_utf8_lossy(&entry.link_name_bytes().unwrap_or_default()).into_owned()),
            ("extended header", pax.join(" ")),
        ];
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let (size, mut digest) = (entry.size(), Sha256::new());
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match entry.read(&mut buffer)? {
                0 => break,
                read => digest.update(&buffer[..read]),
            }
        }
        list.push(Member { name, values, size, digest: digest.finalize().into() });
        Ok(())
    })?;
    Ok((time, list))
}

/// The contents of the members called `names`.
fn held(path: &Path, names: &BTreeSet<&str>) -> Result<BTreeMap<String, Vec<u8>>, CompareError> {
    let mut contents = BTreeMap::new();
    if names.is_empty() {
        return Ok(contents);
    }
    each(path, |mut entry| {
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if names.contains(name.as_str()) {
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            contents.insert(name, content);
        }
        Ok(())
    })?;
    Ok(contents)
}

type Unpacked = MultiGzDecoder<BufReader<File>>;

/// Runs `work` on every member of a file that the strict reader has accepted; gives the time of the gzip header.
fn each(
    path: &Path,
    mut work: impl FnMut(::tar::Entry<'_, Unpacked>) -> std::io::Result<()>,
) -> Result<u32, CompareError> {
    let failed = |error| CompareError::Tar(TarError::Read(error));
    let mut file = File::open(path).map_err(CompareError::Read)?;
    let mut header = [0; 10];
    file.read_exact(&mut header).map_err(CompareError::Read)?;
    std::io::Seek::rewind(&mut file).map_err(CompareError::Read)?;
    let mut archive = ::tar::Archive::new(MultiGzDecoder::new(BufReader::new(file)));
    for entry in archive.entries().map_err(failed)? {
        entry.and_then(&mut work).map_err(failed)?;
    }
    Ok(u32::from_le_bytes([header[4], header[5], header[6], header[7]]))
}
