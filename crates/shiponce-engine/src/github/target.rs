//! Where the release page is made, and whether it must be.

use shiponce_config::Notes;
use shiponce_forge::Client;

/// What a release does about its page.
#[derive(Debug)]
pub enum GitHub {
    /// It makes one.
    Page(Box<GitHubTarget>),
    /// It cannot make one, and says so.
    Outstanding {
        /// Why, in one sentence for people.
        why: String,
        /// Whether the release is incomplete without it.
        required: bool,
        /// `owner/name`, if it is known.
        repository: Option<String>,
    },
}

/// One repository that shall have the page.
#[derive(Debug)]
pub struct GitHubTarget {
    /// Speaks to the repository.
    pub client: Client,
    /// What the ledger knows it by: the API's address with the repository, in lower case.
    pub identity: String,
    /// The address of the repository in the API, for messages.
    pub address: String,
    /// Whether the release is incomplete without the page.
    pub required: bool,
    /// Where the notes come from.
    pub notes: Notes,
    /// Patterns of further files, relative to the project.
    pub assets: Vec<String>,
}

impl GitHubTarget {
    /// `owner/name`.
    #[must_use]
    pub fn repository(&self) -> String {
        self.client.repository().to_string()
    }
}
