//! The log of every request, and the observer that watches them pass.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::address::Index;

/// What kind of thing a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteKind {
    /// The upload view, its old addresses and its other actions included.
    Upload,
    /// The JSON API.
    Json,
    /// The Simple API in either form.
    Simple,
    /// A distribution file.
    File,
    /// The `.metadata` file of a wheel (PEP 658).
    Metadata,
    /// The provenance of a file (PEP 740).
    Provenance,
    /// The audience for trusted publishing.
    Audience,
    /// The exchange of an identity token for an API token.
    Mint,
    /// An API token given back.
    Burn,
    /// The runner's endpoint that issues identity tokens.
    Identity,
    /// Everything else.
    Other,
}

impl RouteKind {
    pub(crate) const WORDS: [(&'static str, Self); 11] = [
        ("upload", Self::Upload),
        ("json", Self::Json),
        ("simple", Self::Simple),
        ("file", Self::File),
        ("metadata", Self::Metadata),
        ("provenance", Self::Provenance),
        ("audience", Self::Audience),
        ("mint", Self::Mint),
        ("burn", Self::Burn),
        ("identity", Self::Identity),
        ("other", Self::Other),
    ];

    /// The word used for this kind in a fault specification.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("other", |(word, _)| word)
    }
}

/// One request as the world saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Counts from 0 over the whole world, in the order in which requests arrived.
    pub sequence: u64,
    /// When the answer was made, by the world's clock.
    pub at: Timestamp,
    /// The index, `None` for the runner's endpoint and unknown addresses.
    pub index: Option<Index>,
    /// What was asked for.
    pub route: RouteKind,
    /// The request method.
    pub method: String,
    /// The path as it was sent.
    pub path: String,
    /// The project, in its normalised spelling, where the address or the form names one.
    pub project: Option<String>,
    /// The file, where the address or the form names one.
    pub filename: Option<String>,
    /// The status of the answer; `None` when the connection died instead.
    pub status: Option<u16>,
    /// The length of the request body.
    pub bytes_in: u64,
    /// Whether the request asks for a change of what the index publishes: a file upload.
    pub is_write: bool,
    /// Whether anything on the index changed.
    pub changed: bool,
    /// Whether the answer came from the upstream.
    pub proxied: bool,
    /// The fault that met the request, as it was specified.
    pub fault: Option<String>,
}

/// When an observer is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The request has arrived in full and has had no effect; the status is not known.
    BeforeEffect,
    /// The effect has happened; the answer has not been sent.
    AfterEffect,
}

/// Called for every request, twice. It runs on the server's thread and may block it: a test may kill the
/// client here and be sure that the client has not read the answer.
#[derive(Clone)]
pub struct Observer(Arc<Watch>);

type Watch = dyn Fn(Moment, &LogEntry) + Send + Sync;

impl Observer {
    /// Wraps a function.
    pub fn new(watch: impl Fn(Moment, &LogEntry) + Send + Sync + 'static) -> Self {
        Self(Arc::new(watch))
    }

    pub(crate) fn call(&self, moment: Moment, entry: &LogEntry) {
        (self.0)(moment, entry);
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}
