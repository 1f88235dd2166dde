//! Effects on a forge, as the journal names them.

use std::fmt;

/// Something that changes a forge. An intent with its name is written before it, what came back after it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Makes the draft.
    Create,
    /// Removes an empty duplicate of the draft.
    Remove {
        /// The draft.
        release: u64,
    },
    /// Writes our marker into the draft's text anew.
    Mark {
        /// The draft.
        release: u64,
    },
    /// Sends a file.
    Upload {
        /// The page.
        release: u64,
        /// The file's name as it was given.
        name: String,
    },
    /// Deletes what stands in a file's way.
    Delete {
        /// The page.
        release: u64,
        /// The asset.
        asset: u64,
    },
    /// Makes the draft public.
    Publish {
        /// The draft.
        release: u64,
    },
}

impl fmt::Display for Effect {
    /// The name in the journal. It begins with a word and a space, so no file of an index has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create => write!(f, "create draft"),
            Self::Remove { release } => write!(f, "remove {release}"),
            Self::Mark { release } => write!(f, "mark {release}"),
            Self::Upload { release, name } => write!(f, "upload {release} {name}"),
            Self::Delete { release, asset } => write!(f, "delete {release} {asset}"),
            Self::Publish { release } => write!(f, "publish {release}"),
        }
    }
}
