//! The addresses of the two indexes and of the GitHub that are built in. No other file names these hosts.
//!
//! They come in as a value so that a rehearsal can put its own world in their place: everything that binds to
//! "the built-in indexes" (default tokens, derived read addresses, write-once names) then binds to that world.

/// The built-in indexes and GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// The index users install from.
    pub production: Endpoint,
    /// The index for trying.
    pub test: Endpoint,
    /// GitHub.
    pub github: GithubEndpoint,
}

/// The addresses of GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GithubEndpoint {
    /// The root of the REST API.
    pub api: String,
    /// Where the bytes of assets are posted.
    pub uploads: String,
    /// The host of the pages and of git.
    pub website: String,
    /// The host that the bytes of assets are downloaded from.
    pub files: String,
}

/// The addresses of one built-in index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The name it has in plans and flags when no table gives it one.
    pub name: String,
    /// The name it has in sentences.
    pub title: String,
    /// The upload address of the legacy API, with its trailing slash: without it the server answers 308.
    pub upload: String,
    /// The Simple API.
    pub simple: String,
    /// The JSON API, up to the project name.
    pub json: String,
    /// The base of the trusted publishing exchange.
    pub oidc: String,
    /// The host that files are downloaded from.
    pub files: String,
    /// The location written into its API tokens (their macaroons).
    pub token_location: String,
}

impl Endpoints {
    /// The real ones.
    #[must_use]
    pub fn built_in() -> Self {
        Self {
            production: Endpoint {
                name: "pypi".to_owned(),
                title: "PyPI".to_owned(),
                upload: "https://upload.pypi.org/legacy/".to_owned(),
                simple: "https://pypi.org/simple/".to_owned(),
                json: "https://pypi.org/pypi/".to_owned(),
                oidc: "https://pypi.org/_/oidc/".to_owned(),
                files: "files.pythonhosted.org".to_owned(),
                token_location: "pypi.org".to_owned(),
            },
            test: Endpoint {
                name: "testpypi".to_owned(),
                title: "Test PyPI".to_owned(),
                upload: "https://test.pypi.org/legacy/".to_owned(),
                simple: "https://test.pypi.org/simple/".to_owned(),
                json: "https://test.pypi.org/pypi/".to_owned(),
                oidc: "https://test.pypi.org/_/oidc/".to_owned(),
                files: "test-files.pythonhosted.org".to_owned(),
                token_location: "test.pypi.org".to_owned(),
            },
            github: GithubEndpoint {
                api: "https://api.github.com/".to_owned(),
                uploads: "https://uploads.github.com/".to_owned(),
                website: "github.com".to_owned(),
                files: "release-assets.githubusercontent.com".to_owned(),
            },
        }
    }
}
