//! Files that are whole or not there, that only their owner can read, and locks between processes.

mod atomic;
mod lock;
mod network;
mod private;
mod temp;

pub use atomic::{Access, AtomicFile, Put, put_if_absent, sync_folder, write_atomic};
pub use lock::FileLock;
pub use network::{FileSystem, file_system};
pub use private::{private_folder, read_secret_file};
pub use temp::TempFolder;

use std::io;
use std::path::{Path, PathBuf};

/// What failed, and on which path.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A file could not be made or written beside its final place.
    #[error("could not write `{}`", path.display())]
    Write {
        /// The final place.
        path: PathBuf,
        /// The failure below.
        source: io::Error,
    },
    /// A complete file could not be put into its place.
    #[error("could not put `{}` into its place", path.display())]
    Place {
        /// The final place.
        path: PathBuf,
        /// The failure below.
        source: io::Error,
    },
    /// A folder's entries could not be made durable.
    #[error("could not sync the folder `{}`", path.display())]
    SyncFolder {
        /// The folder.
        path: PathBuf,
        /// The failure below.
        source: io::Error,
    },
    /// A file could not be read.
    #[error("could not read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The failure below.
        source: io::Error,
    },
    /// A private folder could not be made or made private.
    #[error("could not make the private folder `{}`", path.display())]
    PrivateFolder {
        /// The folder.
        path: PathBuf,
        /// The failure below.
        source: io::Error,
    },
    /// What should be a folder of ours is something else.
    #[error("`{}` {what}", path.display())]
    Foreign {
        /// The path.
        path: PathBuf,
        /// What it is: "is not a folder", "belongs to another user".
        what: &'static str,
    },
    /// A file with secrets can be read by others.
    #[error("`{}` can be read by others: its mode is {mode:04o}, wanted 0600", path.display())]
    Readable {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A file is too large for what it should be.
    #[error("`{}` is larger than {limit} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// A file that should be text is not UTF-8.
    #[error("`{}` is not UTF-8 text", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// A lock could not be asked for.
    #[error("could not lock `{}`", path.display())]
    Lock {
        /// The lock file.
        path: PathBuf,
        /// The failure below.
        source: io::Error,
    },
    /// The system or file system has no file locks (<https://github.com/rust-lang/cargo/issues/16184>).
    #[error("no file locks here: `{}`", path.display())]
    LocksUnsupported {
        /// The lock file.
        path: PathBuf,
    },
    /// The file system of a path could not be looked at.
    #[error("could not look at the file system of `{}`", path.display())]
    FileSystem {
        /// The path.
        path: PathBuf,
        /// The failure below.
        source: io::Error,
    },
}

/// The folder a path lies in; the current one for a bare name.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
