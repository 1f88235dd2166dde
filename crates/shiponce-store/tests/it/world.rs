//! A directory and a store of a test's own.

use sha2::{Digest as _, Sha256 as Hasher};
use shiponce_core::Sha256;
use shiponce_store::{Store, Stored};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub(crate) struct World {
    pub(crate) directory: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.directory.path().join("store")
    }

    pub(crate) fn store(&self) -> Store {
        Store::open(&self.root()).unwrap()
    }

    /// A file with these bytes, outside the store.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.directory.path().join(name);
        fs_err::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn put(&self, bytes: &[u8]) -> Stored {
        self.store().put_file(&self.file("source", bytes), sha256(bytes)).unwrap()
    }

    /// Where the entry lies: named here as the layout promises, not as the code computes it.
    pub(crate) fn entry(&self, digest: Sha256) -> PathBuf {
        entry(&self.root(), digest)
    }
}

pub(crate) fn entry(root: &Path, digest: Sha256) -> PathBuf {
    let hex = digest.to_string();
    root.join("objects").join(&hex[..2]).join(hex)
}

pub(crate) fn sha256(bytes: &[u8]) -> Sha256 {
    Sha256(Hasher::digest(bytes).into())
}

/// Every file below a directory.
pub(crate) fn files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs_err::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
