//! The token for the release page.

use shiponce_core::redact::{ExposeSecret as _, SecretString};

use super::Credentials;
use super::macaroon::PREFIX;
use crate::error::ConfigError;
use crate::github::GitHub;
use crate::source::Source;

/// What was found for GitHub.
#[derive(Debug, Clone)]
pub struct GithubOffer {
    /// The first token that is set. It belongs to the API and the uploads of [`GitHub`] and goes nowhere else.
    pub token: Option<GithubToken>,
    /// Every place that was looked at, in order, with what was there.
    pub looked: Vec<String>,
}

/// A token and where it came from.
#[derive(Debug, Clone)]
pub struct GithubToken {
    /// The token.
    pub secret: SecretString,
    /// Where it was found.
    pub source: Source,
}

impl Credentials<'_> {
    /// Finds the token for the release page in the environment, then in `.env`, and checks its shape. `gh` is asked by
    /// whoever starts programs. A policy that forbids stored credentials is about indexes: GitHub knows no others, and
    /// the token of a CI job is gone with the job.
    ///
    /// # Errors
    /// [`ConfigError::TokenMalformed`]
    pub fn for_github(&self) -> Result<GithubOffer, ConfigError> {
        let names = &self.config.github.token_env.value;
        let mut looked = Vec::new();
        let real = self.environment.without_dotenv();
        for name in names {
            if let Some(found) = real.get(name) {
                return Ok(GithubOffer { token: Some(token(&found.value, found.source)?), looked });
            }
            let state = if real.is_empty_text(name) { "set, but empty" } else { "not set" };
            looked.push(format!("{name}: {state}"));
        }
        if self.config.dotenv.is_some() {
            if let Some(found) = names.iter().find_map(|name| self.environment.get(name)) {
                return Ok(GithubOffer { token: Some(token(&found.value, found.source)?), looked });
            }
            looked.push(".env: no token for GitHub".to_owned());
        }
        Ok(GithubOffer { token: None, looked })
    }
}

/// GitHub's tokens have many shapes (`ghp_`, `github_pat_`, `ghs_`, 40 digits), so only what surely is none is refused.
fn token(secret: &SecretString, source: Source) -> Result<GithubToken, ConfigError> {
    let text = secret.expose_secret().trim();
    let malformed = |reason| ConfigError::TokenMalformed {
        index: "github".to_owned(),
        from: source.clone(),
        reason,
        hint: "set it to a token of GitHub alone, on one line",
    };
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(malformed("contains a space or a line break"));
    }
    if text.starts_with(PREFIX) {
        return Err(malformed("is the API token of a package index"));
    }
    Ok(GithubToken { secret: SecretString::from(text), source })
}

/// Whether a variable may hold the token of a run, whatever else it is used for.
pub(crate) fn is_github_variable(name: &str, github: &GitHub) -> bool {
    let known = ["GITHUB_TOKEN", "GH_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"];
    known.contains(&name) || github.token_env.value.iter().any(|variable| variable == name)
}
