//! Files in the zip archive of an artifact, found by size and digest. Anybody who can run a job may have written it, so
//! only members that can be the file are unpacked, by the strict reader, and only so many bytes.

use crate::fetch::Wanted;
use sha2::{Digest as _, Sha256 as Hasher};
use shiponce_core::Sha256;
use shiponce_dist::zip::{Archive, Entry, ZipError};
use std::io::{self, Read, Seek, Write};

/// A member that is one of the wanted files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) sha256: Sha256,
    pub(super) name: String,
}

/// Members that have the digest of a wanted file, whatever they are called. At most `allowance` bytes are unpacked.
///
/// # Errors
/// An archive that readers do not agree on; a member that may be a wanted file and is damaged.
pub(super) fn find<R: Read + Seek>(
    reader: R,
    wanted: &[Wanted<'_>],
    mut allowance: u64,
) -> Result<Vec<Member>, ZipError> {
    let mut archive = Archive::open(reader)?;
    let candidates: Vec<Entry> =
        archive.entries().iter().filter(|entry| may_be_wanted(entry, wanted)).cloned().collect();
    let mut found = Vec::new();
    for entry in candidates {
        let Some(left) = allowance.checked_sub(entry.size) else { continue };
        allowance = left;
        let mut hasher = Hasher::new();
        archive.stream(&entry.name, entry.size, &mut |chunk| hasher.update(chunk))?;
        let sha256 = Sha256(hasher.finalize().into());
        if wanted.iter().any(|file| file.sha256 == sha256) {
            found.push(Member { sha256, name: entry.name });
        }
    }
    Ok(found)
}

/// The size says it where the size is known, else the name.
fn may_be_wanted(entry: &Entry, wanted: &[Wanted<'_>]) -> bool {
    let base = entry.name.rsplit('/').next().unwrap_or_default();
    let fits = |file: &Wanted<'_>| file.size.map_or(base == file.name, |size| size == entry.size);
    !entry.is_dir() && !entry.is_symlink() && wanted.iter().any(fits)
}

/// Why a member was not unpacked.
#[derive(Debug, thiserror::Error)]
pub(super) enum ExtractError {
    /// The archive.
    #[error(transparent)]
    Archive(#[from] ZipError),
    /// The place for the bytes.
    #[error("the file could not be written")]
    Write(#[source] io::Error),
}

/// Unpacks one member.
pub(super) fn extract<R: Read + Seek>(
    reader: R,
    member: &str,
    sink: &mut dyn Write,
) -> Result<(), ExtractError> {
    let mut written = Ok(());
    Archive::open(reader)?.stream(member, u64::MAX, &mut |chunk| {
        if written.is_ok() {
            written = sink.write_all(chunk);
        }
    })?;
    written.map_err(ExtractError::Write)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;
    use zip::write::SimpleFileOptions;

    const FILE: &[u8] = b"the bytes of a wheel";

    fn archive(members: &[(&str, &[u8])]) -> Cursor<Vec<u8>> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        Cursor::new(writer.finish().unwrap().into_inner())
    }

    fn wanted(size: Option<u64>) -> [Wanted<'static>; 1] {
        [Wanted { name: "demo.whl", sha256: Sha256(Hasher::digest(FILE).into()), size }]
    }

    fn found(members: &[(&str, &[u8])], size: Option<u64>, allowance: u64) -> Vec<String> {
        let found = find(archive(members), &wanted(size), allowance).unwrap();
        found.into_iter().map(|member| member.name).collect()
    }

    #[test]
    fn a_file_is_found_by_its_digest_under_any_name() {
        let size = Some(FILE.len() as u64);
        assert_eq!(found(&[("notes.txt", b"x"), ("dist/other.whl", FILE)], size, 100), ["dist/other.whl"]);
        assert!(found(&[("demo.whl", b"other bytes, 20 long")], size, 100).is_empty());
    }

    #[test]
    fn without_a_size_the_name_says_what_is_read() {
        assert_eq!(found(&[("a/other.whl", FILE), ("a/demo.whl", FILE)], None, 100), ["a/demo.whl"]);
    }

    #[test]
    fn not_more_is_unpacked_than_allowed() {
        let size = Some(FILE.len() as u64);
        let other = [b'x'; FILE.len()];
        let members: [(&str, &[u8]); 2] = [("first", &other), ("second", FILE)];
        assert!(found(&members, size, 30).is_empty());
        assert_eq!(found(&members, size, 40), ["second"]);
    }

    #[test]
    fn an_archive_that_is_none_is_an_error() {
        assert!(find(Cursor::new(b"<html>".to_vec()), &wanted(None), 100).is_err());
        let mut cut = archive(&[("demo.whl", FILE)]).into_inner();
        cut.truncate(cut.len() - 3);
        assert!(find(Cursor::new(cut), &wanted(None), 100).is_err());
    }

    #[test]
    fn a_member_is_unpacked_and_a_full_disk_is_said() {
        let archive = archive(&[("demo.whl", FILE)]);
        let mut sink = Vec::new();
        extract(archive.clone(), "demo.whl", &mut sink).unwrap();
        assert_eq!(sink, FILE);
        let mut full = Cursor::new([0_u8; 4]);
        assert!(matches!(extract(archive, "demo.whl", &mut full), Err(ExtractError::Write(_))));
    }
}
