//! Where the GitHub of a world stands.

/// The addresses of a world's GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GithubAddresses {
    root: String,
}

impl GithubAddresses {
    /// Below a base URL such as `http://127.0.0.1:8080`.
    pub(crate) fn new(base_url: &str) -> Self {
        Self { root: format!("{}/github", base_url.trim_end_matches('/')) }
    }

    /// The root of the REST API, `…/github/api/v3`, without a final slash.
    #[must_use]
    pub fn api(&self) -> String {
        format!("{}/api/v3", self.root)
    }

    /// Where assets are posted: `…/github/api/uploads`, without a final slash.
    #[must_use]
    pub fn uploads(&self) -> String {
        format!("{}/api/uploads", self.root)
    }

    /// Where the pages stand: `…/github`, without a final slash.
    #[must_use]
    pub fn html(&self) -> &str {
        &self.root
    }

    /// The API's address of a repository `owner/name`.
    pub(crate) fn repository(&self, name: &str) -> String {
        format!("{}/repos/{name}", self.api())
    }

    /// Where bytes are kept: another place than the API, behind signed addresses.
    pub(crate) fn storage(&self, path: &str) -> String {
        format!("{}/storage/{path}", self.root)
    }
}
