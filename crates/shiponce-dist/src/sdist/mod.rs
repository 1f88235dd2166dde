//! Source distributions (PEP 517, PEP 625): one folder with PKG-INFO.

use crate::metadata::{METADATA_LIMIT, Metadata, MetadataError};
use crate::tar::{self, TarError};
use crate::zip::{Archive, ZipError};
use fs_err::File;
use shiponce_core::filename::{FilenameError, SdistFilename};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

/// A source distribution whose archive is sound.
#[derive(Debug, Clone)]
pub struct Sdist {
    /// Where it lies.
    pub path: PathBuf,
    /// Its parsed name.
    pub filename: SdistFilename,
    /// The metadata of PKG-INFO.
    pub metadata: Metadata,
    /// The only folder at the top.
    pub root: String,
    /// Every file in it, relative to the archive.
    pub files: BTreeSet<String>,
    /// Sum of the unpacked sizes in bytes.
    pub unpacked_bytes: u64,
    /// `pyproject.toml`, when there is one and it is UTF-8.
    pub pyproject: Option<String>,
    /// The first entry of a zipped sdist that has its sizes after the data.
    pub first_descriptor: Option<String>,
}

/// Why a file is not an sdist that can be released.
#[derive(Debug, thiserror::Error)]
pub enum SdistError {
    /// The path has no file name that is text.
    #[error("`{}` has no file name", .0.display())]
    NoName(PathBuf),
    /// The file name is not an sdist's.
    #[error("the file name is not that of an sdist")]
    Filename(#[source] FilenameError),
    /// The file cannot be opened; the source names it.
    #[error("cannot open the sdist")]
    Open(#[source] io::Error),
    /// The tar file is refused.
    #[error("`{filename}` is not a sound tar.gz file")]
    Tar {
        /// The sdist.
        filename: String,
        /// Why.
        source: TarError,
    },
    /// The zip file is refused.
    #[error("`{filename}` is not a sound zip file")]
    Zip {
        /// The sdist.
        filename: String,
        /// Why.
        source: ZipError,
    },
    /// None or several folders at the top, or files beside them.
    #[error("`{filename}` must have exactly one folder at its top and has {}", found.join(", "))]
    TopLevel {
        /// The sdist.
        filename: String,
        /// What is at the top, at most ten names.
        found: Vec<String>,
    },
    /// PKG-INFO is missing.
    #[error("`{filename}` does not contain `{missing}`")]
    Missing {
        /// The sdist.
        filename: String,
        /// The file.
        missing: String,
    },
    /// PKG-INFO cannot be used.
    #[error("`{filename}` has an unusable PKG-INFO")]
    Metadata {
        /// The sdist.
        filename: String,
        /// Why.
        source: MetadataError,
    },
}

/// What both kinds of archive give.
struct Content {
    files: BTreeSet<String>,
    /// Everything at the top with a folder mark for what is a folder.
    top: BTreeSet<String>,
    kept: BTreeMap<String, Vec<u8>>,
    unpacked_bytes: u64,
    first_descriptor: Option<String>,
}

impl Sdist {
    /// Opens and describes the sdist at `path`.
    ///
    /// # Errors
    /// [`SdistError`] when it is not an sdist or its archive is unsound.
    pub fn open(path: &Path) -> Result<Self, SdistError> {
        let file = File::open(path).map_err(SdistError::Open)?;
        Self::read(path, file)
    }

    /// [`Sdist::open`] on bytes that are already open; `path` gives the name.
    ///
    /// # Errors
    /// As [`Sdist::open`].
    pub fn read<R: Read + Seek>(path: &Path, reader: R) -> Result<Self, SdistError> {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| SdistError::NoName(path.to_owned()))?;
        let filename: SdistFilename = name.parse().map_err(SdistError::Filename)?;
        let named = || filename.written.clone();
        let mut content = if name.ends_with(".zip") {
            read_zip(reader).map_err(|source| SdistError::Zip { filename: named(), source })?
        } else {
            read_tar(reader).map_err(|source| SdistError::Tar { filename: named(), source })?
        };
        let root = match content.top.iter().collect::<Vec<_>>().as_slice() {
            [one] if one.ends_with('/') => one.trim_end_matches('/').to_owned(),
            found => {
                let found = found.iter().take(10).map(|name| format!("`{name}`")).collect::<Vec<_>>();
                let found = if found.is_empty() { vec!["nothing".to_owned()] } else { found };
                return Err(SdistError::TopLevel { filename: named(), found });
            }
        };
        let pkg_info = format!("{root}/PKG-INFO");
        let bytes = content
            .kept
            .remove(&pkg_info)
            .ok_or_else(|| SdistError::Missing { filename: named(), missing: pkg_info })?;
        let metadata =
            Metadata::parse(&bytes).map_err(|source| SdistError::Metadata { filename: named(), source })?;
        let pyproject = content.kept.remove(&format!("{root}/pyproject.toml"));
        Ok(Self {
            path: path.to_owned(),
            metadata,
            files: content.files,
            unpacked_bytes: content.unpacked_bytes,
            pyproject: pyproject.and_then(|bytes| String::from_utf8(bytes).ok()),
            first_descriptor: content.first_descriptor,
            root,
            filename,
        })
    }
}

/// Whether the content of a member is kept: PKG-INFO and `pyproject.toml` right inside the first top folder, so that
/// at most two are.
fn is_kept(name: &str, first_top: &str) -> bool {
    name.strip_prefix(first_top).is_some_and(|rest| matches!(rest, "PKG-INFO" | "pyproject.toml"))
}

fn top_of(name: &str) -> String {
    name.split_once('/').map_or_else(|| name.to_owned(), |(top, _)| format!("{top}/"))
}

fn read_tar(reader: impl Read) -> Result<Content, TarError> {
    let mut first_top: Option<String> = None;
    let listing = tar::list(reader, &tar::Limits::default(), |name| {
        let first_top = first_top.get_or_insert_with(|| top_of(name));
        is_kept(name, first_top).then_some(METADATA_LIMIT)
    })?;
    let members = &listing.members;
    Ok(Content {
        files: members.iter().filter(|member| !member.is_dir()).map(|member| member.name.clone()).collect(),
        top: members.iter().map(|member| top_of(&member.name)).collect(),
        unpacked_bytes: members.iter().map(|member| member.size).sum(),
        kept: listing.kept,
        first_descriptor: None,
    })
}

fn read_zip<R: Read + Seek>(reader: R) -> Result<Content, ZipError> {
    let mut archive = Archive::open(reader)?;
    let names: Vec<String> = archive.entries().iter().map(|entry| entry.name.clone()).collect();
    let mut kept = BTreeMap::new();
    let first_top = names.first().map(|name| top_of(name)).unwrap_or_default();
    for name in &names {
        if is_kept(name, &first_top) {
            kept.insert(name.clone(), archive.read(name, METADATA_LIMIT)?);
        } else {
            // Listing a tar file reads all of it; a damaged member must not pass here either.
            archive.stream(name, u64::MAX, &mut |_| {})?;
        }
    }
    let unpacked_bytes = archive.entries().iter().map(|entry| entry.size).sum();
    Ok(Content {
        top: names.iter().map(|name| top_of(name)).collect(),
        files: names.into_iter().filter(|name| !name.ends_with('/')).collect(),
        unpacked_bytes,
        kept,
        first_descriptor: archive.first_descriptor().map(ToOwned::to_owned),
    })
}
