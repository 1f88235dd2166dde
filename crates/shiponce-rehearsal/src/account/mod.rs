//! People, API tokens and trusted publishers.

mod auth;
mod caveat;
mod macaroon;
mod token;

pub(crate) use auth::{Identity, Stranger, authenticate};
pub(crate) use caveat::Context;
pub(crate) use macaroon::{Macaroon, hmac};
pub use token::TokenSpec;
pub(crate) use token::{Owner, Purse};

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The login name.
    pub name: String,
    /// Has a verified primary e-mail address; uploads are refused without.
    pub verified_email: bool,
    /// Has two-factor authentication; uploads are refused without.
    pub two_factor: bool,
}

impl User {
    /// A person who may upload.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), verified_email: true, two_factor: true }
    }

    /// The same person without a verified e-mail address.
    #[must_use]
    pub fn without_verified_email(mut self) -> Self {
        self.verified_email = false;
        self
    }

    /// The same person without two-factor authentication.
    #[must_use]
    pub fn without_two_factor(mut self) -> Self {
        self.two_factor = false;
        self
    }
}

/// A trusted publisher: a GitHub workflow that may upload to a project without a stored secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// The project it may upload to. With [`Publisher::pending`] it need not exist yet.
    pub project: String,
    /// The repository as `owner/name`.
    pub repository: String,
    /// The owner's number; a repository that was deleted and made again by another owner has another one.
    pub owner_id: String,
    /// The file name of the workflow, such as `release.yml`.
    pub workflow: String,
    /// The deployment environment, if the registration names one.
    pub environment: Option<String>,
    /// A registration for a project that does not exist: the first exchange of an identity token creates it.
    pub pending: bool,
}

impl Publisher {
    /// A registration for an existing project, without an environment.
    #[must_use]
    pub fn new(project: &str, repository: &str, workflow: &str) -> Self {
        Self {
            project: project.to_owned(),
            repository: repository.to_owned(),
            owner_id: "1001".to_owned(),
            workflow: workflow.to_owned(),
            environment: None,
            pending: false,
        }
    }

    /// The same registration, for a project that does not exist yet.
    #[must_use]
    pub fn pending(mut self) -> Self {
        self.pending = true;
        self
    }

    /// The same registration, bound to a deployment environment.
    #[must_use]
    pub fn environment(mut self, name: &str) -> Self {
        self.environment = Some(name.to_owned());
        self
    }
}
