//! Locks that the system lets go of when their holder dies, however it dies.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::FileError;

/// An exclusive lock on a file, held until dropped or until this process ends.
///
/// The file stays: removing it would let two holders lock two different files of one name. Children do not
/// inherit it (close-on-exec), so a child that outlives us does not hold it.
#[derive(Debug)]
pub struct FileLock {
    _file: File,
    path: PathBuf,
}

impl FileLock {
    /// Takes the lock if nobody holds it; `None` when somebody does.
    ///
    /// # Errors
    /// When the file cannot be made or the system has no locks.
    pub fn try_lock(path: impl Into<PathBuf>) -> Result<Option<Self>, FileError> {
        let path = path.into();
        let file = open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file, path })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(failed(path, source)),
        }
    }

    /// Waits for the lock. It blocks its thread, without a limit: on an async runtime call it on a blocking
    /// thread, or use [`FileLock::try_lock`] with a [`crate::Clock`].
    ///
    /// # Errors
    /// As [`FileLock::try_lock`].
    pub fn lock(path: impl Into<PathBuf>) -> Result<Self, FileError> {
        let path = path.into();
        let file = open(&path)?;
        match file.lock() {
            Ok(()) => Ok(Self { _file: file, path }),
            Err(source) => Err(failed(path, source)),
        }
    }

    /// The lock file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn open(path: &Path) -> Result<File, FileError> {
    let mut options = fs_err::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(path).map_err(|source| FileError::Lock { path: path.to_owned(), source })?;
    Ok(file.into_parts().0)
}

fn failed(path: PathBuf, source: io::Error) -> FileError {
    if source.kind() == io::ErrorKind::Unsupported {
        FileError::LocksUnsupported { path }
    } else {
        FileError::Lock { path, source }
    }
}
