//! Folders and files that only their owner may see.

use std::io::Read as _;
use std::path::Path;

use secrecy::SecretString;

use super::FileError;

/// Largest secrets file; a real one has a few lines.
const SECRET_FILE_BYTES: u64 = 1 << 20;

/// Makes a folder, with its parents, that only its owner may enter (0700). One that is there and belongs to
/// this user is made private.
///
/// # Errors
/// When it cannot be made, is no folder, or belongs to somebody else.
pub fn private_folder(path: &Path) -> Result<(), FileError> {
    let failed = |source| FileError::PrivateFolder { path: path.to_owned(), source };
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs_err::create_dir_all(parent).map_err(failed)?;
    }
    make_folder(path).or_else(|error| {
        if error.kind() == std::io::ErrorKind::AlreadyExists { Ok(()) } else { Err(failed(error)) }
    })?;
    check_folder(path)
}

/// Reads a file that holds secrets. On Unix it must not be readable by group or others.
///
/// The permissions are those of the opened file, so nobody can exchange it in between.
///
/// # Errors
/// When it cannot be read, is readable by others (the mode is named), too large or not text.
pub fn read_secret_file(path: &Path) -> Result<SecretString, FileError> {
    let failed = |source| FileError::Read { path: path.to_owned(), source };
    let file = fs_err::File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(FileError::Foreign { path: path.to_owned(), what: "is not a file" });
    }
    refuse_readable(path, &metadata)?;
    let mut bytes = Vec::new();
    file.take(SECRET_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > SECRET_FILE_BYTES {
        return Err(FileError::TooLarge { path: path.to_owned(), limit: SECRET_FILE_BYTES });
    }
    // The conversion error is dropped: it holds the bytes.
    let text = String::from_utf8(bytes).map_err(|_bytes| FileError::NotText { path: path.to_owned() })?;
    Ok(SecretString::from(text))
}

#[cfg(unix)]
fn make_folder(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make_folder(path: &Path) -> std::io::Result<()> {
    fs_err::create_dir(path)
}

#[cfg(unix)]
fn check_folder(path: &Path) -> Result<(), FileError> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let failed = |source| FileError::PrivateFolder { path: path.to_owned(), source };
    let metadata = fs_err::metadata(path).map_err(failed)?;
    if !metadata.is_dir() {
        return Err(FileError::Foreign { path: path.to_owned(), what: "is not a folder" });
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(FileError::Foreign { path: path.to_owned(), what: "belongs to another user" });
    }
    if metadata.mode() & 0o077 != 0 {
        let private = std::fs::Permissions::from_mode(0o700);
        fs_err::set_permissions(path, private).map_err(failed)?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_folder(path: &Path) -> Result<(), FileError> {
    if path.is_dir() {
        Ok(())
    } else {
        Err(FileError::Foreign { path: path.to_owned(), what: "is not a folder" })
    }
}

#[cfg(unix)]
fn refuse_readable(path: &Path, metadata: &std::fs::Metadata) -> Result<(), FileError> {
    use std::os::unix::fs::MetadataExt as _;
    let mode = metadata.mode() & 0o7777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(FileError::Readable { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn refuse_readable(_path: &Path, _metadata: &std::fs::Metadata) -> Result<(), FileError> {
    Ok(())
}
