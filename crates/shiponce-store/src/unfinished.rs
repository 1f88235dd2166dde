//! Entries being written, and what killed writers left of theirs.

use crate::error::Error;
use crate::layout::Layout;
use shiponce_core::Sha256;
use shiponce_io::files::{FileError, FileLock};
use tempfile::NamedTempFile;

/// A file in `unfinished/` that is locked as long as its writer lives.
#[derive(Debug)]
pub(crate) struct Unfinished {
    pub(crate) file: NamedTempFile,
    _lock: FileLock,
}

/// Takes the lock under which names change. Held for moments only, never while bytes are copied.
pub(crate) fn lock_store(layout: &Layout) -> Result<FileLock, Error> {
    FileLock::lock(layout.lock()).map_err(|source| Error::Lock { path: layout.root().to_owned(), source })
}

/// Makes and locks an unfinished file.
pub(crate) fn begin(layout: &Layout, sha256: Sha256) -> Result<Unfinished, Error> {
    let failed = |source| Error::Write { sha256, path: layout.root().to_owned(), source };
    // Between making and locking it looks like one whose writer died; nobody sweeps meanwhile.
    let _names = lock_store(layout)?;
    let file = NamedTempFile::new_in(layout.unfinished()).map_err(failed)?;
    let lock = FileLock::try_lock(file.path())
        .map_err(|source| Error::Lock { path: file.path().to_owned(), source })?
        .ok_or_else(|| failed(std::io::Error::other("the new file is locked by another process")))?;
    Ok(Unfinished { file, _lock: lock })
}

/// Removes unfinished files whose writers are dead, which their free locks prove.
pub(crate) fn sweep(layout: &Layout) -> Result<(), Error> {
    let folder = layout.unfinished();
    let failed = |source| Error::Directory {
        path: folder.clone(),
        source: FileError::Read { path: folder.clone(), source },
    };
    let _names = lock_store(layout)?;
    for entry in fs_err::read_dir(&folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if let Ok(Some(_lock)) = FileLock::try_lock(&path) {
            fs_err::remove_file(&path).map_err(failed)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_dead_writers_are_swept() {
        let directory = tempfile::tempdir().unwrap();
        let layout = Layout::make(directory.path()).unwrap();
        let living = begin(&layout, Sha256([0; 32])).unwrap();
        let dead = layout.unfinished().join("of-a-killed-writer");
        fs_err::write(&dead, b"half").unwrap();
        sweep(&layout).unwrap();
        assert!(!dead.exists());
        assert!(living.file.path().exists());
        let path = living.file.path().to_owned();
        drop(living);
        assert!(!path.exists(), "one that is given up removes itself");
    }
}
