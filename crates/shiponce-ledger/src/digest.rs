//! SHA-256 of texts the ledger stores, to notice when one was changed.

use sha2::{Digest as _, Sha256 as Hasher};
use shiponce_core::Sha256;

pub(crate) fn sha256(text: &str) -> Sha256 {
    Sha256(Hasher::digest(text.as_bytes()).into())
}

pub(crate) fn sha256_hex(text: &str) -> String {
    sha256(text).to_string()
}
