//! A strict zip reader for wheels and zipped sdists.
//!
//! Installers, indexes and scanners read zip files in different ways: from the central directory or from the first
//! byte on, with local or central sizes, with the first or the last of two equal names. This reader accepts only
//! archives that all of them read alike, and names the entry and the byte where one does not.

mod central;
mod end;
mod entry;
mod error;
mod extra;
mod local;
mod read;
mod source;
mod write;

use source::Source;
use std::collections::HashMap;
use std::io::{Read, Seek};

pub use entry::{Entry, Method};
pub use error::{EntryProblem, ZipError};
pub(crate) use read::Copy;
pub(crate) use write::{Header, Writer};

/// What an archive may cost at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Number of entries.
    pub entries: u64,
    /// Size of the central directory in bytes.
    pub directory_bytes: u64,
    /// Sum of the unpacked sizes in bytes.
    pub unpacked_bytes: u64,
}

impl Default for Limits {
    /// Far above any real wheel: the largest have some 60 000 entries and 10 GB.
    fn default() -> Self {
        Self { entries: 200_000, directory_bytes: 64 << 20, unpacked_bytes: 64 << 30 }
    }
}

/// An opened archive whose structure has been verified. Contents are read on demand.
#[derive(Debug)]
pub struct Archive<R> {
    source: Source<R>,
    entries: Vec<Entry>,
    /// Keys are without the `/` of folders: `a` and `a/` are one path on disk.
    by_name: HashMap<String, usize>,
    comment: bool,
    descriptor: Option<String>,
}

impl<R: Read + Seek> Archive<R> {
    /// Reads and verifies the structure: end record, central directory and every local header.
    ///
    /// # Errors
    /// [`ZipError`] for everything that readers of zip files disagree on.
    pub fn open(reader: R) -> Result<Self, ZipError> {
        Self::open_with(reader, &Limits::default())
    }

    /// [`Archive::open`] with other limits.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub fn open_with(reader: R, limits: &Limits) -> Result<Self, ZipError> {
        let mut source = Source::new(reader)?;
        let end = end::find(&mut source, limits)?;
        let (mut entries, by_name) = central::read(&mut source, &end, limits)?;
        local::verify(&mut source, &mut entries, end.directory_offset)?;
        let descriptor = entries.iter().find(|entry| entry.has_descriptor).map(|entry| entry.name.clone());
        Ok(Self { source, entries, by_name, comment: end.has_comment, descriptor })
    }
}

impl<R> Archive<R> {
    /// The entries in the order of the central directory.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry called `name`.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        let index = *self.by_name.get(name.trim_end_matches('/'))?;
        self.entries.get(index).filter(|entry| entry.name == name)
    }

    /// Whether the archive as a whole has a comment. PyPI accepts one, although its documentation says otherwise.
    #[must_use]
    pub fn has_comment(&self) -> bool {
        self.comment
    }

    /// The first entry written by a streaming writer, with its sizes after the data. PyPI refuses these.
    #[must_use]
    pub fn first_descriptor(&self) -> Option<&str> {
        self.descriptor.as_deref()
    }

    /// The entries without the reader.
    #[must_use]
    pub fn into_entries(self) -> Vec<Entry> {
        self.entries
    }
}
