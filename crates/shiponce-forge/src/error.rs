//! What can come of a call besides its answer, told apart by what the caller must do next.

use std::time::Duration;

use shiponce_core::Sha256;
use shiponce_io::http::TransportError;

use crate::rate_limit::{Limit, RateLimited};
use crate::token::TokenKept;

/// A call without its answer. `call` says what was being done, as in `list the releases of owner/demo`; `message` holds
/// GitHub's own words on one line, safe to print and to store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing reached GitHub.
    #[error("could not {call}: nothing was sent")]
    NotSent {
        /// What was being done.
        call: String,
        /// What went wrong.
        source: Box<TransportError>,
    },
    /// The token stays here; nothing was sent.
    #[error("could not {call}: the token was not sent")]
    Token {
        /// What was being done.
        call: String,
        /// Why it stays.
        source: TokenKept,
    },
    /// A read without a whole answer. Nothing changed and nothing is known.
    #[error("could not {call}: no answer")]
    Unread {
        /// What was being done.
        call: String,
        /// What went wrong.
        source: Box<TransportError>,
    },
    /// A write that may have happened: its answer was lost. Look before trying again.
    #[error("could not {call} for certain: the answer was lost")]
    AnswerLost {
        /// What was being done.
        call: String,
        /// What went wrong.
        source: Box<TransportError>,
    },
    /// GitHub failed. After a write nothing is known about it: a 502 of an upload leaves an asset in the state
    /// `starter` ("Response for upstream failure" in the documentation of the call).
    #[error("could not {call}: GitHub answered {status}{}", words(message))]
    Server {
        /// What was being done.
        call: String,
        /// The status.
        status: u16,
        /// Its words.
        message: String,
        /// How long it asks to wait.
        wait: Option<Duration>,
        /// Whether something was to be written, and so may have been.
        write: bool,
    },
    /// No such thing, or none that this token may see: GitHub answers 404 for both.
    #[error("could not {call}: GitHub says there is no such thing, or none this token may see")]
    NotFound {
        /// What was being done.
        call: String,
    },
    /// The token is wrong, expired or revoked.
    #[error("could not {call}: GitHub does not accept the token{}", words(message))]
    Unauthenticated {
        /// What was being done.
        call: String,
        /// Its words.
        message: String,
    },
    /// The token is known and may not do this.
    #[error("could not {call}: the token may not do it{}", words(message))]
    Forbidden {
        /// What was being done.
        call: String,
        /// Its words.
        message: String,
    },
    /// Too many requests; nothing was done.
    #[error("could not {call}: GitHub's {} is used up for {} s", limit(.limited), limited.wait.as_secs())]
    RateLimited {
        /// What was being done.
        call: String,
        /// Which limit, and for how long.
        limited: RateLimited,
        /// Its words.
        message: String,
    },
    /// GitHub understood the request and refused it; nothing was done.
    #[error("could not {call}: GitHub refuses{}", words(message))]
    Refused {
        /// What was being done.
        call: String,
        /// Why, where it is one of the known reasons.
        reason: Reason,
        /// The status.
        status: u16,
        /// Its words, those of its `errors` included.
        message: String,
    },
    /// The repository has another name now. No redirect is followed with a token.
    #[error("could not {call}: GitHub sends the request elsewhere ({status}): {to}")]
    Moved {
        /// What was being done.
        call: String,
        /// The status.
        status: u16,
        /// Where to, without credentials and query.
        to: String,
    },
    /// An answer that this version does not understand.
    #[error("could not {call}: the answer is not understood: {complaint}")]
    Malformed {
        /// What was being done.
        call: String,
        /// What is wrong with it.
        complaint: String,
        /// Whether something was to be written, and so may have been.
        write: bool,
    },
    /// The caller's place for downloaded bytes failed.
    #[error("could not store what came for: {call}")]
    Store {
        /// What was being done.
        call: String,
        /// The failure of the sink.
        source: std::io::Error,
    },
    /// Other bytes than expected. They are in the sink and must not be used.
    #[error("could not {call}: its bytes have sha256 {found}, not {expected}")]
    OtherBytes {
        /// What was being done.
        call: String,
        /// The digest that was expected.
        expected: Sha256,
        /// The digest that came.
        found: Sha256,
    },
}

/// Why GitHub refuses, in the words of its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// `already_exists`: a published release of the tag, or an asset of the name.
    AlreadyExists,
    /// The release is immutable: `Cannot upload assets to an immutable release`.
    Immutable,
    /// `tag_name was used by an immutable release`: the name is burned for ever.
    BurnedTag,
    /// Anything else.
    Other,
}

impl Error {
    /// Whether a write may have happened although this came back. The caller looks before it tries again.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        match self {
            Self::AnswerLost { .. } => true,
            Self::Server { write, .. } | Self::Malformed { write, .. } => *write,
            _ => false,
        }
    }

    /// Whether the same call may succeed later without anybody changing anything.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::NotSent { source, .. } => crate::answer::passes(source),
            Self::Unread { .. }
            | Self::AnswerLost { .. }
            | Self::Server { .. }
            | Self::RateLimited { .. } => true,
            _ => false,
        }
    }

    /// How long GitHub asks to wait before the next request, if it does.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        match self {
            Self::Server { wait, .. } => *wait,
            Self::RateLimited { limited, .. } => Some(limited.wait),
            _ => None,
        }
    }

    /// Why GitHub refused, if it did.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Self::Refused { reason, .. } => Some(*reason),
            _ => None,
        }
    }

    /// What a person can do about it, where that is known.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Unauthenticated { .. } => Some("check the token, or log in again: gh auth login"),
            Self::Forbidden { .. } => Some(
                "the token needs write access to the contents of the repository; in a workflow: permissions: \
                 contents: write",
            ),
            Self::NotFound { .. } => Some("check the name of the repository, and that the token may see it"),
            Self::Moved { .. } => Some(
                "the repository has another name now: write it into [github] repository, or point origin at it",
            ),
            Self::Token { .. } => Some("use the https address of the API, and the token that belongs to it"),
            Self::Refused { reason: Reason::BurnedTag, .. } => {
                Some("release under another tag: GitHub never gives this name to a release again")
            }
            Self::Refused { reason: Reason::Immutable, .. } => Some(
                "make releases as drafts and publish them when they are complete: afterwards nothing changes",
            ),
            _ => None,
        }
    }

    /// Whether GitHub said that there is no such thing.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }
}

fn words(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(": {message}") }
}

fn limit(limited: &RateLimited) -> &'static str {
    match limited.limit {
        Limit::Primary => "rate limit",
        Limit::Secondary => "secondary rate limit",
    }
}
