//! Files that appear whole, survive a power cut, or do not appear at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::{FileError, folder_of};

/// Beginning of the names of unfinished files. A killed process leaves them; they are never read.
const UNFINISHED_PREFIX: &str = ".shiponce-unfinished-";

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Its owner only (0600).
    Private,
    /// Whoever the user's umask lets; a file that is replaced keeps its permissions.
    Shared,
}

/// Whether [`put_if_absent`] put the file there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is there now.
    Created,
    /// Another was there before, and still is, untouched.
    AlreadyThere,
}

/// A file being written beside its final place. Dropped without a commit, it is gone.
#[derive(Debug)]
pub struct AtomicFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl AtomicFile {
    /// Begins a file that is to appear at `path`; its folder must exist.
    ///
    /// # Errors
    /// When no file can be made in that folder.
    pub fn create(path: impl Into<PathBuf>, access: Access) -> Result<Self, FileError> {
        let path = path.into();
        let mut builder = Builder::new();
        builder.prefix(UNFINISHED_PREFIX);
        if let Some(permissions) = permissions(&path, access) {
            builder.permissions(permissions);
        }
        match builder.tempfile_in(folder_of(&path)) {
            Ok(file) => Ok(Self { file, path }),
            Err(source) => Err(FileError::Write { path, source }),
        }
    }

    /// Makes the bytes durable and puts the file into its place, over whatever is there.
    ///
    /// # Errors
    /// When that fails; the old file is then still there, whole.
    pub fn commit(self) -> Result<(), FileError> {
        let Self { file, path } = self;
        file.as_file().sync_all().map_err(|source| FileError::Write { path: path.clone(), source })?;
        file.persist(&path)
            .map_err(|failed| FileError::Place { path: path.clone(), source: failed.error })?;
        sync_folder(folder_of(&path))
    }

    /// Makes the bytes durable and puts the file into its place unless something is there.
    ///
    /// # Errors
    /// When that fails.
    pub fn commit_if_absent(self) -> Result<Put, FileError> {
        let Self { file, path } = self;
        file.as_file().sync_all().map_err(|source| FileError::Write { path: path.clone(), source })?;
        let put = match file.persist_noclobber(&path) {
            Ok(_file) => Put::Created,
            Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => Put::AlreadyThere,
            Err(failed) => return Err(FileError::Place { path, source: failed.error }),
        };
        // Also when the other one won: it may not have come this far yet, and we are about to rely on it.
        sync_folder(folder_of(&path))?;
        Ok(put)
    }

    /// The unfinished file, for reading back what was written.
    #[must_use]
    pub fn unfinished_path(&self) -> &Path {
        self.file.path()
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Writes a file that is seen whole or not at all, replacing an older one.
///
/// # Errors
/// When that fails; the older file is then still there.
pub fn write_atomic(path: &Path, bytes: &[u8], access: Access) -> Result<(), FileError> {
    written(path, bytes, access)?.commit()
}

/// Writes a file unless there is one; of any number of writers exactly one gets [`Put::Created`].
///
/// # Errors
/// When that fails.
pub fn put_if_absent(path: &Path, bytes: &[u8], access: Access) -> Result<Put, FileError> {
    written(path, bytes, access)?.commit_if_absent()
}

fn written(path: &Path, bytes: &[u8], access: Access) -> Result<AtomicFile, FileError> {
    let mut file = AtomicFile::create(path, access)?;
    file.write_all(bytes).map_err(|source| FileError::Write { path: path.to_owned(), source })?;
    Ok(file)
}

/// Makes the names in a folder durable: without it a new file can be gone after a power cut although its
/// bytes were synced.
///
/// # Errors
/// When the system refuses.
pub fn sync_folder(folder: &Path) -> Result<(), FileError> {
    #[cfg(unix)]
    fs_err::File::open(folder)
        .and_then(|opened| opened.sync_all())
        .map_err(|source| FileError::SyncFolder { path: folder.to_owned(), source })?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(unix)]
fn permissions(path: &Path, access: Access) -> Option<std::fs::Permissions> {
    use std::os::unix::fs::PermissionsExt as _;
    match access {
        // What tempfile does by itself.
        Access::Private => None,
        Access::Shared => {
            let old = fs_err::metadata(path).ok().map(|metadata| metadata.permissions());
            Some(old.unwrap_or_else(|| std::fs::Permissions::from_mode(0o666)))
        }
    }
}

#[cfg(not(unix))]
fn permissions(_path: &Path, _access: Access) -> Option<std::fs::Permissions> {
    None
}
