//! The repository itself: whether it can be seen, and what the token may do there.

use shiponce_core::RepositoryName;

use crate::answer::Call;
use crate::client::Client;
use crate::error::Error;
use crate::wire::WireRepository;

/// What is known of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Its name as GitHub spells it.
    pub name: RepositoryName,
    /// Its page.
    pub html_url: String,
    /// Whether only some may read it.
    pub private: bool,
    /// Whether the token may write. Without it drafts are not listed. `None`: GitHub does not say, as for readers
    /// without a token.
    pub push: Option<bool>,
}

impl Client {
    /// Reads the repository. Until this has succeeded, "not found" of anything below it means nothing.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn access(&self) -> Result<Access, Error> {
        let call = Call::read(format!("read the repository {}", self.repository()));
        let got = self.read(&call, &self.api(&[])).await?;
        let wire: WireRepository = got.json(&call)?;
        let name = wire.full_name.parse().map_err(|_| call.malformed("`full_name` is no owner/name"))?;
        let push = wire.permissions.map(|permissions| permissions.push);
        Ok(Access { name, html_url: wire.html_url, private: wire.private, push })
    }
}
