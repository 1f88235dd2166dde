//! The new long description: a UTF-8 text whose file extension says how to render it.

use crate::metadata::METADATA_LIMIT;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// A long description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readme {
    /// The text.
    pub text: String,
    /// `Description-Content-Type`.
    pub content_type: &'static str,
}

/// Why a file is no long description.
#[derive(Debug, thiserror::Error)]
pub enum ReadmeError {
    /// The extension is none of those that an index renders.
    #[error("`{}` does not end in .md, .rst or .txt, so its content type is not known", .0.display())]
    Extension(PathBuf),
    /// It cannot be read; the source names it.
    #[error("the long description cannot be read")]
    Read(#[source] io::Error),
    /// Larger than metadata may be.
    #[error("`{}` is larger than {limit} bytes", .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// Not UTF-8.
    #[error("`{}` is not UTF-8", .0.display())]
    NotUtf8(PathBuf),
    /// Nothing but blanks: an index would show no description.
    #[error("`{}` is empty", .0.display())]
    Empty(PathBuf),
}

impl Readme {
    /// Reads a file. A byte order mark is left out, since it would become part of the first heading.
    ///
    /// # Errors
    /// [`ReadmeError`] when it is no text of a known kind.
    pub fn read(path: &Path) -> Result<Self, ReadmeError> {
        let content_type = content_type_of(path).ok_or_else(|| ReadmeError::Extension(path.to_owned()))?;
        let limit = METADATA_LIMIT / 2;
        let file = fs_err::File::open(path).map_err(ReadmeError::Read)?;
        let mut bytes = Vec::new();
        file.take(limit + 1).read_to_end(&mut bytes).map_err(ReadmeError::Read)?;
        if bytes.len() as u64 > limit {
            return Err(ReadmeError::TooLarge { path: path.to_owned(), limit });
        }
        let text = String::from_utf8(bytes).map_err(|_| ReadmeError::NotUtf8(path.to_owned()))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
        if text.trim().is_empty() {
            return Err(ReadmeError::Empty(path.to_owned()));
        }
        Ok(Self { text, content_type })
    }
}

/// The content type that a file name implies, as build backends derive it.
pub(super) fn content_type_of(path: &Path) -> Option<&'static str> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "md" => Some("text/markdown"),
        "rst" => Some("text/x-rst"),
        "txt" => Some("text/plain"),
        _ => None,
    }
}
