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
    /// GitHub: a repository, and its switch for immutable releases.
    GithubRepository,
    /// GitHub: the list of releases.
    GithubList,
    /// GitHub: one release, by tag or number, or the latest.
    GithubRelease,
    /// GitHub: a release is made.
    GithubCreate,
    /// GitHub: a release is changed; publishing a draft is such a change.
    GithubPublish,
    /// GitHub: a release is deleted.
    GithubDelete,
    /// GitHub: the assets of a release, or the description of one.
    GithubAssets,
    /// GitHub: an asset is uploaded.
    GithubAsset,
    /// GitHub: an asset is deleted.
    GithubDeleteAsset,
    /// GitHub: the bytes of an asset or an artifact, and the redirection to them.
    GithubDownload,
    /// GitHub: a reference, a tag object or a commit.
    GithubTag,
    /// GitHub: notes are generated.
    GithubNotes,
    /// GitHub: the artifacts of a workflow run.
    GithubArtifacts,
    /// GitHub: everything else.
    GithubOther,
    /// Everything else.
    Other,
}

impl RouteKind {
    pub(crate) const WORDS: [(&'static str, Self); 25] = [
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
        ("github.repository", Self::GithubRepository),
        ("github.list", Self::GithubList),
        ("github.release", Self::GithubRelease),
        ("github.create", Self::GithubCreate),
        ("github.publish", Self::GithubPublish),
        ("github.delete", Self::GithubDelete),
        ("github.assets", Self::GithubAssets),
        ("github.asset", Self::GithubAsset),
        ("github.delete-asset", Self::GithubDeleteAsset),
        ("github.download", Self::GithubDownload),
        ("github.tag", Self::GithubTag),
        ("github.notes", Self::GithubNotes),
        ("github.artifacts", Self::GithubArtifacts),
        ("github.other", Self::GithubOther),
        ("other", Self::Other),
    ];

    /// Whether the request is for GitHub.
    #[must_use]
    pub fn is_github(self) -> bool {
        self.word().starts_with("github.")
    }

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
    /// The index, `None` for GitHub, the runner's endpoint and unknown addresses.
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
    /// The repository on GitHub, as `owner/name`.
    pub repository: Option<String>,
    /// The status of the answer; `None` when the connection died instead.
    pub status: Option<u16>,
    /// The length of the request body.
    pub bytes_in: u64,
    /// Whether the request asks for a change of what is published: a file upload, or on GitHub a release or an
    /// asset that is made, changed or deleted.
    pub is_write: bool,
    /// Whether anything changed.
    pub changed: bool,
    /// Whether the answer came from the upstream.
    pub proxied: bool,
    /// The fault that met the request, as it was specified.
    pub fault: Option<String>,
}

/// A request to GitHub with its answer, in full. An answer that died on its way is as the world meant it.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The entry of the log it belongs to.
    pub entry: LogEntry,
    /// The request; its address is the path and the query.
    pub request: http::Request<bytes::Bytes>,
    /// The answer.
    pub response: http::Response<bytes::Bytes>,
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
