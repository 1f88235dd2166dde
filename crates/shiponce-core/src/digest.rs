//! Digests as values. Computing them is `shiponce-dist`'s work.

use std::fmt;
use std::str::FromStr;

/// A text that is not a digest of the expected length in lower- or upper-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {kind} digest: expected 64 hexadecimal digits")]
pub struct DigestError {
    /// What was given.
    pub text: String,
    /// The digest's name.
    pub kind: &'static str,
}

macro_rules! digest {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 32]);

        impl $name {
            /// The first and last digits, for messages: `9f2c…e1`.
            #[must_use]
            pub fn short(&self) -> String {
                let hex = self.to_string();
                format!("{}…{}", &hex[..4], &hex[62..])
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($kind, ":{}"), self)
            }
        }

        impl FromStr for $name {
            type Err = DigestError;

            fn from_str(text: &str) -> Result<Self, DigestError> {
                parse_hex(text).map(Self).ok_or_else(|| DigestError { text: text.to_owned(), kind: $kind })
            }
        }
    };
}

digest!(
    /// SHA-256 of a whole file: the identity of bytes everywhere in the product.
    Sha256,
    "sha256"
);
digest!(
    /// BLAKE2b with 32 bytes of output: what PyPI keys stored bytes by.
    Blake2b256,
    "blake2b_256"
);

fn parse_hex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut out = [0; 32];
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        let high = char::from(pair[0]).to_digit(16)?;
        let low = char::from(pair[1]).to_digit(16)?;
        *byte = u8::try_from(high * 16 + low).ok()?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_and_refuses() {
        let hex = "9f2c".to_owned() + &"0".repeat(58) + "e1";
        let digest: Sha256 = hex.parse().unwrap();
        assert_eq!(digest.to_string(), hex);
        assert_eq!(digest.short(), "9f2c…e1");
        assert_eq!(hex.to_uppercase().parse::<Sha256>().unwrap(), digest);
        for bad in ["", "zz", &hex[1..], &hex.replace('9', "é")] {
            assert!(bad.parse::<Blake2b256>().is_err(), "{bad}");
        }
    }
}
