//! What can go wrong while finding, reading and resolving a configuration.
//!
//! No variant holds a secret: values that could be one are masked before they come here.

use std::path::{Path, PathBuf};

use crate::place::Place;
use crate::source::Source;

/// Where a refused value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A configuration file.
    File(Box<Place>),
    /// Anything else.
    Other(Source),
}

impl From<&Place> for Origin {
    fn from(place: &Place) -> Self {
        Self::File(Box::new(place.clone()))
    }
}

impl From<Source> for Origin {
    fn from(source: Source) -> Self {
        Self::Other(source)
    }
}

/// A configuration that cannot be used, and why.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The folder holds nothing that can be built.
    #[error("{}", no_project(dir, *empty_pyproject))]
    NoProject {
        /// The folder.
        dir: PathBuf,
        /// Whether there is a `pyproject.toml` that only configures tools.
        empty_pyproject: bool,
        /// The nearest folder above with a project.
        above: Option<PathBuf>,
    },
    /// Two files configure the project.
    #[error("both shiponce.toml and [tool.shiponce] in pyproject.toml configure this project")]
    BothFiles,
    /// A file is there or was named, and cannot be read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is not TOML.
    #[error("{} is not valid TOML: {message}", at.file)]
    Syntax {
        /// The place the parser stopped at.
        at: Box<Place>,
        /// What the parser expected.
        message: String,
    },
    /// A file is not JSON.
    #[error("{} is not valid JSON: {message}", at.file)]
    Json {
        /// The place the parser stopped at.
        at: Box<Place>,
        /// What the parser expected.
        message: String,
    },
    /// A key that means nothing.
    #[error("unknown key `{key}` in {table}")]
    UnknownKey {
        /// The key.
        at: Box<Place>,
        /// The table, as it is written: `[index.company]`.
        table: String,
        /// The key as typed.
        key: String,
        /// The known key that was probably meant.
        nearest: Option<String>,
        /// Every key that is known there.
        known: Vec<&'static str>,
    },
    /// A value that is not allowed.
    #[error("`{key}` {complaint}")]
    Invalid {
        /// Where the value came from.
        origin: Origin,
        /// The key, flag or variable.
        key: String,
        /// What is wrong with it; begins with a verb.
        complaint: String,
        /// What to write instead.
        hint: Option<String>,
    },
    /// An address without encryption.
    #[error("`{key}` is not https: {url}")]
    InsecureUrl {
        /// Where the value came from.
        origin: Origin,
        /// The key, flag or variable.
        key: String,
        /// The address.
        url: String,
    },
    /// An address with a password in it.
    #[error("`{key}` contains a user name or password: {url}")]
    SecretInUrl {
        /// Where the value came from.
        origin: Origin,
        /// The key, flag or variable.
        key: String,
        /// The address, masked.
        url: String,
    },
    /// Something that a later version honours.
    #[error("{what} is not supported in this version: {feature}")]
    NotSupported {
        /// Where it was asked for.
        origin: Origin,
        /// The key or flag.
        what: String,
        /// What it would do.
        feature: &'static str,
    },
    /// The policy of the organisation forbids it.
    #[error("the policy forbids {what}")]
    Policy {
        /// File and line of the rule.
        rule: String,
        /// What was asked for, and where.
        what: String,
        /// What is allowed instead.
        hint: String,
    },
    /// A flag names a target that does not exist.
    #[error("{flag} names no configured index: {name}")]
    UnknownTarget {
        /// The flag or variable.
        flag: String,
        /// The name.
        name: String,
        /// The configured name that was probably meant.
        nearest: Option<String>,
        /// Every name that exists.
        known: Vec<String>,
    },
    /// A word that names no variant.
    #[error("{}", unknown_variant(name, known))]
    UnknownVariant {
        /// The word.
        name: String,
        /// The name or alias that was probably meant.
        nearest: Option<String>,
        /// Every variant, with its aliases.
        known: Vec<String>,
    },
    /// A file with secrets that others can read.
    #[error("{} holds {holds} and its mode is {mode:04o}", file_name(path))]
    SecretFileReadable {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// The name of a secret in it, never its value.
        holds: String,
    },
    /// A credential that is no complete API token.
    #[error("the token from {} {reason}", variable(from))]
    TokenMalformed {
        /// The index it would be used for.
        index: String,
        /// Where it came from.
        from: Source,
        /// What is wrong with it; begins with a verb.
        reason: &'static str,
        /// What to set instead.
        hint: &'static str,
    },
    /// An API token of another index.
    #[error("the token from {} was issued by {issuer}, not by {expected}", variable(from))]
    TokenForeignHost {
        /// The index it would be used for.
        index: String,
        /// Where it came from.
        from: Source,
        /// The location inside the token.
        issuer: String,
        /// The location that would fit.
        expected: String,
    },
    /// No credential anywhere.
    #[error("no credential for index {index}")]
    TokenMissing {
        /// The index.
        index: String,
        /// What was looked at, and what was there.
        looked: Vec<String>,
        /// What to set.
        hints: Vec<String>,
    },
}

impl ConfigError {
    /// A file that cannot be read. The path stands in the message; `fs_err` would repeat it in the cause and hides
    /// the code of the system, so the cause is worded here.
    pub(crate) fn read(path: &Path, error: &std::io::Error) -> Self {
        let source = match error.kind() {
            std::io::ErrorKind::NotFound => std::io::Error::other("there is no such file"),
            std::io::ErrorKind::PermissionDenied => std::io::Error::other("permission denied"),
            std::io::ErrorKind::InvalidData => std::io::Error::other("it is not text in UTF-8"),
            kind => std::io::Error::from(kind),
        };
        Self::Read { path: path.to_owned(), source }
    }
}

fn no_project(dir: &Path, empty_pyproject: bool) -> String {
    let dir = dir.display();
    if empty_pyproject {
        format!("pyproject.toml has neither [project] nor [build-system] in {dir}")
    } else {
        format!("no pyproject.toml, setup.cfg or setup.py in {dir}")
    }
}

fn unknown_variant(name: &str, known: &[String]) -> String {
    if known.is_empty() {
        format!("--variant names `{name}`, and this project has no variants")
    } else {
        format!("--variant names no variant of this project: {name}")
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// The name of a source in a sentence: a variable without the word before it.
fn variable(source: &Source) -> String {
    match source {
        Source::Environment(name) => name.clone(),
        other => other.to_string(),
    }
}
