//! What can go wrong with the store.

use shiponce_core::Sha256;
use shiponce_io::files::FileError;
use std::io;
use std::path::PathBuf;

/// A call failed. Entries that were there before are still there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A directory of the store could not be made, made private or listed.
    #[error("cannot use the store's directory `{path}`")]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What failed.
        source: FileError,
    },
    /// The lock that orders changes of the store could not be taken.
    #[error("cannot lock the store `{path}`")]
    Lock {
        /// The store.
        path: PathBuf,
        /// What failed.
        source: FileError,
    },
    /// A file that is to be stored could not be read.
    #[error("cannot read `{path}` into the store")]
    Source {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file that is to be stored holds other bytes than announced. Nothing was stored.
    #[error("`{path}` has sha256 {found}, expected {expected}")]
    OtherBytes {
        /// The file.
        path: PathBuf,
        /// The announced digest.
        expected: Sha256,
        /// Its digest.
        found: Sha256,
    },
    /// An entry could not be written: a full disk, an input/output error.
    #[error("cannot store the bytes with sha256 {sha256} in `{path}`")]
    Write {
        /// The digest.
        sha256: Sha256,
        /// The store.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// An entry could not be read. Nothing is known about its bytes, so it stays where it is.
    #[error("cannot read `{path}` from the store")]
    Read {
        /// The entry.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A damaged entry could not be moved out of the way.
    #[error("cannot move the damaged `{path}` to quarantine")]
    Quarantine {
        /// The entry.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Not the plain name of a file.
    #[error("`{filename}` is not a file name")]
    Filename {
        /// What was given.
        filename: String,
    },
    /// The place where an entry is to be copied has a file with other bytes. It was not touched.
    #[error("`{path}` is there with sha256 {found}, expected {expected}")]
    Occupied {
        /// The file.
        path: PathBuf,
        /// The entry's digest.
        expected: Sha256,
        /// The file's digest.
        found: Sha256,
    },
    /// An entry could not be copied out.
    #[error("cannot write `{path}` from the store")]
    CopyOut {
        /// The copy.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A copy could not be put into its place.
    #[error("cannot place `{path}` from the store")]
    Place {
        /// The copy.
        path: PathBuf,
        /// What failed.
        source: FileError,
    },
}
