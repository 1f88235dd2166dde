//! `check publisher`: who the CI says this is, and what the indexes would make of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is known about the trusted publisher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedPublisherStatus {
    /// The CI that offers an identity, such as `GitHub Actions`; `null` where there is none to look at.
    pub provider: Option<String>,
    /// What the identity says, by claim. The token itself is in no document.
    pub claims: BTreeMap<String, String>,
    /// One row per index with trusted publishing.
    pub indexes: Vec<PublisherRow>,
}

/// The publisher on one index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublisherRow {
    /// The index.
    pub index: String,
    /// What is known.
    pub state: PublisherState,
    /// The audience that the index asks for; `null` when it was not asked or has no trusted publishing.
    pub audience: Option<String>,
    /// What to enter in the form of the index, field by field.
    pub register: Vec<FormField>,
    /// Under which identity the last release with provenance was published.
    pub last: Option<LastPublisher>,
    /// Why nothing is known, when that is so.
    pub reason: Option<String>,
}

/// What is known about the publisher on one index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PublisherState {
    /// The index exchanged the identity (`--mint`).
    Accepted,
    /// The index refused to exchange the identity (`--mint`).
    Refused,
    /// The last release with provenance was published under the same identity.
    SameAsLast,
    /// The last release with provenance was published under another identity.
    OtherThanLast,
    /// There is an identity, and nothing to compare it with: only the index knows what is registered.
    NotCompared,
    /// The index has no trusted publishing.
    NotOffered,
    /// This is no job that could publish: there is no identity to look at.
    UnverifiableHere,
    /// The index or the CI could not be asked.
    Unknown,
}

/// A field of the form in which a publisher is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormField {
    /// Its label.
    pub field: String,
    /// What to enter.
    pub value: String,
}

/// The identity of an earlier release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastPublisher {
    /// The release.
    pub version: String,
    /// The kind of publisher, such as `GitHub`.
    pub kind: String,
    /// The repository, `owner/name`.
    pub repository: Option<String>,
    /// The workflow file.
    pub workflow: Option<String>,
    /// The environment it is registered with; `null` accepts any.
    pub environment: Option<String>,
}
