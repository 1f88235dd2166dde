//! The store itself: opening it and reading from it.

use crate::artifact::{Artifact, VerifiedFile};
use crate::error::Error;
use crate::hash::{self, Seen};
use crate::layout::Layout;
use crate::lookup::{Lookup, Quarantined};
use crate::unfinished;
use shiponce_core::Sha256;
use shiponce_io::files::{Access, AtomicFile, Put};
use std::io::{self, Seek as _, SeekFrom};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// A directory of artifacts by digest. Clones are cheap and mean the same directory.
#[derive(Debug, Clone)]
pub struct Store {
    layout: Arc<Layout>,
}

impl Store {
    /// Opens a store, makes its directories (0700) when they are missing, and clears away what killed writers left.
    ///
    /// # Errors
    /// When a directory cannot be made, belongs to somebody else, or has no file locks.
    pub fn open(directory: &Path) -> Result<Self, Error> {
        let layout = Arc::new(Layout::make(directory)?);
        unfinished::sweep(&layout)?;
        Ok(Self { layout })
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Whether there is an entry for the digest. Cheap, hence only a hint: its bytes are not looked at.
    ///
    /// # Errors
    /// When the directory cannot be looked at.
    pub fn contains(&self, sha256: Sha256) -> Result<bool, Error> {
        let path = self.layout.entry(sha256);
        match fs_err::symlink_metadata(&path) {
            Ok(metadata) => Ok(metadata.is_file()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(source) => Err(Error::Read { path, source }),
        }
    }

    /// Opens an entry for reading, after reading it once to verify its digest.
    ///
    /// # Errors
    /// When the disk fails. Damaged bytes are no error but [`Lookup::Quarantined`].
    pub fn open_file(&self, sha256: Sha256) -> Result<Lookup<VerifiedFile>, Error> {
        self.verified(sha256)?.map(|(file, seen)| Ok(VerifiedFile::new(file, seen.size)))
    }

    /// The entry as a source that can be opened again for every attempt to send it, after verifying its digest.
    ///
    /// # Errors
    /// As [`Store::open_file`].
    pub fn artifact(&self, sha256: Sha256) -> Result<Lookup<Artifact>, Error> {
        self.verified(sha256)?.map(|(_, seen)| Ok(Artifact::new(self.layout.entry(sha256), seen)))
    }

    /// Copies an entry to `directory` under the name other programs know it by, whole or not at all, and durably. A
    /// file of that name with the same bytes is left as it is.
    ///
    /// # Errors
    /// [`Error::Filename`] when the name is a path, [`Error::Occupied`] when the place has other bytes, otherwise
    /// when the disk fails.
    pub fn materialise(
        &self,
        sha256: Sha256,
        filename: &str,
        directory: &Path,
    ) -> Result<Lookup<PathBuf>, Error> {
        let mut parts = Path::new(filename).components();
        if !matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == filename)
        {
            return Err(Error::Filename { filename: filename.to_owned() });
        }
        let path = directory.join(filename);
        self.verified(sha256)?.map(|(mut file, _)| {
            let place = |source| Error::Place { path: path.clone(), source };
            let mut copy = AtomicFile::create(&path, Access::Shared).map_err(place)?;
            io::copy(&mut file, &mut copy).map_err(|source| Error::CopyOut { path: path.clone(), source })?;
            if copy.commit_if_absent().map_err(place)? == Put::AlreadyThere {
                require_same(&path, sha256)?;
            }
            Ok(path)
        })
    }

    /// Opens an entry, reads it all, and stands at its first byte again.
    fn verified(&self, sha256: Sha256) -> Result<Lookup<(fs_err::File, Seen)>, Error> {
        let path = self.layout.entry(sha256);
        let failed = |source| Error::Read { path: path.clone(), source };
        let mut file = match fs_err::File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Lookup::Missing),
            Err(source) => return Err(failed(source)),
        };
        let seen = hash::read(&mut file).map_err(failed)?;
        if seen.sha256 != sha256 {
            return self.quarantine(sha256, seen.sha256).map(Lookup::Quarantined);
        }
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        Ok(Lookup::Found((file, seen)))
    }

    /// Moves a damaged entry out of the way.
    fn quarantine(&self, expected: Sha256, found: Sha256) -> Result<Quarantined, Error> {
        let path = self.layout.entry(expected);
        let failed = |source| Error::Quarantine { path: path.clone(), source };
        let quarantined = self.layout.quarantine().join(format!("{expected}.{found}"));
        let _names = unfinished::lock_store(&self.layout)?;
        // Another process may have moved it and stored good bytes since, hence it is read once more under the lock.
        let is_damaged = match fs_err::File::open(&path) {
            Ok(mut file) => hash::read(&mut file).map_err(failed)?.sha256 != expected,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(source) => return Err(failed(source)),
        };
        if is_damaged {
            fs_err::rename(&path, &quarantined).map_err(failed)?;
        }
        Ok(Quarantined { expected, found, path: quarantined })
    }
}

fn require_same(path: &Path, expected: Sha256) -> Result<(), Error> {
    let failed = |source| Error::CopyOut { path: path.to_owned(), source };
    let mut file = fs_err::File::open(path).map_err(failed)?;
    let found = hash::read(&mut file).map_err(failed)?.sha256;
    if found == expected {
        return Ok(());
    }
    Err(Error::Occupied { path: path.to_owned(), expected, found })
}
