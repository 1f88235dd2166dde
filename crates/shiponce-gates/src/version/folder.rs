//! The project's folder, read file by file, each with a limit.

use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

/// No file that states a version is larger; a generated module of many megabytes is not read to find that out.
const FILE_BYTES: u64 = 1 << 20;

/// Why the project's files cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file is there and cannot be read; the source names it.
    #[error("a file of the project cannot be read")]
    File(#[source] std::io::Error),
    /// A TOML file is none.
    #[error("`{file}` is not TOML: {message}")]
    Toml {
        /// The file.
        file: String,
        /// What is wrong.
        message: String,
    },
}

/// The project's folder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Folder<'a> {
    pub(crate) root: &'a Path,
}

impl Folder<'_> {
    /// The text of a file; nothing when there is none or it is larger than any file with a version. Bytes that are
    /// no UTF-8 become replacement characters: Python sources may have other encodings, versions are ASCII.
    pub(crate) fn text(&self, relative: &str) -> Result<Option<String>, ReadError> {
        let path = self.root.join(relative);
        let file = match fs_err::File::open(&path) {
            Ok(file) => file,
            Err(error) if is_absence(&error) => return Ok(None),
            Err(error) => return Err(ReadError::File(error)),
        };
        if file.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        file.take(FILE_BYTES + 1).read_to_end(&mut bytes).map_err(ReadError::File)?;
        if bytes.len() as u64 > FILE_BYTES {
            return Ok(None);
        }
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    pub(crate) fn is_file(&self, relative: &str) -> bool {
        self.root.join(relative).is_file()
    }

    /// The names in a folder, in order; none when it is not there.
    pub(crate) fn names(&self, relative: &str) -> Vec<String> {
        let Ok(entries) = fs_err::read_dir::<PathBuf>(self.root.join(relative)) else { return Vec::new() };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }
}

/// A folder in the place of a file, or a file in the place of a folder, is no file either.
fn is_absence(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory)
}

/// `folder/name`, without a `.` or a slash that stands for nothing.
pub(crate) fn join(folder: &str, name: &str) -> String {
    let folder = folder.trim_start_matches("./").trim_end_matches('/');
    if folder.is_empty() || folder == "." { name.to_owned() } else { format!("{folder}/{name}") }
}
