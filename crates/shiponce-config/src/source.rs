//! Where a value came from: kept beside every value, printed by `config show --sources`.

use std::fmt;

use crate::place::Place;

/// The origin of one value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Nobody said anything.
    Default,
    /// A line of a configuration file.
    File {
        /// The file as it is named to the user.
        file: String,
        /// The line, counted from 1.
        line: usize,
    },
    /// A variable of the real environment.
    Environment(String),
    /// A flag of the command line, with its hyphens.
    Flag(String),
    /// A file that other tools own, such as `.pypirc [pypi]` or `.env PYPI_TOKEN`.
    Fallback(String),
}

impl From<&Place> for Source {
    fn from(place: &Place) -> Self {
        Self::File { file: place.file.clone(), line: place.line }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { file, line } => write!(f, "{file}:{line}"),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag(name) => write!(f, "flag {name}"),
            Self::Fallback(what) => f.write_str(what),
        }
    }
}

/// A value with its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub source: Source,
}

impl<T> Sourced<T> {
    /// A value nobody set.
    pub const fn default_of(value: T) -> Self {
        Self { value, source: Source::Default }
    }

    /// A value with its origin.
    pub const fn new(value: T, source: Source) -> Self {
        Self { value, source }
    }

    /// Whether somebody set it.
    pub const fn is_explicit(&self) -> bool {
        !matches!(self.source, Source::Default)
    }
}
