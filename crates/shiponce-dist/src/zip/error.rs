//! Why an archive is refused.

use crate::member::{self, NameProblem};
use std::io;

/// A zip file that readers would not all read alike, or that costs too much to read.
#[derive(Debug, thiserror::Error)]
pub enum ZipError {
    /// The bytes cannot be read.
    #[error("cannot read the archive at byte {offset}")]
    Read {
        /// Where.
        offset: u64,
        /// What the reader said.
        source: io::Error,
    },
    /// No end record: cut off, or another kind of file.
    #[error("not a zip file: it has no end-of-central-directory record")]
    NoEnd,
    /// Bytes after the end record.
    #[error("bytes follow the end of the zip file at byte {offset}")]
    TrailingData {
        /// Where the zip file ends.
        offset: u64,
    },
    /// The archive comment holds a second end record.
    #[error("a second end record hides in the archive comment at byte {offset}")]
    AmbiguousEnd {
        /// Where.
        offset: u64,
    },
    /// Part of a set of several files.
    #[error("the end record at byte {offset} belongs to a zip file split over several disks")]
    Split {
        /// Where.
        offset: u64,
    },
    /// The two end records do not fit together.
    #[error("the zip64 end record at byte {offset} is wrong: {reason}")]
    Zip64End {
        /// Where.
        offset: u64,
        /// In what way.
        reason: &'static str,
    },
    /// The central directory does not end where the end record begins: bytes before the archive, or hidden ones.
    #[error(
        "the central directory is declared as {size} bytes at byte {offset}, but the end record begins at byte {end}"
    )]
    Misplaced {
        /// Declared begin.
        offset: u64,
        /// Declared size.
        size: u64,
        /// Where the end record begins.
        end: u64,
    },
    /// Something else where a directory record belongs.
    #[error("no central directory record at byte {offset}")]
    NotARecord {
        /// Where.
        offset: u64,
    },
    /// The directory holds more or fewer records than the end record says.
    #[error("the central directory holds other than the declared {declared} records")]
    Count {
        /// What the end record says.
        declared: u64,
    },
    /// More entries than are worth reading.
    #[error("the archive declares {declared} entries, more than {limit}")]
    TooManyEntries {
        /// What the end record says.
        declared: u64,
        /// The limit.
        limit: u64,
    },
    /// A larger directory than is worth reading.
    #[error("the central directory has {declared} bytes, more than {limit}")]
    DirectoryTooLarge {
        /// What the end record says.
        declared: u64,
        /// The limit.
        limit: u64,
    },
    /// The entries unpack to more than is worth reading.
    #[error("the archive unpacks to more than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// Bytes between the entries that no entry owns.
    #[error("bytes from {from} to {to} belong to no entry")]
    Gap {
        /// First such byte.
        from: u64,
        /// The byte after the last.
        to: u64,
    },
    /// There is no entry of that name.
    #[error("the archive has no entry `{0}`")]
    Absent(String),
    /// One entry is wrong.
    #[error("entry `{name}` at byte {offset}: {problem}")]
    Entry {
        /// Its name, escaped.
        name: String,
        /// Where the record that shows it begins.
        offset: u64,
        /// What is wrong.
        problem: EntryProblem,
    },
}

/// What is wrong with one entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryProblem {
    /// Its name is refused.
    #[error(transparent)]
    Name(NameProblem),
    /// Another entry has the same name.
    #[error("the name occurs twice")]
    Duplicate,
    /// Encrypted, or with a masked directory.
    #[error("it is encrypted")]
    Encrypted,
    /// A compressed patch.
    #[error("it is a compressed patch")]
    Patch,
    /// Neither stored nor deflated.
    #[error("compression method {0} is neither stored nor deflated")]
    Method(u16),
    /// On another disk.
    #[error("it lies on another disk")]
    Split,
    /// Extra fields that do not add up.
    #[error("its extra fields are malformed")]
    Extra,
    /// One extra field twice.
    #[error("its extra field 0x{0:04x} occurs twice")]
    ExtraTwice(u16),
    /// A second, other name in an extra field.
    #[error("an extra field gives it another name")]
    OtherName,
    /// A 64-bit field is missing or left over.
    #[error("its zip64 field does not match its sizes")]
    Zip64,
    /// Nothing packs that well.
    #[error("it declares {size} bytes unpacked from {compressed}, more than deflate can give")]
    Impossible {
        /// Declared unpacked size.
        size: u64,
        /// Packed size.
        compressed: u64,
    },
    /// A folder with content, or a stored entry with two sizes.
    #[error("its sizes do not fit its kind")]
    Sizes,
    /// No local header where the directory points.
    #[error("no local header there")]
    NoLocalHeader,
    /// It begins inside another entry or the directory.
    #[error("it overlaps what follows it")]
    Overlap,
    /// Local header and directory say different things.
    #[error("local header and central directory disagree on its {0}")]
    Disagree(&'static str),
    /// The sizes after the data are not those of the directory.
    #[error("its data descriptor disagrees with the central directory")]
    Descriptor,
    /// Longer than the caller wants to read.
    #[error("it is larger than {0} bytes")]
    TooLarge(u64),
    /// Not deflate data.
    #[error("its compressed data is damaged")]
    Damaged,
    /// It unpacks to another size than declared.
    #[error("it does not unpack to its declared {0} bytes")]
    Size(u64),
    /// Bytes after the end of the compressed data.
    #[error("bytes follow its compressed data")]
    Leftover,
    /// The checksum is wrong.
    #[error("its checksum is {found:08x}, not the declared {declared:08x}")]
    Crc {
        /// What the directory says.
        declared: u32,
        /// What the bytes give.
        found: u32,
    },
}

impl ZipError {
    pub(super) fn entry(name: &[u8], offset: u64, problem: EntryProblem) -> Self {
        Self::Entry { name: member::shown(name), offset, problem }
    }
}
