//! Why a tar file is refused.

use super::limited::Exceeded;
use crate::member::{self, NameProblem};
use std::io;

/// A tar file that readers would not all read alike, or that costs too much to read.
#[derive(Debug, thiserror::Error)]
pub enum TarError {
    /// Damaged or unreadable.
    #[error("the archive is damaged or cannot be read")]
    Read(#[source] io::Error),
    /// Bytes after the end marker.
    #[error("bytes follow the end of the tar file")]
    TrailingData,
    /// More members than are worth reading.
    #[error("the archive has more than {limit} members")]
    TooManyMembers {
        /// The limit.
        limit: usize,
    },
    /// It unpacks to more than is worth reading.
    #[error("the archive unpacks to more than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// A header that describes the next member, and no next member.
    #[error("the last header describes a member that does not follow")]
    Dangling,
    /// One member is wrong.
    #[error("member `{name}` at byte {offset} of the unpacked archive: {problem}")]
    Member {
        /// Its name, escaped.
        name: String,
        /// Where its header begins.
        offset: u64,
        /// What is wrong.
        problem: MemberProblem,
    },
}

/// What is wrong with one member.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MemberProblem {
    /// Its name is refused.
    #[error(transparent)]
    Name(NameProblem),
    /// Another member has the same name.
    #[error("the name occurs twice")]
    Duplicate,
    /// A sparse file, which PyPI refuses.
    #[error("it is a sparse file")]
    Sparse,
    /// A device, a pipe or something unknown.
    #[error("it is of the kind `{}`, neither file, folder nor link", char::from(*.0).escape_default())]
    Kind(u8),
    /// A folder or link with content.
    #[error("it is a folder or a link and has content")]
    Data,
    /// A link that leaves the archive's folder.
    #[error("it links to `{0}`, outside the archive's folder")]
    Link(String),
    /// Longer than the caller wants to read.
    #[error("it is larger than {0} bytes")]
    TooLarge(u64),
    /// A long name or PAX header beyond any use.
    #[error("its extension header is larger than {0} bytes")]
    Extension(u64),
    /// A PAX header that is not `length key=value` lines.
    #[error("its PAX header is malformed")]
    Pax,
    /// A PAX record that changes what other readers see.
    #[error("its PAX header sets `{0}`, which readers treat differently")]
    PaxKey(String),
    /// Two headers that name the same member.
    #[error("two extension headers describe it")]
    TwoExtensions,
    /// Bytes where only POSIX headers have a path prefix.
    #[error("its header has a path prefix without being a POSIX header")]
    Prefix,
}

impl TarError {
    /// An error of the reader, told apart from the limit.
    pub(super) fn read(source: io::Error) -> Self {
        match source.get_ref().and_then(|inner| inner.downcast_ref::<Exceeded>()) {
            Some(Exceeded(limit)) => Self::TooLarge { limit: *limit },
            None => Self::Read(source),
        }
    }

    pub(super) fn member(name: &[u8], offset: u64, problem: MemberProblem) -> Self {
        Self::Member { name: member::shown(name), offset, problem }
    }
}
