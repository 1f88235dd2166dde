//! The identity a CI job can prove, as far as the environment tells. The exchange is not done here.

use std::collections::BTreeMap;

use shiponce_core::redact::{SafeUrl, SecretString};

use crate::error::{ConfigError, Origin};
use crate::source::Source;
use crate::values::parse_address;

/// An identity that an index may exchange for a token.
#[derive(Debug, Clone)]
pub enum Oidc {
    /// GitHub Actions: an identity token is requested from the runner, one per exchange.
    GitHub {
        /// The address to request it from; the audience is added as a parameter.
        request_url: SafeUrl,
        /// The bearer token of that request.
        request_token: SecretString,
    },
    /// GitLab CI: the job is given an identity token for a fixed audience.
    GitLab {
        /// The token. It is good for one exchange only.
        id_token: SecretString,
        /// The variable it came from.
        variable: &'static str,
    },
}

impl Oidc {
    /// The name of the CI system.
    #[must_use]
    pub const fn provider(&self) -> &'static str {
        match self {
            Self::GitHub { .. } => "GitHub Actions",
            Self::GitLab { .. } => "GitLab CI",
        }
    }

    /// Finds the identity. GitHub sets both variables exactly when the job has `id-token: write`; in GitLab the
    /// job names the variable after the index it is for (its documentation on trusted publishing).
    pub(crate) fn detect(
        environment: &BTreeMap<String, String>,
        is_test: bool,
    ) -> Result<Option<Self>, ConfigError> {
        let set = |name: &str| environment.get(name).map(|value| value.trim()).filter(|v| !v.is_empty());
        let url_variable = "ACTIONS_ID_TOKEN_REQUEST_URL";
        if let (Some(url), Some(token)) = (set(url_variable), set("ACTIONS_ID_TOKEN_REQUEST_TOKEN")) {
            // The request carries a bearer token, so plain http is refused like everywhere else.
            let origin = Origin::Other(Source::Environment(url_variable.to_owned()));
            let request_url = parse_address(url_variable, url, &origin)?;
            return Ok(Some(Self::GitHub { request_url, request_token: SecretString::from(token) }));
        }
        let variable = if is_test { "TESTPYPI_ID_TOKEN" } else { "PYPI_ID_TOKEN" };
        Ok(set(variable).map(|token| Self::GitLab { id_token: SecretString::from(token), variable }))
    }
}
