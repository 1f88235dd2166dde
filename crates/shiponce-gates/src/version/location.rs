//! A place that states the version.

use shiponce_core::Version;

use super::read::Found;

/// A place that states the version of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file, relative to the project.
    pub file: String,
    /// The line, counted from 1.
    pub line: Option<u32>,
    /// How it was found, such as `[project] version`.
    pub source: String,
    /// Whether the build, or the user, names this place. Others are found by their name alone.
    pub declared: bool,
    /// What it says.
    pub reading: Reading,
}

/// What a place says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A version.
    Version {
        /// As written.
        text: String,
        /// As PEP 440 reads it.
        version: Version,
    },
    /// A text that is no PEP 440 version.
    NotAVersion(String),
    /// It is computed by the build.
    AfterBuild(String),
    /// The version is the tag's: there is nothing to compare.
    FromTag,
    /// The user named it, and it is not there.
    Missing(String),
}

impl Location {
    /// A place whose text is at hand.
    pub(crate) fn read(file: &str, source: impl Into<String>, found: &Found, declared: bool) -> Self {
        let text = found.text.trim().to_owned();
        let reading = match text.parse() {
            Ok(version) => Reading::Version { text, version },
            Err(_) => Reading::NotAVersion(text),
        };
        Self { file: file.to_owned(), line: Some(found.line), source: source.into(), declared, reading }
    }

    /// A place that says nothing that can be read here.
    pub(crate) fn other(file: &str, line: Option<u32>, source: impl Into<String>, reading: Reading) -> Self {
        Self { file: file.to_owned(), line, source: source.into(), declared: true, reading }
    }

    /// The version it states.
    #[must_use]
    pub fn version(&self) -> Option<&Version> {
        match &self.reading {
            Reading::Version { version, .. } => Some(version),
            _ => None,
        }
    }

    /// The text as written.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.reading {
            Reading::Version { text, .. } | Reading::NotAVersion(text) => Some(text),
            Reading::AfterBuild(_) | Reading::FromTag | Reading::Missing(_) => None,
        }
    }

    /// `file:line`, or the file alone.
    #[must_use]
    pub fn place(&self) -> String {
        self.line.map_or_else(|| self.file.clone(), |line| format!("{}:{line}", self.file))
    }
}
