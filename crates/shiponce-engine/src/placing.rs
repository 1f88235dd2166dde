//! Putting a finished file into a folder of the user's: never over other bytes.

use shiponce_api::v1::PlacedWord;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::Sha256;
use shiponce_dist::hash_file;
use shiponce_io::files::{Access, AtomicFile, Put};
use std::io;
use std::path::Path;

/// Begins a file that is to appear at `path`; its folder is made.
pub(crate) fn begin(path: &Path) -> Result<AtomicFile, Problem> {
    if let Some(folder) = path.parent() {
        fs_err::create_dir_all(folder).map_err(|error| unwritable(path, &error))?;
    }
    AtomicFile::create(path, Access::Shared).map_err(|error| unwritable(path, &error))
}

/// Puts the file, whose bytes have this digest, into its place. The same bytes under the name are as good.
///
/// # Errors
/// `file-exists` when other bytes have the name.
pub(crate) fn finish(file: AtomicFile, path: &Path, sha256: Sha256) -> Result<PlacedWord, Problem> {
    match file.commit_if_absent().map_err(|error| unwritable(path, &error))? {
        Put::Created => Ok(PlacedWord::Created),
        Put::AlreadyThere => {
            let there = hash_file(path, false, &mut |_| {}).map_err(|error| unwritable(path, &error))?;
            if there.sha256 == sha256 {
                Ok(PlacedWord::AlreadyThere)
            } else {
                Err(occupied(path, sha256, there.sha256))
            }
        }
    }
}

/// Copies a file into its place.
///
/// # Errors
/// As [`finish`].
pub(crate) fn copy(from: &Path, path: &Path, sha256: Sha256) -> Result<PlacedWord, Problem> {
    let mut file = begin(path)?;
    let copied = fs_err::File::open(from).and_then(|mut source| io::copy(&mut source, &mut file));
    copied.map_err(|error| unwritable(path, &error))?;
    finish(file, path, sha256)
}

fn occupied(path: &Path, here: Sha256, there: Sha256) -> Problem {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let folder = path.parent().unwrap_or(Path::new(".")).display().to_string();
    Problem::new(ErrorCode::FileExists, format!("{name} exists with other bytes"))
        .fact("folder", folder)
        .fact("made", here.to_string())
        .fact("there", there.to_string())
        .note("No file was overwritten.")
        .hint("name another folder, or move the file away when nobody was given it")
}

fn unwritable(path: &Path, error: &(dyn std::error::Error + 'static)) -> Problem {
    Problem::from_error(ErrorCode::Usage, error)
        .fact("file", path.display().to_string())
        .hint("name a folder that can be written to")
}
