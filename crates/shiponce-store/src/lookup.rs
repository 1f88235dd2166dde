//! Answers to the question for an entry.

use shiponce_core::Sha256;
use std::fmt;
use std::path::PathBuf;

/// A damaged entry that was moved out of the way: a warning, and a miss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// The digest its bytes should have had.
    pub expected: Sha256,
    /// The digest they have.
    pub found: Sha256,
    /// Where it lies now.
    pub path: PathBuf,
}

impl fmt::Display for Quarantined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the stored file with sha256 {} was damaged (its sha256 is {}) and was moved to `{}`",
            self.expected,
            self.found,
            self.path.display()
        )
    }
}

/// What the store has for a digest.
#[derive(Debug)]
#[must_use]
pub enum Lookup<T> {
    /// The bytes, verified just now.
    Found(T),
    /// Nothing.
    Missing,
    /// Something else under that name, which is out of the way now: fetch the bytes from another place.
    Quarantined(Quarantined),
}

impl<T> Lookup<T> {
    /// What was found, if anything was.
    #[must_use]
    pub fn found(self) -> Option<T> {
        match self {
            Self::Found(value) => Some(value),
            Self::Missing | Self::Quarantined(_) => None,
        }
    }

    pub(crate) fn map<U, E>(self, then: impl FnOnce(T) -> Result<U, E>) -> Result<Lookup<U>, E> {
        Ok(match self {
            Self::Found(value) => Lookup::Found(then(value)?),
            Self::Missing => Lookup::Missing,
            Self::Quarantined(warning) => Lookup::Quarantined(warning),
        })
    }
}
