//! RECORD against the archive, both ways, with every digest computed.

use super::hash::{Algorithm, RecordHash, encode};
use super::{Record, Row};
use crate::zip::{Archive, ZipError};
use sha2::{Sha256, Sha384, Sha512};
use std::collections::HashSet;
use std::io::{Read, Seek};

/// One way in which RECORD and the archive differ.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordProblem {
    /// A file that RECORD does not list.
    #[error("`{0}` is not listed")]
    Unlisted(String),
    /// A listed file that is not there.
    #[error("`{0}` is listed and not in the wheel")]
    Absent(String),
    /// A file listed twice.
    #[error("`{0}` is listed twice")]
    Twice(String),
    /// No digest, or one that is too weak.
    #[error("`{path}` has the digest `{hash}`, not SHA-256 or stronger")]
    Weak {
        /// The file.
        path: String,
        /// The column as written.
        hash: String,
    },
    /// Another digest.
    #[error("`{path}` has {algorithm} {found}, not the listed {listed}")]
    Digest {
        /// The file.
        path: String,
        /// The algorithm that RECORD names.
        algorithm: Algorithm,
        /// What the bytes give.
        found: String,
        /// What RECORD says.
        listed: String,
    },
    /// Another size.
    #[error("`{path}` has {found} bytes, not the listed {listed}")]
    Size {
        /// The file.
        path: String,
        /// The size of the bytes.
        found: u64,
        /// What RECORD says.
        listed: String,
    },
}

/// Compares RECORD, which lies in `dist_info`, with every file of the archive.
///
/// RECORD itself and its signatures have no digest. Reading happens in the order of RECORD and needs flat memory.
///
/// # Errors
/// [`ZipError`] when an entry cannot be read or is damaged.
pub fn verify<R: Read + Seek>(
    archive: &mut Archive<R>,
    record: &Record,
    dist_info: &str,
) -> Result<Vec<RecordProblem>, ZipError> {
    let exempt = ["RECORD", "RECORD.jws", "RECORD.p7s"].map(|name| format!("{dist_info}/{name}"));
    let mut problems = Vec::new();
    let mut listed: HashSet<&str> = HashSet::with_capacity(record.rows.len());
    for row in &record.rows {
        if !listed.insert(&row.path) {
            problems.push(RecordProblem::Twice(row.path.clone()));
        } else if archive.entry(&row.path).is_none_or(crate::zip::Entry::is_dir) {
            // A signature may be announced before it is made.
            if !exempt[1..].contains(&row.path) {
                problems.push(RecordProblem::Absent(row.path.clone()));
            }
        } else if !exempt.contains(&row.path) {
            problems.extend(verify_row(archive, row)?);
        }
    }
    let unlisted = archive.entries().iter().filter(|entry| {
        !entry.is_dir() && !exempt.contains(&entry.name) && !listed.contains(entry.name.as_str())
    });
    problems.extend(unlisted.map(|entry| RecordProblem::Unlisted(entry.name.clone())));
    Ok(problems)
}

fn verify_row<R: Read + Seek>(
    archive: &mut Archive<R>,
    row: &Row,
) -> Result<Option<RecordProblem>, ZipError> {
    let path = || row.path.clone();
    let Some(hash) = RecordHash::parse(&row.hash) else {
        return Ok(Some(RecordProblem::Weak { path: path(), hash: row.hash.clone() }));
    };
    let (size, digest) = match hash.algorithm {
        Algorithm::Sha256 => archive.digest::<Sha256>(&row.path)?,
        Algorithm::Sha384 => archive.digest::<Sha384>(&row.path)?,
        Algorithm::Sha512 => archive.digest::<Sha512>(&row.path)?,
    };
    let found = encode(&digest);
    if found != hash.digest {
        return Ok(Some(RecordProblem::Digest {
            path: path(),
            algorithm: hash.algorithm,
            found,
            listed: hash.digest.to_owned(),
        }));
    }
    if !row.size.is_empty() && row.size.parse() != Ok(size) {
        return Ok(Some(RecordProblem::Size { path: path(), found: size, listed: row.size.clone() }));
    }
    Ok(None)
}
