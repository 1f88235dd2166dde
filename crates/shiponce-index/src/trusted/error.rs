//! Why an exchange failed.

use shiponce_io::http::TransportError;

use super::Claims;
use crate::credential::SecureError;
use crate::explain::Explanation;

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TrustedError {
    /// The address is neither https nor this machine.
    #[error("trusted publishing is not used over an open connection")]
    Insecure(#[source] SecureError),
    /// The index has no trusted publishing.
    #[error("`{origin}` has no trusted publishing")]
    NotOffered {
        /// The index.
        origin: String,
    },
    /// The index has switched it off.
    #[error("`{origin}` has trusted publishing switched off: {message}")]
    SwitchedOff {
        /// The index.
        origin: String,
        /// Its words.
        message: String,
    },
    /// The index could not be asked for its audience.
    #[error("could not ask `{origin}` for the audience of trusted publishing: {message}")]
    Audience {
        /// The index.
        origin: String,
        /// What came back.
        message: String,
    },
    /// No answer from the index or from the CI.
    #[error("no answer while {doing}")]
    Unanswered {
        /// Which step it was.
        doing: &'static str,
        /// What went wrong.
        source: TransportError,
    },
    /// The CI gave no identity token.
    #[error("the CI gave no identity token: {message}")]
    Identity {
        /// What came back.
        message: String,
    },
    /// What was given as an identity token is none.
    #[error("`{from}` does not hold an identity token: it has not the shape of a JWT")]
    Malformed {
        /// Where it came from.
        from: String,
    },
    /// The answer to a mint was lost, and with it the identity token.
    #[error("the answer of `{origin}` to the exchange was lost, and {reason}: {message}")]
    Lost {
        /// The index.
        origin: String,
        /// Why it is not tried again.
        reason: &'static str,
        /// What happened to it.
        message: String,
    },
    /// The index said no.
    #[error("the index refused the exchange ({}): {}", .0.code, .0.description)]
    Refused(Box<RefusedMint>),
}

/// A refused exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedMint {
    /// The index's code: `invalid-publisher`, `invalid-token`, …
    pub code: String,
    /// Its words.
    pub description: String,
    /// Who the CI says this is.
    pub claims: Claims,
    /// What it means and what to register.
    pub explanation: Explanation,
}

impl TrustedError {
    /// What it means and what to do.
    #[must_use]
    pub fn explanation(&self) -> Explanation {
        let explained = |rule, why: &str, hint: &str| Explanation::new(rule, self.to_string(), why, hint);
        match self {
            Self::Refused(refused) => refused.explanation.clone(),
            Self::Insecure(_) => explained(
                "trusted-insecure",
                "identity tokens and API tokens are secrets",
                "use the https address of the index",
            ),
            Self::NotOffered { .. } => explained(
                "trusted-not-offered",
                "its server answers 404 where PyPI names the audience of identity tokens",
                "configure a token for this index",
            ),
            Self::SwitchedOff { .. } => explained(
                "trusted-switched-off",
                "the operators of the index have switched it off for now",
                "run the same command again later",
            ),
            Self::Audience { .. } | Self::Unanswered { .. } => explained(
                "trusted-unanswered",
                "without an answer nothing was sent and nothing is lost",
                "run the same command again",
            ),
            Self::Identity { .. } => explained(
                "identity-missing",
                "GitHub gives identity tokens only to jobs with the permission `id-token: write`, and not to workflows \
                 of pull requests from forks",
                "add `permissions: id-token: write` to the job that publishes",
            ),
            Self::Malformed { .. } => explained(
                "identity-malformed",
                "an identity token is three parts of base64 with dots between them",
                "on GitLab, declare it under `id_tokens:` with `aud:` set to the audience of the index",
            ),
            Self::Lost { .. } => explained(
                "mint-lost",
                "the index takes an identity token once; it may have been used up by the request that got no answer",
                "run the job again: a new job has a new identity token",
            ),
        }
    }
}
