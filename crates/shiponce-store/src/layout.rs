//! Where things lie in the directory of a store.
//!
//! ```text
//! objects/9f/9f2c…  entries, named by their sha256
//! unfinished/       entries being written, each locked by its writer
//! quarantine/       damaged entries, named by the expected and the found sha256
//! store.lock        taken for the moments in which names change
//! ```

use crate::error::Error;
use shiponce_core::Sha256;
use shiponce_io::files::private_folder;
use std::path::{Path, PathBuf};

#[derive(Debug)]
pub(crate) struct Layout {
    root: PathBuf,
}

impl Layout {
    /// Makes the directories that are missing, for their owner only.
    pub(crate) fn make(root: &Path) -> Result<Self, Error> {
        let layout = Self { root: root.to_owned() };
        for path in [layout.root.clone(), layout.objects(), layout.unfinished(), layout.quarantine()] {
            private_folder(&path).map_err(|source| Error::Directory { path, source })?;
        }
        Ok(layout)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn objects(&self) -> PathBuf {
        self.root.join("objects")
    }

    pub(crate) fn unfinished(&self) -> PathBuf {
        self.root.join("unfinished")
    }

    pub(crate) fn quarantine(&self) -> PathBuf {
        self.root.join("quarantine")
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join("store.lock")
    }

    /// The directory an entry lies in: 256 of them keep listings short.
    pub(crate) fn shelf(&self, sha256: Sha256) -> PathBuf {
        self.objects().join(&sha256.to_string()[..2])
    }

    pub(crate) fn entry(&self, sha256: Sha256) -> PathBuf {
        self.shelf(sha256).join(sha256.to_string())
    }
}
