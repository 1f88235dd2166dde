//! Wheels (PEP 427): structure, METADATA, WHEEL and RECORD.

mod entry_points;
mod imports;
mod wheel_file;

use crate::metadata::{METADATA_LIMIT, Metadata, MetadataError};
use crate::record::{RECORD_LIMIT, Record, RecordError};
use crate::zip::{Archive, Entry, ZipError};
use fs_err::File;
use shiponce_core::filename::{FilenameError, WheelFilename};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

pub use entry_points::{EntryPoint, EntryPointsError, parse as parse_entry_points};
pub use wheel_file::{WheelFile, WheelFileError};

/// WHEEL, `entry_points.txt` and `top_level.txt` are read up to this size in bytes.
const SMALL_LIMIT: u64 = 1 << 20;

/// A wheel whose structure is sound. Nothing of its contents is kept but the files of `.dist-info`.
#[derive(Debug, Clone)]
pub struct Wheel {
    /// Where it lies.
    pub path: PathBuf,
    /// Its parsed name.
    pub filename: WheelFilename,
    /// Its metadata.
    pub metadata: Metadata,
    /// WHEEL.
    pub wheel: WheelFile,
    /// RECORD, when the wheel has one.
    pub record: Option<Record>,
    /// `entry_points.txt`, when the wheel has one.
    pub entry_points: Option<String>,
    /// The module names of `top_level.txt`, which setuptools writes.
    pub top_level: Vec<String>,
    /// The name of the `.dist-info` folder.
    pub dist_info: String,
    /// The entries of the archive.
    pub entries: Vec<Entry>,
    /// Whether the archive has a comment.
    pub has_comment: bool,
}

/// Why a file is not a wheel that can be released.
#[derive(Debug, thiserror::Error)]
pub enum WheelError {
    /// The path has no file name that is text.
    #[error("`{}` has no file name", .0.display())]
    NoName(PathBuf),
    /// The file name is not a wheel's.
    #[error("the file name is not that of a wheel")]
    Filename(#[source] FilenameError),
    /// The file cannot be opened; the source names it.
    #[error("cannot open the wheel")]
    Open(#[source] io::Error),
    /// The zip file is refused.
    #[error("`{filename}` is not a sound zip file")]
    Zip {
        /// The wheel.
        filename: String,
        /// Why.
        source: ZipError,
    },
    /// None or several `.dist-info` folders.
    #[error("`{filename}` must have exactly one `.dist-info` folder and has {}", list(found))]
    DistInfo {
        /// The wheel.
        filename: String,
        /// The folders found.
        found: Vec<String>,
    },
    /// The `.dist-info` folder is of another project or version.
    #[error("`{filename}` contains `{found}`, which is of another project or version")]
    OtherDistInfo {
        /// The wheel.
        filename: String,
        /// The folder.
        found: String,
    },
    /// A required file is missing.
    #[error("`{filename}` does not contain `{missing}`")]
    Missing {
        /// The wheel.
        filename: String,
        /// The file.
        missing: String,
    },
    /// METADATA cannot be used.
    #[error("`{filename}` has an unusable METADATA")]
    Metadata {
        /// The wheel.
        filename: String,
        /// Why.
        source: MetadataError,
    },
    /// WHEEL cannot be used.
    #[error("`{filename}` has an unusable WHEEL")]
    WheelFile {
        /// The wheel.
        filename: String,
        /// Why.
        source: WheelFileError,
    },
    /// RECORD cannot be used.
    #[error("`{filename}` has an unusable RECORD")]
    Record {
        /// The wheel.
        filename: String,
        /// Why.
        source: RecordError,
    },
    /// A text file of `.dist-info` is not UTF-8.
    #[error("`{member}` in `{filename}` is not UTF-8")]
    NotUtf8 {
        /// The wheel.
        filename: String,
        /// The file in it.
        member: String,
    },
}

fn list(found: &[String]) -> String {
    if found.is_empty() {
        return "none".to_owned();
    }
    found.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

impl Wheel {
    /// Opens and describes the wheel at `path`. Contents other than `.dist-info` are not read: see
    /// [`crate::record::verify`].
    ///
    /// # Errors
    /// [`WheelError`] when it is not a wheel or its archive is unsound.
    pub fn open(path: &Path) -> Result<Self, WheelError> {
        let file = File::open(path).map_err(WheelError::Open)?;
        Self::read(path, file)
    }

    /// [`Wheel::open`] on bytes that are already open; `path` gives the name.
    ///
    /// # Errors
    /// As [`Wheel::open`].
    pub fn read<R: Read + Seek>(path: &Path, reader: R) -> Result<Self, WheelError> {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| WheelError::NoName(path.to_owned()))?;
        let filename: WheelFilename = name.parse().map_err(WheelError::Filename)?;
        let archive = Archive::open(reader)
            .map_err(|source| WheelError::Zip { filename: filename.written.clone(), source })?;
        let dist_info = find_dist_info(&filename, archive.entries())?;
        let mut members = Members { archive, filename: &filename.written, dist_info: &dist_info };
        let named = || filename.written.clone();
        let metadata = Metadata::parse(&members.required("METADATA", METADATA_LIMIT)?)
            .map_err(|source| WheelError::Metadata { filename: named(), source })?;
        let wheel = WheelFile::parse(&members.required("WHEEL", SMALL_LIMIT)?)
            .map_err(|source| WheelError::WheelFile { filename: named(), source })?;
        let record = members.optional("RECORD", RECORD_LIMIT)?.map(|bytes| Record::parse(&bytes));
        let record = record.transpose().map_err(|source| WheelError::Record { filename: named(), source })?;
        let entry_points = members.text("entry_points.txt")?;
        let top_level = members.text("top_level.txt")?.unwrap_or_default();
        let top_level =
            top_level.lines().map(str::trim).filter(|line| !line.is_empty()).map(ToOwned::to_owned).collect();
        let has_comment = members.archive.has_comment();
        let entries = members.archive.into_entries();
        Ok(Self {
            path: path.to_owned(),
            metadata,
            wheel,
            record,
            entry_points,
            top_level,
            entries,
            has_comment,
            dist_info,
            filename,
        })
    }

    /// The archive, opened again.
    ///
    /// # Errors
    /// [`WheelError::Open`] and [`WheelError::Zip`].
    pub fn archive(&self) -> Result<Archive<File>, WheelError> {
        let file = File::open(&self.path).map_err(WheelError::Open)?;
        Archive::open(file)
            .map_err(|source| WheelError::Zip { filename: self.filename.written.clone(), source })
    }

    /// What to import to see that the installed wheel works: the modules of `Import-Name`, else the top-level
    /// modules in the archive, else `top_level.txt`. Sorted, the project's own name first.
    #[must_use]
    pub fn import_candidates(&self) -> Vec<String> {
        imports::candidates(self)
    }
}

/// The files of `.dist-info`.
struct Members<'a, R> {
    archive: Archive<R>,
    filename: &'a str,
    dist_info: &'a str,
}

impl<R: Read + Seek> Members<'_, R> {
    fn optional(&mut self, name: &str, limit: u64) -> Result<Option<Vec<u8>>, WheelError> {
        let member = format!("{}/{name}", self.dist_info);
        if self.archive.entry(&member).is_none() {
            return Ok(None);
        }
        let content = self.archive.read(&member, limit);
        content.map(Some).map_err(|source| WheelError::Zip { filename: self.filename.to_owned(), source })
    }

    fn required(&mut self, name: &str, limit: u64) -> Result<Vec<u8>, WheelError> {
        self.optional(name, limit)?.ok_or_else(|| WheelError::Missing {
            filename: self.filename.to_owned(),
            missing: format!("{}/{name}", self.dist_info),
        })
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, WheelError> {
        let text = self.optional(name, SMALL_LIMIT)?.map(String::from_utf8).transpose();
        text.map_err(|_| WheelError::NotUtf8 {
            filename: self.filename.to_owned(),
            member: format!("{}/{name}", self.dist_info),
        })
    }
}

/// The one `.dist-info` folder; its name must mean the project and version of the file name.
fn find_dist_info(filename: &WheelFilename, entries: &[Entry]) -> Result<String, WheelError> {
    let mut found: Vec<String> = entries
        .iter()
        .filter_map(|entry| entry.name.split_once('/'))
        .map(|(folder, _)| folder)
        .filter(|folder| folder.ends_with(".dist-info"))
        .map(ToOwned::to_owned)
        .collect();
    found.sort();
    found.dedup();
    let [one] = found.as_slice() else {
        return Err(WheelError::DistInfo { filename: filename.written.clone(), found });
    };
    let same = one.strip_suffix(".dist-info").and_then(|stem| stem.split_once('-')).is_some_and(
        |(name, version)| {
            shiponce_core::names::normalize(name) == filename.project.normalized()
                && version.replace('_', "-").parse() == Ok(filename.version.clone())
        },
    );
    if !same {
        return Err(WheelError::OtherDistInfo { filename: filename.written.clone(), found: one.clone() });
    }
    Ok(one.clone())
}
