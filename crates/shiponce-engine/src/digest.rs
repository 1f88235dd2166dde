//! Digests of texts of our own.

use shiponce_core::Sha256;

/// SHA-256 of bytes in memory.
pub(crate) fn sha256_of(bytes: &[u8]) -> Sha256 {
    use sha2::Digest as _;
    Sha256(sha2::Sha256::digest(bytes).into())
}
