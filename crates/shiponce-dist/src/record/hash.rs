//! The digest column: `sha256=` and the digest in URL-safe base64 without padding.

use std::fmt;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The digests that RECORD may use: SHA-256 or stronger (PEP 427), of those that `hashlib` guarantees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-256, what every builder writes.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// A digest column, split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordHash<'a> {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The digest as written.
    pub digest: &'a str,
}

impl Algorithm {
    /// The name in RECORD.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl<'a> RecordHash<'a> {
    /// Splits a column; `None` for weaker or unknown algorithms and for other shapes.
    #[must_use]
    pub fn parse(column: &'a str) -> Option<Self> {
        let (name, digest) = column.split_once('=')?;
        let algorithm = [Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512]
            .into_iter()
            .find(|algorithm| algorithm.name() == name)?;
        Some(Self { algorithm, digest })
    }
}

/// URL-safe base64 without padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let word =
            group.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            let index = word >> (18 - 6 * place) & 63;
            text.push(char::from(ALPHABET[index as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_as_base64_urlsafe_without_padding() {
        for (bytes, text) in
            [(&b""[..], ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (b"\xfb\xff", "-_8")]
        {
            assert_eq!(encode(bytes), text);
        }
    }

    #[test]
    fn weak_and_unknown_digests_are_none() {
        assert_eq!(RecordHash::parse("sha256=abc").unwrap().digest, "abc");
        assert_eq!(RecordHash::parse("sha512=abc").unwrap().algorithm, Algorithm::Sha512);
        for bad in ["", "md5=abc", "sha1=abc", "sha256", "SHA256=abc"] {
            assert_eq!(RecordHash::parse(bad), None, "{bad}");
        }
    }
}
