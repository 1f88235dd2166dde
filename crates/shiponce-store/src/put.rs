//! Bytes on their way into the store.

use crate::error::Error;
use crate::hash::{self, CopyError};
use crate::lookup::{Lookup, Quarantined};
use crate::store::Store;
use crate::unfinished;
use shiponce_core::Sha256;
use shiponce_io::files::{private_folder, sync_folder};
use std::io;
use std::path::Path;

/// The bytes are in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Their digest.
    pub sha256: Sha256,
    /// Their size in bytes.
    pub size: u64,
    /// Whether this call put them there.
    pub is_new: bool,
    /// A damaged entry that they replaced.
    pub warning: Option<Quarantined>,
}

impl Store {
    /// Copies a file into the store under the digest it must have. When this returns, the entry survives a power cut.
    ///
    /// A store that has these bytes already (they are read and verified) does not look at `path`.
    ///
    /// # Errors
    /// [`Error::OtherBytes`] when the file has another digest; otherwise when the disk fails.
    pub fn put_file(&self, path: &Path, expected: Sha256) -> Result<Stored, Error> {
        let warning = match self.artifact(expected)? {
            Lookup::Found(artifact) => {
                let size = artifact.size();
                return Ok(Stored { sha256: expected, size, is_new: false, warning: None });
            }
            Lookup::Missing => None,
            Lookup::Quarantined(warning) => Some(warning),
        };
        let read = |source| Error::Source { path: path.to_owned(), source };
        let write = |source| Error::Write { sha256: expected, path: self.layout().root().to_owned(), source };
        let mut source = fs_err::File::open(path).map_err(read)?;
        let mut unfinished = unfinished::begin(self.layout(), expected)?;
        let seen = hash::copy(&mut source, unfinished.file.as_file_mut()).map_err(|error| match error {
            CopyError::Read(error) => read(error),
            CopyError::Write(error) => write(error),
        })?;
        if seen.sha256 != expected {
            return Err(Error::OtherBytes { path: path.to_owned(), expected, found: seen.sha256 });
        }
        unfinished.file.as_file().sync_all().map_err(write)?;
        let shelf = self.layout().shelf(expected);
        let directory = |source| Error::Directory { path: shelf.clone(), source };
        private_folder(&shelf).map_err(directory)?;
        let is_new = match unfinished.file.persist_noclobber(self.layout().entry(expected)) {
            Ok(_) => true,
            // Another process was faster; its bytes are checked like all others whenever they are read.
            Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => false,
            Err(failed) => return Err(write(failed.error)),
        };
        // The entry's name, then the shelf's, which may be new as well.
        sync_folder(&shelf).map_err(directory)?;
        sync_folder(&self.layout().objects()).map_err(directory)?;
        Ok(Stored { sha256: expected, size: seen.size, is_new, warning })
    }
}
