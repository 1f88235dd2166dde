//! RECORD: the list of a wheel's files with their digests (PEP 376, PEP 427).

mod csv;
mod hash;
mod verify;

pub use hash::{Algorithm, RecordHash};
pub use verify::{RecordProblem, verify};

/// RECORD is read up to this size in bytes.
pub const RECORD_LIMIT: u64 = 64 << 20;

/// One line of RECORD.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The file, relative to the root of the wheel.
    pub path: String,
    /// The digest as written, `sha256=…`; empty for RECORD itself.
    pub hash: String,
    /// The size as written; empty where the writer left it out.
    pub size: String,
    /// The line, from 1.
    pub line: usize,
}

/// A parsed RECORD.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// The lines in order.
    pub rows: Vec<Row>,
}

/// Why a RECORD cannot be read as one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Not UTF-8.
    #[error("RECORD is not UTF-8")]
    NotUtf8,
    /// Not three columns.
    #[error("line {line} of RECORD has {found} columns, not path, digest and size")]
    Columns {
        /// The line, from 1.
        line: usize,
        /// Columns found.
        found: usize,
    },
    /// A quoted column that does not end.
    #[error("line {line} of RECORD has a quote that does not end")]
    Quote {
        /// The line, from 1.
        line: usize,
    },
}

impl Record {
    /// Parses the bytes of RECORD.
    ///
    /// # Errors
    /// [`RecordError`] when it is not UTF-8 or not CSV with three columns.
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
        let text = std::str::from_utf8(bytes).map_err(|_| RecordError::NotUtf8)?;
        csv::parse(text)
    }

    /// The lines as installers read them, without carriage returns.
    pub(crate) fn to_text(&self) -> String {
        csv::write(&self.rows)
    }
}

/// The digest column of a SHA-256 digest.
pub(crate) fn sha256(digest: &[u8]) -> String {
    format!("sha256={}", hash::encode(digest))
}
