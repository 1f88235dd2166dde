//! Files and variables that other tools own, read as fallbacks.

mod dotenv;
mod environment;
mod pypirc;

pub(crate) use dotenv::Dotenv;
pub(crate) use environment::Environment;
pub(crate) use pypirc::Pypirc;

use std::path::Path;

use crate::error::ConfigError;

/// The permission bits of a file, where the system has them.
#[cfg(unix)]
pub(crate) fn mode_of(path: &Path) -> Result<Option<u32>, ConfigError> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = fs_err::metadata(path).map_err(|error| ConfigError::read(path, &error))?;
    Ok(Some(metadata.permissions().mode() & 0o7777))
}

/// Elsewhere access is not a matter of mode bits.
#[cfg(not(unix))]
pub(crate) fn mode_of(_path: &Path) -> Result<Option<u32>, ConfigError> {
    Ok(None)
}

/// Refuses a file with a secret that the group or everybody may read or write.
pub(crate) fn refuse_shared(path: &Path, mode: Option<u32>, holds: &str) -> Result<(), ConfigError> {
    match mode {
        Some(mode) if mode & 0o077 != 0 => {
            Err(ConfigError::SecretFileReadable { path: path.to_owned(), mode, holds: holds.to_owned() })
        }
        _ => Ok(()),
    }
}
