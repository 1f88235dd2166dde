//! A `.tar.gz` file with its top folder renamed and some contents replaced; headers, order and links stay.

use super::extension::{Pending, records};
use super::limited::Limited;
use super::{Limits, TarError};
use flate2::Compression;
use flate2::GzBuilder;
use flate2::bufread::MultiGzDecoder;
use std::collections::BTreeMap;
use std::io::{self, BufReader, Read, Write};
use tar::EntryType;

/// Size of a tar block in bytes.
const BLOCK: usize = 512;
/// Tar files are padded to this many bytes, as GNU tar and Python do.
const PADDING: u64 = 10_240;
/// The length of a name in a header.
const NAME_LENGTH: usize = 100;

/// What is to change.
#[derive(Debug, Default)]
pub(crate) struct Change {
    /// The folder at the top, before and after.
    pub(crate) root: (String, String),
    /// New contents by old name.
    pub(crate) contents: BTreeMap<String, Vec<u8>>,
}

/// Why a tar file was not rewritten.
#[derive(Debug)]
pub(crate) enum RewriteError {
    /// The old one cannot be read.
    Read(TarError),
    /// The new one cannot be written.
    Write(io::Error),
}

impl From<io::Error> for RewriteError {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

impl From<TarError> for RewriteError {
    fn from(error: TarError) -> Self {
        Self::Read(error)
    }
}

/// Copies the archive, which [`super::list`] has accepted, with changes. The gzip header keeps its time and has no
/// name, so equal input gives equal bytes.
pub(crate) fn rewrite(reader: impl Read, out: impl Write, change: &Change) -> Result<(), RewriteError> {
    let mut packed = BufReader::with_capacity(64 * 1024, reader);
    let mtime = {
        let first = io::BufRead::fill_buf(&mut packed).map_err(TarError::read)?;
        first.get(4..8).map_or(0, |time| u32::from_le_bytes([time[0], time[1], time[2], time[3]]))
    };
    let unpacked = MultiGzDecoder::new(packed);
    let mut archive = tar::Archive::new(Limited::new(unpacked, Limits::default().unpacked_bytes));
    // 255: the system is unknown, as Python writes it.
    let mut out = GzBuilder::new().mtime(mtime).operating_system(255).write(out, Compression::default());
    let mut written: u64 = 0;
    let mut pending = Pending::default();
    let mut pax: Vec<(String, Vec<u8>)> = Vec::new();
    for entry in archive.entries().map_err(TarError::read)?.raw(true) {
        let mut entry = entry.map_err(TarError::read)?;
        let mut header = entry.header().clone();
        match header.entry_type() {
            EntryType::XHeader => {
                let mut content = Vec::new();
                pending.take_in_content(&mut entry, &mut content)?;
                pax = kept_records(&content)?;
                continue;
            }
            EntryType::GNULongName | EntryType::GNULongLink => {
                pending.take_in(&mut entry)?;
                continue;
            }
            EntryType::XGlobalHeader => {
                written += copy(&mut out, header.as_bytes(), &mut entry)?;
                continue;
            }
            _ => {}
        }
        let (name, link) = pending.resolve(&entry)?;
        let kind = header.entry_type();
        let content = change.contents.get(&*String::from_utf8_lossy(&name));
        let name = moved(&name, change);
        let link = if kind == EntryType::Link { moved(&link, change) } else { link };
        let mut records = std::mem::take(&mut pax);
        place(&mut header, Field::Name, &name, &mut records);
        place(&mut header, Field::Link, &link, &mut records);
        if let Some(content) = content {
            header.set_size(content.len() as u64);
        }
        header.set_cksum();
        if !records.is_empty() {
            written += extension(&mut out, &header, &records)?;
        }
        written += match content {
            Some(content) => copy(&mut out, header.as_bytes(), &mut content.as_slice())?,
            None => copy(&mut out, header.as_bytes(), &mut entry)?,
        };
    }
    let end = (written + 2 * BLOCK as u64).next_multiple_of(PADDING);
    io::copy(&mut io::repeat(0).take(end - written), &mut out)?;
    out.finish()?.flush()?;
    Ok(())
}

/// Records that are not made anew: times, owners and comments.
fn kept_records(content: &[u8]) -> Result<Vec<(String, Vec<u8>)>, TarError> {
    let records = records(content).map_err(|problem| TarError::member(b"(extension header)", 0, problem))?;
    let kept = records.into_iter().filter(|(key, _)| !matches!(key.as_str(), "path" | "linkpath" | "size"));
    Ok(kept.map(|(key, value)| (key, value.to_vec())).collect())
}

/// A name below the new top folder.
fn moved(name: &[u8], change: &Change) -> Vec<u8> {
    let (old, new) = (change.root.0.as_bytes(), change.root.1.as_bytes());
    match name.strip_prefix(old) {
        Some(rest) if rest.is_empty() || rest.starts_with(b"/") => [new, rest].concat(),
        _ => name.to_vec(),
    }
}

#[derive(Clone, Copy)]
enum Field {
    Name,
    Link,
}

/// Puts a name into the header, or beside it when it is too long or not ASCII.
fn place(header: &mut tar::Header, field: Field, text: &[u8], records: &mut Vec<(String, Vec<u8>)>) {
    let fits = text.len() <= NAME_LENGTH && text.is_ascii();
    if !fits {
        let key = match field {
            Field::Name => "path",
            Field::Link => "linkpath",
        };
        records.push((key.to_owned(), text.to_vec()));
    }
    // Readers without PAX see a cut name, as other writers leave it.
    let short: Vec<u8> = text.iter().copied().filter(u8::is_ascii).take(NAME_LENGTH).collect();
    let is_ustar = header.as_ustar().is_some();
    let old = header.as_old_mut();
    let place = match field {
        Field::Name => &mut old.name,
        Field::Link => &mut old.linkname,
    };
    place.fill(0);
    place[..short.len()].copy_from_slice(&short);
    if is_ustar && matches!(field, Field::Name) {
        header.as_mut_bytes()[345..500].fill(0);
    }
}

/// A PAX header in front of `member`.
fn extension(
    out: &mut impl Write,
    member: &tar::Header,
    records: &[(String, Vec<u8>)],
) -> Result<u64, RewriteError> {
    let mut content = Vec::new();
    for (key, value) in records {
        content.extend(record(key, value));
    }
    let mut header = tar::Header::new_ustar();
    header.as_old_mut().name[..12].copy_from_slice(b"././@PaxHead");
    header.set_entry_type(EntryType::XHeader);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(member.mtime().unwrap_or(0));
    header.set_size(content.len() as u64);
    header.set_cksum();
    copy(out, header.as_bytes(), &mut content.as_slice())
}

/// `length key=value` and a line break, where the length counts itself.
fn record(key: &str, value: &[u8]) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let mut length = rest + 1;
    while length != rest + length.to_string().len() {
        length = rest + length.to_string().len();
    }
    [length.to_string().as_bytes(), b" ", key.as_bytes(), b"=", value, b"\n"].concat()
}

/// A header and its content, padded to whole blocks; gives the bytes written.
fn copy(out: &mut impl Write, header: &[u8], content: &mut impl Read) -> Result<u64, RewriteError> {
    out.write_all(header)?;
    let mut buffer = vec![0; 64 * 1024];
    let mut size: u64 = 0;
    loop {
        let read = content.read(&mut buffer).map_err(TarError::read)?;
        if read == 0 {
            break;
        }
        out.write_all(&buffer[..read])?;
        size += read as u64;
    }
    let padded = size.next_multiple_of(BLOCK as u64);
    io::copy(&mut io::repeat(0).take(padded - size), out)?;
    Ok(header.len() as u64 + padded)
}
