//! A file to release: its name, its digests and its metadata.

use crate::digest::{Digests, HashError, hash_reader_with};
use crate::metadata::Metadata;
use crate::sdist::{Sdist, SdistError};
use crate::wheel::{Wheel, WheelError};
use fs_err::File;
use shiponce_core::filename::FilenameError;
use shiponce_core::form::UploadForm;
use shiponce_core::{DistFilename, FileEntry};
use std::io::{self, Seek as _};
use std::path::{Path, PathBuf};

/// A wheel or an sdist that has been read once from begin to end.
#[derive(Debug, Clone)]
pub struct Distribution {
    /// Where it lies.
    pub path: PathBuf,
    /// Its parsed name.
    pub filename: DistFilename,
    /// Size and digests of its bytes.
    pub digests: Digests,
    /// What is inside.
    pub kind: Kind,
}

/// The two kinds of distribution.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A built distribution.
    Wheel(Box<Wheel>),
    /// A source distribution.
    Sdist(Box<Sdist>),
}

/// Why a file cannot be released.
#[derive(Debug, thiserror::Error)]
pub enum DistError {
    /// The path has no file name that is text.
    #[error("`{}` has no file name", .0.display())]
    NoName(PathBuf),
    /// Not the name of a distribution.
    #[error("`{}` is not a distribution", .path.display())]
    Filename {
        /// The file.
        path: PathBuf,
        /// Why.
        source: FilenameError,
    },
    /// The file cannot be opened or read; the source names it.
    #[error("cannot read the distribution")]
    Open(#[source] io::Error),
    /// The file cannot be hashed.
    #[error("cannot hash `{filename}`")]
    Hash {
        /// The file.
        filename: String,
        /// Why.
        source: HashError,
    },
    /// An unsound wheel.
    #[error(transparent)]
    Wheel(#[from] WheelError),
    /// An unsound sdist.
    #[error(transparent)]
    Sdist(#[from] SdistError),
}

/// How to open a distribution.
#[derive(Default)]
pub struct OpenOptions<'a> {
    /// Compute MD5 too, for indexes that ask for it.
    pub md5: bool,
    /// Told the number of bytes hashed so far.
    pub progress: Option<&'a mut dyn FnMut(u64)>,
}

impl std::fmt::Debug for OpenOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenOptions").field("md5", &self.md5).finish_non_exhaustive()
    }
}

impl Distribution {
    /// Hashes the file at `path` in one pass and reads its metadata. Memory stays flat whatever its size.
    ///
    /// # Errors
    /// [`DistError`] when it is not a sound wheel or sdist.
    pub fn open(path: &Path) -> Result<Self, DistError> {
        Self::open_with(path, OpenOptions::default())
    }

    /// [`Distribution::open`] with MD5 or progress.
    ///
    /// # Errors
    /// As [`Distribution::open`].
    pub fn open_with(path: &Path, options: OpenOptions<'_>) -> Result<Self, DistError> {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| DistError::NoName(path.to_owned()))?;
        let filename: DistFilename =
            name.parse().map_err(|source| DistError::Filename { path: path.to_owned(), source })?;
        let mut file = File::open(path).map_err(DistError::Open)?;
        let mut silent = |_: u64| {};
        let progress = options.progress.unwrap_or(&mut silent);
        let digests = hash_reader_with(&mut file, options.md5, progress)
            .map_err(|source| DistError::Hash { filename: name.to_owned(), source })?;
        // The same open file: what is described is what was hashed, even when the name is replaced meanwhile.
        file.rewind().map_err(DistError::Open)?;
        let kind = match &filename {
            DistFilename::Wheel(_) => Kind::Wheel(Box::new(Wheel::read(path, file)?)),
            DistFilename::Sdist(_) => Kind::Sdist(Box::new(Sdist::read(path, file)?)),
        };
        Ok(Self { path: path.to_owned(), filename, digests, kind })
    }

    /// The core metadata.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        match &self.kind {
            Kind::Wheel(wheel) => &wheel.metadata,
            Kind::Sdist(sdist) => &sdist.metadata,
        }
    }

    /// The member of the archive that holds the core metadata.
    #[must_use]
    pub fn metadata_member(&self) -> String {
        match &self.kind {
            Kind::Wheel(wheel) => format!("{}/METADATA", wheel.dist_info),
            Kind::Sdist(sdist) => format!("{}/PKG-INFO", sdist.root),
        }
    }

    /// The wheel, when it is one.
    #[must_use]
    pub fn as_wheel(&self) -> Option<&Wheel> {
        match &self.kind {
            Kind::Wheel(wheel) => Some(wheel),
            Kind::Sdist(_) => None,
        }
    }

    /// The sdist, when it is one.
    #[must_use]
    pub fn as_sdist(&self) -> Option<&Sdist> {
        match &self.kind {
            Kind::Wheel(_) => None,
            Kind::Sdist(sdist) => Some(sdist),
        }
    }

    /// What to tell an index about the file.
    #[must_use]
    pub fn form(&self) -> UploadForm {
        UploadForm {
            filename: self.filename.to_string(),
            filetype: self.filename.filetype(),
            pyversion: self.filename.pyversion(),
            metadata: self.metadata().to_form(),
            sha256: self.digests.sha256,
            blake2b: self.digests.blake2b,
            md5: self.digests.md5.clone(),
            attestations: None,
        }
    }

    /// What the frozen manifest says about the file.
    #[must_use]
    pub fn entry(&self) -> FileEntry {
        FileEntry {
            filename: self.filename.clone(),
            size: self.digests.size,
            sha256: self.digests.sha256,
            blake2b: self.digests.blake2b,
        }
    }
}
