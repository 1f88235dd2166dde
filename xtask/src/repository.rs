//! Where things are: the workspace root and the folders tools are installed into.

use std::path::{Path, PathBuf};

/// The workspace root.
///
/// Cargo tells a running task where its manifest is, so a moved checkout works without a rebuild;
/// a binary started by hand falls back to the place it was built in.
pub(crate) fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map_or(manifest.clone(), Path::to_path_buf)
}

/// Cargo's target folder, from `CARGO_TARGET_DIR` or next to the workspace manifest.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Everything `cargo xtask test` installs.
pub(crate) fn tools() -> PathBuf {
    target().join("tools")
}
