//! Two builds of one file: what differs, entry by entry, down to the first byte.
//!
//! For people who want builds that come out the same: a difference in a time or an order is mended in one place, a
//! difference in content in another.

mod contents;
mod tar;
mod zip;

use crate::distribution::{Distribution, Kind};
use std::fmt;
use std::io;

/// At most this many differences are described; a build with more has one cause for most of them.
pub const DIFFERENCES_MAX: usize = 200;

/// One difference between two files of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The entry of the archive; `None` for the archive as a whole.
    pub entry: Option<String>,
    /// What differs.
    pub what: What,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Only one build has the entry.
    OnlyIn {
        /// Whether it is the first one.
        first: bool,
    },
    /// The same entries stand in another order.
    Order,
    /// A value beside the content.
    Field {
        /// Which.
        name: &'static str,
        /// In the first build.
        first: String,
        /// In the second build.
        second: String,
    },
    /// The content.
    Content {
        /// The first byte that differs, from 0; `None` for contents too large to be held side by side.
        offset: Option<u64>,
        /// Size in the first build in bytes.
        first: u64,
        /// Size in the second build in bytes.
        second: u64,
    },
    /// Everything a reader sees is the same, and the files are not: another compressor, or padding.
    Packing,
}

/// Why two files could not be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// A file cannot be read again; the source names it.
    #[error("a built file cannot be read again")]
    Read(#[source] io::Error),
    /// A wheel that was sound is not any more.
    #[error("a built wheel cannot be read again")]
    Zip(#[source] crate::zip::ZipError),
    /// An sdist that was sound is not any more.
    #[error("a built sdist cannot be read again")]
    Tar(#[source] crate::tar::TarError),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(entry) = &self.entry {
            write!(f, "{entry}: ")?;
        }
        match &self.what {
            What::OnlyIn { first: true } => f.write_str("only in the first build"),
            What::OnlyIn { first: false } => f.write_str("only in the second build"),
            What::Order => f.write_str("the entries stand in another order"),
            What::Field { name, first, second } => write!(f, "{name}: {first} and {second}"),
            What::Content { offset: Some(offset), first, second } => {
                write!(f, "content differs from byte {offset} on ({first} and {second} bytes)")
            }
            What::Content { offset: None, first, second } => {
                write!(f, "content differs ({first} and {second} bytes)")
            }
            What::Packing => f.write_str("the same entries are packed differently"),
        }
    }
}

/// Compares two builds of one file. Empty when they have the same bytes; at most [`DIFFERENCES_MAX`] otherwise.
///
/// # Errors
/// [`CompareError`] when one of them is gone or has changed since it was opened.
pub fn compare(first: &Distribution, second: &Distribution) -> Result<Vec<Difference>, CompareError> {
    if first.digests.sha256 == second.digests.sha256 {
        return Ok(Vec::new());
    }
    let mut found = match (&first.kind, &second.kind) {
        (Kind::Wheel(first), Kind::Wheel(second)) => zip::compare(&first.path, &second.path)?,
        (Kind::Sdist(_), Kind::Sdist(_)) if first.filename.to_string().ends_with(".zip") => {
            zip::compare(&first.path, &second.path)?
        }
        _ => tar::compare(&first.path, &second.path)?,
    };
    if found.is_empty() {
        found.push(Difference { entry: None, what: What::Packing });
    }
    found.truncate(DIFFERENCES_MAX);
    Ok(found)
}

/// Entries of one build only, and whether those of both stand in the same order.
fn presence(first: &[&str], second: &[&str]) -> Vec<Difference> {
    let in_second: std::collections::HashSet<&str> = second.iter().copied().collect();
    let in_first: std::collections::HashSet<&str> = first.iter().copied().collect();
    let only =
        |name: &str, first: bool| Difference { entry: Some(name.to_owned()), what: What::OnlyIn { first } };
    let mut found: Vec<Difference> =
        first.iter().filter(|name| !in_second.contains(*name)).map(|name| only(name, true)).collect();
    found.extend(second.iter().filter(|name| !in_first.contains(*name)).map(|name| only(name, false)));
    let common = |names: &[&str], other: &std::collections::HashSet<&str>| -> Vec<String> {
        names.iter().filter(|name| other.contains(*name)).map(|name| (*name).to_owned()).collect()
    };
    if common(first, &in_second) != common(second, &in_first) {
        found.push(Difference { entry: None, what: What::Order });
    }
    found
}

/// The difference of a value beside the content, when there is one.
fn field(entry: Option<&str>, name: &'static str, first: String, second: String) -> Option<Difference> {
    let entry = entry.map(ToOwned::to_owned);
    (first != second).then_some(Difference { entry, what: What::Field { name, first, second } })
}
