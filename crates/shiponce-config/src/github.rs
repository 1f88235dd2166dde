//! The GitHub release as it is resolved.

use std::path::PathBuf;

use shiponce_core::RepositoryName;
use shiponce_core::redact::SafeUrl;

use crate::source::{Source, Sourced};

/// `[github]`. Whether a release page is made is decided later: the remote of the project and the tools of the machine
/// have a say in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitHub {
    /// Where the table stands. With it a release is not complete without its page; without it the page is made where
    /// that is possible, and a problem with it is a warning.
    pub configured: Option<Source>,
    /// `repository`. `None`: the one that the remote `origin` names, when that is on [`GitHub::website`].
    pub repository: Option<Sourced<RepositoryName>>,
    /// `notes`
    pub notes: Sourced<Notes>,
    /// `assets`: globs of further files, relative to the project.
    pub assets: Sourced<Vec<String>>,
    /// `token-env`: the variables that may hold the token; the first that is set is used.
    pub token_env: Sourced<Vec<String>>,
    /// `api`: the root of the REST API. The token goes there and to [`GitHub::uploads`], and nowhere else.
    pub api: Sourced<SafeUrl>,
    /// Where the bytes of assets are posted; derived from `api`.
    pub uploads: SafeUrl,
    /// The host of the pages and of git, with its port when that is not the usual one; derived from `api`.
    pub website: String,
    /// The host that sends the bytes of assets, where that is known.
    pub files: Option<String>,
    /// Whether `api` is that of GitHub itself. Only then are `GITHUB_TOKEN` and `GH_TOKEN` looked at unasked, and only
    /// then may `gh` be asked for its token without naming a host.
    pub built_in: bool,
}

/// Where the notes of a release come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notes {
    /// The section of the changelog if there is one, else what GitHub generates.
    Auto,
    /// What GitHub generates from the merged pull requests.
    Generated,
    /// None.
    None,
    /// A whole file, relative to the project.
    File(PathBuf),
    /// What a program prints, started in the project.
    Command(Vec<String>),
}
