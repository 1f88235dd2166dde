//! One package index, resolved.

use std::path::PathBuf;
use std::time::Duration;

use shiponce_core::decide::WriteOnce;
use shiponce_core::plan::Role;
use shiponce_core::redact::SafeUrl;

use crate::endpoints::Endpoint;
use crate::source::{Source, Sourced};
use crate::values::{authority, index_identity};

/// Files on their way to one index at the same time.
///
/// The figures in docs/performance.md chose it: beyond six little is gained, and the more uploads of one release PyPI
/// works on, the more often one of them dies of a deadlock in its database (none of 200 at four at a time, one of 200 at
/// ten).
pub const PARALLEL_UPLOADS: usize = 6;

/// An index that files go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// The name of its table, or the built-in name.
    pub name: String,
    /// The table, flag or default that brought it in.
    pub source: Source,
    /// What it is for.
    pub role: Sourced<Role>,
    /// Whether a failure there stops the run.
    pub required: Sourced<bool>,
    /// The upload address of the legacy API.
    pub upload: Sourced<SafeUrl>,
    /// The Simple API, up to the project name, with a trailing slash.
    pub simple: Option<Sourced<SafeUrl>>,
    /// The JSON API, up to the project name, with a trailing slash.
    pub json: Option<Sourced<SafeUrl>>,
    /// Which built-in index it is, if it is one.
    pub built_in: Option<Endpoint>,
    /// Whether a name can have two contents over time.
    pub immutable: Sourced<WriteOnce>,
    /// Whether it also shows files of an upstream index.
    pub mirror: Sourced<bool>,
    /// Which files it takes.
    pub rules: Sourced<Rules>,
    /// Whether reading needs the credential; then an anonymous 404 means nothing.
    pub read_auth: Sourced<bool>,
    /// A file with the authority that signed its certificate.
    pub ca: Option<Sourced<PathBuf>>,
    /// A file with a client certificate and its key.
    pub client_cert: Option<Sourced<PathBuf>>,
    /// The user name for password or token.
    pub username: Sourced<String>,
    /// Variables that may hold the credential, first match wins.
    pub token_env: Sourced<Vec<String>>,
    /// A program that prints the credential.
    pub token_command: Option<Sourced<Vec<String>>>,
    /// Whether the identity of the CI job is exchanged for a token.
    pub trusted_publishing: Sourced<TrustedPublishing>,
    /// Whether attestations that lie beside files are sent along.
    pub attestations: Sourced<Attestations>,
    /// How many files are sent there at the same time, where it never replaces one.
    pub parallel_uploads: Sourced<usize>,
    /// How long an answer may be reused for decisions that send nothing.
    pub cache_ttl: Sourced<Duration>,
    /// The flag that leaves it out of this run.
    pub left_out: Option<Source>,
}

/// Which files an index takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// Those of PyPI.
    Pypi,
    /// Also local versions and platform tags without a guarantee, such as `linux_x86_64`.
    Permissive,
}

/// Whether the identity of the CI job is exchanged for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustedPublishing {
    /// On built-in indexes, when the job offers an identity.
    Auto,
    /// Always; a job without an identity is an error.
    Always,
    /// Never, even where the job offers one.
    Never,
}

/// Whether attestations that lie beside files are sent along (PEP 740).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attestations {
    /// A file without one is not uploaded.
    Require,
    /// Those that are there are sent; a project that had provenance keeps it.
    Prefer,
    /// None is sent, and nobody asks what the previous release had.
    Off,
}

impl Index {
    /// The identity of the index; see [`index_identity`].
    #[must_use]
    pub fn identity(&self) -> String {
        index_identity(self.upload.value.expose())
    }

    /// The name in sentences: `PyPI`, `Test PyPI`, or the name of the table.
    #[must_use]
    pub fn title(&self) -> &str {
        self.built_in.as_ref().map_or(&self.name, |endpoint| &endpoint.title)
    }

    /// Host and port of the upload address.
    #[must_use]
    pub fn host(&self) -> String {
        authority(self.upload.value.expose())
    }

    /// The base address of the trusted publishing exchange: of a built-in index its own, elsewhere on the host of
    /// the upload address, as uv does it. `None` only for addresses that cannot have a path.
    #[must_use]
    pub fn oidc(&self) -> Option<SafeUrl> {
        let url = match &self.built_in {
            Some(endpoint) => url::Url::parse(&endpoint.oidc),
            None => self.upload.value.expose().join("/_/oidc/"),
        };
        url.ok().map(SafeUrl::from)
    }

    /// Whether the index answers on this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        crate::values::is_loopback(self.upload.value.expose())
    }
}
