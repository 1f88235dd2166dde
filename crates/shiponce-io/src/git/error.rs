//! Why git could not say or do something.

use std::path::PathBuf;
use std::time::Duration;

use super::ObjectId;
use crate::process::{ExitStatus, ProcessError};

/// Why git could not say or do something. No git and no repository are no errors: [`super::Discovery`].
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// Git could not be run.
    #[error("could not run git to {what}")]
    Run {
        /// What it was for.
        what: &'static str,
        /// The failure below.
        source: ProcessError,
    },
    /// Git said no.
    #[error("git could not {what} ({status}): {message}")]
    Failed {
        /// What it was for.
        what: &'static str,
        /// Its status.
        status: ExitStatus,
        /// The end of what it said, without credentials.
        message: String,
    },
    /// Git took too long.
    #[error("git took longer than {} s to {what}", limit.as_secs())]
    TimedOut {
        /// What it was for.
        what: &'static str,
        /// The limit.
        limit: Duration,
    },
    /// Stopping was asked for.
    #[error("interrupted while git was to {what}")]
    Interrupted {
        /// What it was for.
        what: &'static str,
    },
    /// Git said something we do not understand.
    #[error("git gave an unexpected answer when it was to {what}: {answer}")]
    Unexpected {
        /// What it was for.
        what: &'static str,
        /// The part that is not understood.
        answer: String,
    },
    /// The repository belongs to another user, and git will not read it (`safe.directory`).
    #[error("git does not trust `{}`, which belongs to another user", path.display())]
    Untrusted {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Not a name a tag can have.
    #[error("`{tag}` is no valid tag name")]
    TagName {
        /// The name.
        tag: String,
    },
    /// The tag exists on another commit; tags are never moved.
    #[error("the tag `{tag}` exists already, on commit {commit}")]
    TagElsewhere {
        /// The tag.
        tag: String,
        /// Where it is.
        commit: ObjectId,
    },
}
