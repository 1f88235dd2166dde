//! Temporary folders that are removed also after their process was killed: by the next one.

use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{FileError, FileLock};

/// The file in a folder that is locked as long as its process lives.
const LOCK: &str = ".in-use";
/// Its name until it is locked: a folder that is being made must not look abandoned.
const LOCK_TO_BE: &str = ".in-use.new";

/// A folder of this process, readable by its user only, removed when it is dropped.
///
/// Where the system has no locks it is made all the same, and after a kill it stays.
#[derive(Debug)]
pub struct TempFolder {
    folder: TempDir,
    _lock: Option<FileLock>,
}

impl TempFolder {
    /// Makes a folder below `parent` whose name begins with `prefix`.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn create(parent: &Path, prefix: &str) -> Result<Self, FileError> {
        let failed = |path: &Path, source| FileError::PrivateFolder { path: path.to_owned(), source };
        let folder = tempfile::Builder::new()
            .prefix(prefix)
            .tempdir_in(parent)
            .map_err(|source| failed(parent, source))?;
        let made = folder.path().join(LOCK_TO_BE);
        let lock = match FileLock::try_lock(&made) {
            Ok(lock) => {
                fs_err::rename(&made, folder.path().join(LOCK))
                    .map_err(|source| failed(folder.path(), source))?;
                lock
            }
            Err(FileError::LocksUnsupported { .. }) => None,
            Err(error) => return Err(error),
        };
        Ok(Self { folder, _lock: lock })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Removes the folders of this user that killed processes left below `parent`: those whose lock is free. What
    /// cannot be removed stays for the next time. Returns the folders that are gone.
    pub fn sweep(parent: &Path, prefix: &str) -> Vec<PathBuf> {
        let Ok(entries) = fs_err::read_dir(parent) else { return Vec::new() };
        let ours = |path: &PathBuf| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix))
                && is_own_folder(path)
        };
        let left = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(ours);
        left.filter(|path| abandoned(path).is_ok_and(|gone| gone)).collect()
    }
}

/// Removes a folder whose lock is free. One without a lock file is being made, or is not ours.
fn abandoned(path: &Path) -> io::Result<bool> {
    let lock = path.join(LOCK);
    if !lock.is_file() {
        return Ok(false);
    }
    // Held to the end, so that two who sweep do not meet in one folder.
    let Ok(Some(_lock)) = FileLock::try_lock(&lock) else { return Ok(false) };
    // The lock file goes last: a child that outlived its process may still be writing, and what it puts there while
    // this goes on is for the next time.
    for entry in fs_err::read_dir(path)? {
        let entry = entry?;
        match entry.path() {
            inside if inside == lock => {}
            inside if entry.file_type()?.is_dir() => fs_err::remove_dir_all(inside)?,
            inside => fs_err::remove_file(inside)?,
        }
    }
    fs_err::remove_file(&lock)?;
    fs_err::remove_dir(path)?;
    Ok(true)
}

/// Others may write a shared temporary folder, and put there what they want removed.
#[cfg(unix)]
fn is_own_folder(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs_err::symlink_metadata(path)
        .is_ok_and(|about| about.is_dir() && about.uid() == rustix::process::geteuid().as_raw())
}

#[cfg(not(unix))]
fn is_own_folder(path: &Path) -> bool {
    fs_err::symlink_metadata(path).is_ok_and(|about| about.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_folders_of_the_dead_are_swept() {
        let parent = tempfile::tempdir().unwrap();
        let living = TempFolder::create(parent.path(), "demo-").unwrap();
        let name = |name: &str| parent.path().join(name);
        for folder in ["demo-dead", "demo-being-made", "other-dead"] {
            fs_err::create_dir(name(folder)).unwrap();
        }
        fs_err::create_dir(name("demo-dead/inside")).unwrap();
        fs_err::write(name("demo-dead/inside/file"), "").unwrap();
        for lock in ["demo-dead/.in-use", "demo-being-made/.in-use.new", "other-dead/.in-use"] {
            fs_err::write(name(lock), "").unwrap();
        }
        fs_err::write(name("demo-file"), "").unwrap();
        #[cfg(unix)]
        fs_err::os::unix::fs::symlink(name("other-dead"), name("demo-link")).unwrap();
        assert_eq!(TempFolder::sweep(parent.path(), "demo-"), [name("demo-dead")]);
        assert!(living.path().is_dir() && name("demo-being-made").is_dir() && name("other-dead").is_dir());
        let path = living.path().to_owned();
        drop(living);
        assert!(!path.exists(), "one that is given up removes itself");
        assert!(TempFolder::sweep(&name("nowhere"), "demo-").is_empty());
    }
}
