//! Tags: those the world holds, and those a caller's own repository holds.

use std::fmt;
use std::sync::Arc;

/// A tag of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The commit it is on, 40 hexadecimal digits.
    pub commit: String,
    /// The id of the tag object, where the tag is an annotated one.
    pub object: Option<String>,
}

impl Tag {
    /// A name for a commit and no more.
    #[must_use]
    pub fn lightweight(commit: &str) -> Self {
        Self { commit: commit.to_owned(), object: None }
    }

    /// A tag object that points at a commit.
    #[must_use]
    pub fn annotated(commit: &str, object: &str) -> Self {
        Self { commit: commit.to_owned(), object: Some(object.to_owned()) }
    }
}

/// Reads the tags of a real git repository, so that what is pushed there is known here.
///
/// The function gets a tag's name and is asked anew every time. It runs while the world is locked: it must not
/// look at the world.
#[derive(Clone)]
pub struct Refs(Arc<Read>);

type Read = dyn Fn(&str) -> Option<Tag> + Send + Sync;

impl Refs {
    /// Wraps a function.
    pub fn new(read: impl Fn(&str) -> Option<Tag> + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    pub(crate) fn read(&self, tag: &str) -> Option<Tag> {
        (self.0)(tag)
    }
}

impl fmt::Debug for Refs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Refs")
    }
}
