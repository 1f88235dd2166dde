//! Who holds: an id, and the lock file that the operating system frees when the process dies.

use crate::error::Error;
use shiponce_io::files::{FileError, FileLock, private_folder};
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

/// The ending of lock files.
const EXTENSION: &str = "lock";

/// A random name for one holder: never a run id alone, or all legs of a build matrix would be one holder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HolderId(String);

/// A text that cannot be a holder's id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a holder id: expected 1 to 128 ASCII letters, digits, `-` and `_`")]
pub struct HolderIdError(pub String);

impl HolderId {
    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for HolderId {
    type Err = HolderIdError;

    /// The id is also the name of a lock file, so it must be a plain one.
    fn from_str(text: &str) -> Result<Self, HolderIdError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        if text.is_empty() || text.len() > 128 || !text.bytes().all(plain) {
            return Err(HolderIdError(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for HolderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A holder that lives as long as this value or a clone of it.
///
/// It keeps a file lock that children do not inherit and that the operating system frees however the process ends.
/// Whoever finds the lock free takes over at once.
#[derive(Debug, Clone)]
pub struct Holder {
    id: HolderId,
    _lock: Arc<FileLock>,
}

impl Holder {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &HolderId {
        &self.id
    }
}

/// The lock files of all holders of a ledger.
#[derive(Debug)]
pub(crate) struct LockFiles {
    directory: PathBuf,
}

impl LockFiles {
    pub(crate) fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// Takes the lock file of a new holder.
    pub(crate) fn hold(&self, id: HolderId) -> Result<Holder, Error> {
        private_folder(&self.directory).map_err(|source| self.failed(source))?;
        match FileLock::try_lock(self.path(id.as_str())).map_err(|source| self.failed(source))? {
            Some(lock) => Ok(Holder { id, _lock: Arc::new(lock) }),
            None => Err(Error::HolderTaken { holder: id.0 }),
        }
    }

    /// Whether the process of a holder is known to be dead. Only asked about holders in the ledger, whose files were
    /// made before: a missing file is one that was cleared away after its holder died. When the file cannot be
    /// looked at, nothing is known, and the TTL decides.
    pub(crate) fn is_gone(&self, holder: &str) -> bool {
        let path = self.path(holder);
        match fs_err::symlink_metadata(&path) {
            Ok(_) => matches!(FileLock::try_lock(path), Ok(Some(_))),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        }
    }

    /// Removes the files of dead holders. The caller is inside a write transaction: a new holder makes and locks its
    /// file inside another one, so a file seen here that is not locked belongs to nobody.
    pub(crate) fn clear_dead(&self) -> Result<(), Error> {
        let failed = |source| self.failed(FileError::Read { path: self.directory.clone(), source });
        let entries = match fs_err::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed(error)),
        };
        for entry in entries {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_none_or(|extension| extension != EXTENSION) {
                continue;
            }
            // Held while it is removed.
            if let Ok(Some(_lock)) = FileLock::try_lock(&path) {
                fs_err::remove_file(&path).map_err(failed)?;
            }
        }
        Ok(())
    }

    fn path(&self, holder: &str) -> PathBuf {
        self.directory.join(format!("{holder}.{EXTENSION}"))
    }

    fn failed(&self, source: FileError) -> Error {
        Error::LockFiles { path: self.directory.clone(), source }
    }
}
