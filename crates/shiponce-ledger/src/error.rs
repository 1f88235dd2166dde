//! What can go wrong with the ledger: while opening it, while using it, while freezing a manifest.

use shiponce_core::lease::FencingToken;
use shiponce_core::manifest::ManifestConflict;
use shiponce_io::files::FileError;
use std::io;
use std::path::{Path, PathBuf};

/// The ledger could not be opened. Nothing was written to it, and nothing was sent anywhere.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A directory of the ledger could not be made, made private or looked at.
    #[error("cannot keep the ledger in `{path}`")]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What failed.
        source: FileError,
    },
    /// The directory lies on a network file system. SQLite's locks and its write-ahead log need one machine; over a
    /// network two machines corrupt the file together (<https://www.sqlite.org/wal.html>).
    #[error("the ledger cannot be kept in `{path}`: {name} is a network file system")]
    Network {
        /// The directory.
        path: PathBuf,
        /// The file system's name.
        name: String,
    },
    /// The file could not be looked at or made.
    #[error("cannot use the ledger file `{path}`")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The lock that lets one process at a time open the ledger could not be taken.
    #[error("cannot lock the ledger `{path}`")]
    Lock {
        /// The ledger.
        path: PathBuf,
        /// What failed.
        source: FileError,
    },
    /// Other users can read or write the file. What they can write cannot vouch for bytes.
    #[error("the ledger `{path}` is open to other users (mode {mode:04o}, expected 0600)")]
    Permissions {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A SQLite file of another program, or no SQLite file at all.
    #[error("`{path}` is not a shiponce ledger")]
    NotALedger {
        /// The file.
        path: PathBuf,
    },
    /// A newer shiponce wrote it.
    #[error("the ledger `{path}` has schema {found}, this shiponce knows {known}")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: usize,
        /// The newest schema known here.
        known: usize,
    },
    /// A step of its schema is not the one we know by that number.
    #[error("the ledger `{path}` was made with another `{migration}`")]
    ChangedMigration {
        /// The file.
        path: PathBuf,
        /// The step.
        migration: &'static str,
    },
    /// SQLite finds the file damaged.
    #[error("the ledger `{path}` is damaged: {detail}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// SQLite's words.
        detail: String,
    },
    /// SQLite failed otherwise.
    #[error("cannot {doing} of the ledger `{path}`")]
    Sql {
        /// The file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// SQLite's answer.
        source: rusqlite::Error,
    },
}

impl OpenError {
    pub(crate) fn from_sql(path: &Path, doing: &'static str, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => Self::NotALedger { path },
            Some(rusqlite::ErrorCode::DatabaseCorrupt) => Self::Damaged { path, detail: source.to_string() },
            _ => Self::Sql { path, doing, source },
        }
    }
}

/// A call on an open ledger failed. The transaction it belonged to left nothing behind.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The lease is over: another holder was granted the group, or the lease ran out.
    #[error("the lease on `{group}` is over, cannot {doing}: token {} is not the current grant", token.0)]
    Fenced {
        /// The group.
        group: String,
        /// The token that was offered.
        token: FencingToken,
        /// The write that was refused.
        doing: &'static str,
    },
    /// The lease is on another group than the one that guards the project.
    #[error("a lease on `{group}` does not cover {project}, cannot {doing}")]
    OtherGroup {
        /// The group of the lease.
        group: String,
        /// The project.
        project: String,
        /// The write that was refused.
        doing: &'static str,
    },
    /// The ledger was opened for reading only.
    #[error("cannot {doing}: the ledger is open for reading only")]
    ReadOnly {
        /// The write that was refused.
        doing: &'static str,
    },
    /// Another process kept the ledger locked for the whole waiting time.
    #[error("cannot {doing}: another process keeps the ledger `{path}` locked")]
    Busy {
        /// The ledger.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
    },
    /// No press of the project has this id.
    #[error("{project} has no press {press}")]
    NoPress {
        /// The project.
        project: String,
        /// The id.
        press: u64,
    },
    /// No unfinished step of the press has this number.
    #[error("press {press} has no unfinished step {step}")]
    NoStep {
        /// The press.
        press: u64,
        /// The number.
        step: u64,
    },
    /// A living process is this holder already.
    #[error("the holder `{holder}` is registered by another process")]
    HolderTaken {
        /// The holder's id.
        holder: String,
    },
    /// The holders' lock files could not be made, locked or cleared away.
    #[error("cannot use the lock files in `{path}`")]
    LockFiles {
        /// Their directory.
        path: PathBuf,
        /// What failed.
        source: FileError,
    },
    /// A row does not hold what we write there.
    #[error("the ledger `{path}` is damaged, cannot {doing}: {detail}")]
    Damaged {
        /// The ledger.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// Which row and why.
        detail: String,
    },
    /// SQLite failed otherwise: a full disk, an input/output error.
    #[error("cannot {doing} in the ledger `{path}`")]
    Sql {
        /// The ledger.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// SQLite's answer.
        source: rusqlite::Error,
    },
}

/// A manifest could not be frozen.
#[derive(Debug, thiserror::Error)]
pub enum FreezeError {
    /// The frozen manifest says otherwise. Nothing was changed.
    #[error("the release is frozen with other contents")]
    Conflict {
        /// What differs.
        source: ManifestConflict,
    },
    /// The ledger failed, or the lease is over.
    #[error("cannot freeze the manifest")]
    Ledger {
        /// Why.
        source: Error,
    },
}
