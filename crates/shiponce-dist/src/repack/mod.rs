//! Repacking: a distribution with another version or another long description, without a rebuild.
//!
//! Made for file names that an index never takes again: it burns the names of deleted files for ever, and it refuses
//! known bytes under another name, so the content must really change. What changes is the metadata and every name
//! that carries the version; the payload, the order of the entries, their times, permissions and compression stay.
//! Modules are not touched: a `__version__` inside them goes on saying the old version.
//!
//! A repacked RECORD vouches for every file, so a wheel whose RECORD does not hold is refused, not mended.

mod note;
mod pyproject;
mod readme;
mod sdist;
mod wheel;

use crate::distribution::{DistError, Distribution, Kind};
use crate::metadata::{Edit, EditError};
use crate::record::RecordProblem;
use crate::sdist::SdistError;
use crate::tar::TarError;
use crate::wheel::WheelError;
use crate::zip::ZipError;
use shiponce_core::filename::FilenameError;
use shiponce_core::suffix::SuffixError;
use shiponce_core::{DistFilename, Version, VersionSuffix};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

pub use note::Note;
pub use readme::{Readme, ReadmeError};

/// What is to change. Nothing is an error of the caller's.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Put behind the version.
    pub suffix: Option<VersionSuffix>,
    /// The new long description.
    pub readme: Option<Readme>,
}

/// A distribution to be repacked, and what it will be called.
#[derive(Debug)]
pub struct Repack<'a> {
    original: &'a Distribution,
    readme: Option<&'a Readme>,
    version: Version,
    filename: DistFilename,
    has_suffix: bool,
}

/// Why a distribution is not repacked.
#[derive(Debug, thiserror::Error)]
pub enum RepackError {
    /// The suffix cannot follow the version.
    #[error("`{filename}` cannot get another version")]
    Suffix {
        /// The file.
        filename: String,
        /// Why.
        source: SuffixError,
    },
    /// The new name is not one. No version that PEP 440 knows leads here.
    #[error("`{filename}` would get a name that is none")]
    Name {
        /// The file.
        filename: String,
        /// Why.
        source: FilenameError,
    },
    /// The file cannot be opened again.
    #[error("`{filename}` cannot be read again")]
    Open {
        /// The file.
        filename: String,
        /// What the system said.
        source: io::Error,
    },
    /// The new bytes cannot be written.
    #[error("the repacked `{filename}` cannot be written")]
    Write {
        /// The new file.
        filename: String,
        /// What the system said.
        source: io::Error,
    },
    /// The wheel's archive is not sound.
    #[error("`{filename}` is not a sound zip file")]
    Zip {
        /// The file.
        filename: String,
        /// Why.
        source: ZipError,
    },
    /// The sdist's archive is not sound.
    #[error("`{filename}` is not a sound tar.gz file")]
    Tar {
        /// The file.
        filename: String,
        /// Why.
        source: TarError,
    },
    /// The wheel has no RECORD to hold its files against.
    #[error("`{0}` has no RECORD, so its files cannot be vouched for")]
    NoRecord(String),
    /// The wheel's RECORD does not hold.
    #[error("`{filename}` does not agree with its RECORD: {first}")]
    Record {
        /// The file.
        filename: String,
        /// The first difference.
        first: RecordProblem,
    },
    /// The metadata cannot be edited.
    #[error("`{member}` of `{filename}` cannot be edited")]
    Metadata {
        /// The file.
        filename: String,
        /// METADATA or PKG-INFO.
        member: String,
        /// Why.
        source: EditError,
    },
    /// The sdist cannot honestly get another version or description.
    #[error("`{filename}` cannot be repacked: {reason}")]
    Dishonest {
        /// The file.
        filename: String,
        /// Why, in words.
        reason: String,
    },
    /// What was written is not what was meant.
    #[error("the repacked `{0}` is not what it should be")]
    Wrong(String),
    /// What was written is no sound wheel.
    #[error("the repacked file is no sound wheel")]
    Wheel(#[source] WheelError),
    /// What was written is no sound sdist.
    #[error("the repacked file is no sound sdist")]
    Sdist(#[source] SdistError),
    /// The original could not be opened in the first place.
    #[error(transparent)]
    Distribution(#[from] DistError),
}

impl<'a> Repack<'a> {
    /// Names the result. Nothing is read yet.
    ///
    /// # Errors
    /// [`RepackError::Suffix`] when PEP 440 has no such version.
    pub fn new(original: &'a Distribution, changes: &'a Changes) -> Result<Self, RepackError> {
        let filename = original.filename.to_string();
        let old = original.filename.version();
        let version = match changes.suffix {
            None => old.clone(),
            Some(suffix) => suffix
                .apply(old)
                .map_err(|source| RepackError::Suffix { filename: filename.clone(), source })?,
        };
        let has_suffix = changes.suffix.is_some();
        let new = match (&original.filename, has_suffix) {
            (_, false) => filename.clone(),
            (DistFilename::Wheel(wheel), true) => {
                let mut parts: Vec<&str> = wheel.written.split('-').collect();
                let text = version.to_string();
                if let Some(part) = parts.get_mut(1) {
                    *part = &text;
                }
                parts.join("-")
            }
            // Old sdists spell name and version freely; the new name is the normalised one that an index asks for.
            (DistFilename::Sdist(sdist), true) => {
                format!("{}-{version}.tar.gz", sdist.project.for_filename())
            }
        };
        let filename = new.parse().map_err(|source| RepackError::Name { filename, source })?;
        Ok(Self { original, readme: changes.readme.as_ref(), version, filename, has_suffix })
    }

    /// The name of the new file.
    #[must_use]
    pub fn filename(&self) -> &DistFilename {
        &self.filename
    }

    /// The version of the new file.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// Writes the new file and says what its reader may not expect. Equal input gives equal bytes.
    ///
    /// # Errors
    /// [`RepackError`] when the original is not sound or cannot honestly be repacked; what was written so far is
    /// worth nothing then.
    pub fn write(&self, out: impl Write) -> Result<Vec<Note>, RepackError> {
        let mut notes = Vec::new();
        if self.has_suffix {
            notes.push(Note::ModulesKeepVersion(self.original.filename.version().clone()));
            if self.version < *self.original.filename.version() {
                notes.push(Note::Older {
                    old: self.original.filename.version().clone(),
                    new: self.version.clone(),
                });
            }
        }
        match &self.original.kind {
            Kind::Wheel(wheel) => wheel::write(self, wheel, out, &mut notes)?,
            Kind::Sdist(sdist) => sdist::write(self, sdist, out, &mut notes)?,
        }
        Ok(notes)
    }

    /// Reads what [`Repack::write`] wrote with the strict reader and compares it with the original: same payload,
    /// new metadata, a RECORD that holds.
    ///
    /// # Errors
    /// [`RepackError::Wheel`], [`RepackError::Sdist`], [`RepackError::Record`] and [`RepackError::Wrong`].
    pub fn verify<R: Read + Seek>(&self, written: R) -> Result<(), RepackError> {
        match &self.original.kind {
            Kind::Wheel(wheel) => wheel::verify(self, wheel, written),
            Kind::Sdist(sdist) => sdist::verify(self, sdist, written),
        }
    }

    fn edit(&self) -> Edit<'_> {
        Edit {
            version: self.has_suffix.then_some(&self.version),
            description: self.readme.map(|readme| (readme.text.as_str(), readme.content_type)),
        }
    }

    fn old_name(&self) -> String {
        self.original.filename.to_string()
    }

    fn open(&self) -> Result<fs_err::File, RepackError> {
        fs_err::File::open(&self.original.path)
            .map_err(|source| RepackError::Open { filename: self.old_name(), source })
    }

    /// The path that gives the new file its name.
    fn new_path(&self) -> std::path::PathBuf {
        Path::new(&self.filename.to_string()).to_owned()
    }

    fn write_error(&self, source: io::Error) -> RepackError {
        RepackError::Write { filename: self.filename.to_string(), source }
    }

    /// Whether the metadata of the new file says what was asked for.
    fn metadata_fits(&self, metadata: &crate::metadata::Metadata) -> bool {
        let described = match self.readme {
            None => metadata.description() == self.original.metadata().description(),
            Some(readme) => metadata.description() == Some(readme.text.as_str()),
        };
        *metadata.version() == self.version && described
    }
}
