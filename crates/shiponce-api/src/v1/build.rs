//! `build`: what was built, and how two builds of it differ.

use serde::{Deserialize, Serialize};

use super::{ErrorBody, PlacedWord};

/// The document of `build --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildDocument {
    /// One entry per distribution: the project, or each of its variants.
    pub packages: Vec<BuiltPackage>,
}

/// What was built of one distribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltPackage {
    /// The project, as PEP 503 normalises it.
    pub project: String,
    /// The variant of the project; `null` when it has none.
    pub variant: Option<String>,
    /// The version of the files, as PEP 440 normalises it; `null` when nothing was built.
    pub version: Option<String>,
    /// The commit at HEAD; `null` outside a repository.
    pub commit: Option<String>,
    /// Whether the files are of that commit alone; `false` when the working tree had changes, or there is no commit.
    pub clean: bool,
    /// `SOURCE_DATE_EPOCH` of the build, from the commit: seconds since 1970.
    pub source_date_epoch: Option<i64>,
    /// The legs of the matrix that were asked for; empty without a matrix.
    pub legs: Vec<String>,
    /// The files, in order of their names.
    pub files: Vec<BuiltFile>,
    /// Whether two builds came out the same; `null` without `--twice`.
    pub reproducible: Option<bool>,
    /// What differs between two builds.
    pub differences: Vec<DifferenceRow>,
    /// Why nothing was built, or why it is no good; `null` when all is well.
    pub error: Option<ErrorBody>,
}

/// One built file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltFile {
    /// Its name.
    pub filename: String,
    /// Where it lies; `null` when it was not put into the dist folder.
    pub path: Option<String>,
    /// Its size in bytes.
    pub size: u64,
    /// Its digest.
    pub sha256: String,
    /// Whether it is new in the dist folder; `null` when it was not put there.
    pub status: Option<PlacedWord>,
}

/// One difference between two builds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DifferenceRow {
    /// The file.
    pub filename: String,
    /// The entry of its archive; `null` for the file as a whole.
    pub entry: Option<String>,
    /// What differs, in words.
    pub what: String,
    /// The first byte of the entry that differs, from 0; `null` where that means nothing.
    pub offset: Option<u64>,
}

impl DifferenceRow {
    /// Entry and difference as one fragment.
    #[must_use]
    pub fn described(&self) -> String {
        match &self.entry {
            Some(entry) => format!("{entry}: {}", self.what),
            None => self.what.clone(),
        }
    }
}
