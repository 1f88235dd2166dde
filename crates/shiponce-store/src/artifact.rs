//! Bytes on their way out of the store.

use crate::hash::{CheckedReader, Seen};
use shiponce_core::Sha256;
use shiponce_io::http::BodySource;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// An open entry whose bytes were verified when it was opened.
#[derive(Debug)]
pub struct VerifiedFile {
    file: fs_err::File,
    size: u64,
}

impl VerifiedFile {
    pub(crate) fn new(file: fs_err::File, size: u64) -> Self {
        Self { file, size }
    }

    /// Size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }
}

impl Read for VerifiedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

impl Seek for VerifiedFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// A verified entry that can be opened again for every attempt to send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    path: PathBuf,
    seen: Seen,
}

impl Artifact {
    pub(crate) fn new(path: PathBuf, seen: Seen) -> Self {
        Self { path, seen }
    }

    /// Where its bytes lie. They must not be changed; give other programs a copy ([`crate::Store::materialise`]).
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.seen.size
    }

    /// Its digest.
    #[must_use]
    pub fn sha256(&self) -> Sha256 {
        self.seen.sha256
    }
}

impl BodySource for Artifact {
    fn length(&self) -> u64 {
        self.seen.size
    }

    /// Opens the bytes once more. The size is compared at once; the reader fails before its last bytes when their
    /// digest is another one, so no receiver ever gets the whole of a file that is not the artifact.
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let file = fs_err::File::open(&self.path)?;
        let size = file.metadata()?.len();
        if size != self.seen.size {
            let text = format!("`{}` has {size} bytes, expected {}", self.path.display(), self.seen.size);
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        Ok(Box::new(CheckedReader::new(file, self.seen)))
    }
}
