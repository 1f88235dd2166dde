//! Credentials: where they are looked for, which one is used for which index, and what can be known of a token
//! before it is sent anywhere.
//!
//! The order is fixed: trusted publishing, `token-env`, `token-command`, `UV_PUBLISH_*`, `TWINE_*`, then the same
//! variables from `.env`, then `.pypirc`. The first that is set is the one; a bad one is an error and never a
//! reason to try the next, since a run must not publish with another identity than the one it was given.

mod github;
mod macaroon;
mod oidc;
mod shape;
mod variables;

use std::collections::BTreeMap;
use std::fmt;

use shiponce_core::PackageName;
use shiponce_core::redact::SecretString;

pub(crate) use github::is_github_variable;
pub use github::{GithubOffer, GithubToken};
pub use oidc::Oidc;
pub use shape::check_token;
pub(crate) use variables::{is_credential_variable, is_known_variable};

use crate::config::Config;
use crate::error::{ConfigError, Origin};
use crate::fallback::Environment;
use crate::index::{Index, TrustedPublishing};
use crate::inputs::Inputs;
use crate::policy::Forbidden;
use crate::source::Source;

/// What other tools' settings are about, by index identity.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bindings {
    /// The index `UV_PUBLISH_*` belongs to.
    pub(crate) uv: String,
    /// The index `TWINE_*` belongs to.
    pub(crate) twine: String,
    /// The index each server of `.pypirc` is.
    pub(crate) pypirc: Vec<(String, String)>,
}

/// The credentials of a run.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    config: &'a Config,
    environment: Environment<'a>,
    real: &'a BTreeMap<String, String>,
    package: Option<&'a PackageName>,
    is_one_of_several: bool,
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// What an upload to an index authenticates with.
#[derive(Debug, Clone)]
pub enum Choice {
    /// The identity of the CI job, to be exchanged for a token. It never falls back to a stored credential.
    TrustedPublishing(Oidc),
    /// A credential that was found.
    Token(Token),
    /// A program that prints the credential on its first line; check it with [`check_token`] before use.
    Command {
        /// The program and its arguments.
        command: Vec<String>,
        /// The user name that goes with it.
        username: String,
        /// Where the command is configured.
        source: Source,
    },
}

/// A user name and its password or API token.
#[derive(Debug, Clone)]
pub struct Token {
    /// The user name; `__token__` for API tokens.
    pub username: String,
    /// The password or token.
    pub secret: SecretString,
    /// Where it was found.
    pub source: Source,
}

impl Choice {
    /// Where the credential comes from, as it is printed before every upload.
    #[must_use]
    pub fn source(&self) -> String {
        match self {
            Self::TrustedPublishing(oidc) => format!("trusted publishing ({})", oidc.provider()),
            Self::Token(token) => token.source.to_string(),
            Self::Command { command, source, .. } => {
                let program = command.first().map_or("", String::as_str);
                format!("token-command {program} ({source})")
            }
        }
    }
}

/// The answer for one index.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The first credential that is set.
    pub choice: Option<Choice>,
    /// Every place that was looked at, in order, with what was there.
    pub looked: Vec<String>,
}

impl<'a> Credentials<'a> {
    /// Opens the files with secrets.
    ///
    /// # Errors
    /// [`ConfigError::SecretFileReadable`] when `.env` or `.pypirc` hold a secret that others can read.
    pub fn load(config: &'a Config, inputs: &'a Inputs) -> Result<Self, ConfigError> {
        if let Some(dotenv) = &config.dotenv {
            dotenv.refuse_shared(|name| {
                is_credential_variable(name, &config.indexes) || is_github_variable(name, &config.github)
            })?;
        }
        if let Some(pypirc) = &config.pypirc {
            pypirc.refuse_shared()?;
        }
        let real = &inputs.environment;
        let package = config.package.as_ref().map(|package| &package.value);
        Ok(Self {
            config,
            environment: Environment::new(real, config.dotenv.as_ref()),
            real,
            package,
            is_one_of_several: false,
        })
    }

    /// The same for another package than that of the project: a variant, or files that were handed over.
    #[must_use]
    pub const fn of_package<'b>(self, package: &'b PackageName) -> Credentials<'b>
    where
        'a: 'b,
    {
        Credentials { package: Some(package), is_one_of_several: true, ..self }
    }

    /// Finds the credential for an index and checks what can be checked without the network.
    ///
    /// # Errors
    /// A malformed token, a token of another host, or a refusal by the policy.
    pub fn for_index(&self, index: &Index) -> Result<Offer, ConfigError> {
        let mut looked = Vec::new();
        let choice = self.find(index, &mut looked)?;
        if let Some(Choice::Token(token)) = &choice {
            check_token(index, &token.secret, &token.source)?;
        }
        if let (Some(choice), Some(policy)) = (&choice, &self.config.policy)
            && !matches!(choice, Choice::TrustedPublishing(_))
        {
            let asked = format!("stored credentials: {} for index {}", choice.source(), index.name);
            policy.value.refuse(Forbidden::Tokens, &asked)?;
        }
        Ok(Offer { choice, looked })
    }

    /// The credential for an index that needs one.
    ///
    /// # Errors
    /// As [`Self::for_index`], and [`ConfigError::TokenMissing`] with everything that was looked at.
    pub fn require(&self, index: &Index) -> Result<Choice, ConfigError> {
        let Offer { choice, looked } = self.for_index(index)?;
        choice.ok_or_else(|| ConfigError::TokenMissing {
            index: index.name.clone(),
            looked,
            hints: hints(index),
        })
    }

    fn find(&self, index: &Index, looked: &mut Vec<String>) -> Result<Option<Choice>, ConfigError> {
        if let Some(oidc) = self.trusted_publishing(index, looked)? {
            return Ok(Some(Choice::TrustedPublishing(oidc)));
        }
        let real = self.environment.without_dotenv();
        if let Some(token) = self.token_env_of(index, real, looked) {
            return Ok(Some(Choice::Token(token)));
        }
        if let Some(command) = &index.token_command {
            return Ok(Some(Choice::Command {
                command: command.value.clone(),
                username: index.username.value.clone(),
                source: command.source.clone(),
            }));
        }
        if let Some(token) = self.other_tools_of(index, real, looked) {
            return Ok(Some(Choice::Token(token)));
        }
        // The second pass sees `.env` below the real environment: names set for real were found in the first.
        if self.config.dotenv.is_some() {
            let mut again = Vec::new();
            let found = self
                .token_env_of(index, self.environment, &mut again)
                .or_else(|| self.other_tools_of(index, self.environment, &mut again));
            if let Some(token) = found {
                return Ok(Some(Choice::Token(token)));
            }
            looked.push(".env: no credential for this index".to_owned());
        }
        Ok(self.pypirc_of(index, looked).map(Choice::Token))
    }

    fn trusted_publishing(
        &self,
        index: &Index,
        looked: &mut Vec<String>,
    ) -> Result<Option<Oidc>, ConfigError> {
        let setting = &index.trusted_publishing;
        let wanted = match setting.value {
            TrustedPublishing::Never => false,
            TrustedPublishing::Always => true,
            TrustedPublishing::Auto => index.built_in.is_some(),
        };
        if !wanted {
            if index.built_in.is_some() {
                looked.push("trusted publishing: switched off".to_owned());
            }
            return Ok(None);
        }
        let is_test = index.role.value == shiponce_core::plan::Role::Test;
        if let Some(oidc) = Oidc::detect(self.real, is_test)? {
            return Ok(Some(oidc));
        }
        if setting.value == TrustedPublishing::Always {
            return Err(ConfigError::Invalid {
                origin: Origin::Other(setting.source.clone()),
                key: format!("index.{}.trusted-publishing", index.name),
                complaint: "is `always`, and this is no CI job with an identity".to_owned(),
                hint: Some("in GitHub Actions the job needs `permissions: id-token: write`".to_owned()),
            });
        }
        looked.push("trusted publishing: this is no CI job with an identity".to_owned());
        Ok(None)
    }

    fn token_env_of(
        &self,
        index: &Index,
        environment: Environment<'_>,
        looked: &mut Vec<String>,
    ) -> Option<Token> {
        let general = &index.token_env.value;
        let found = |name: &str| {
            let found = environment.get(name)?;
            Some(shape::token(index, index.username.value.clone(), &found.value, found.source))
        };
        if let Some(package) = self.package {
            let own = general.iter().map(|name| variables::variable_of(name, package));
            if let Some(token) = own.clone().find_map(|name| found(&name)) {
                return Some(token);
            }
            // In a run of one project nobody misses a variable that only several ones need.
            if self.is_one_of_several {
                looked.extend(own.map(|name| format!("{name}: not set")));
            }
        }
        for name in general {
            if let Some(token) = found(name) {
                return Some(token);
            }
            let state = if environment.is_empty_text(name) { "set, but empty" } else { "not set" };
            looked.push(format!("{name}: {state}"));
        }
        None
    }

    fn other_tools_of(
        &self,
        index: &Index,
        environment: Environment<'_>,
        looked: &mut Vec<String>,
    ) -> Option<Token> {
        let identity = index.identity();
        let bindings = &self.config.bindings;
        let tools = [
            ("UV_PUBLISH_TOKEN", None, &bindings.uv),
            ("UV_PUBLISH_PASSWORD", Some("UV_PUBLISH_USERNAME"), &bindings.uv),
            ("TWINE_PASSWORD", Some("TWINE_USERNAME"), &bindings.twine),
        ];
        for (variable, username, bound_to) in tools {
            let Some(found) = environment.get(variable) else { continue };
            if *bound_to != identity {
                looked.push(format!("{variable}: belongs to {bound_to}"));
                continue;
            }
            let username = username.and_then(|name| environment.get(name));
            let username =
                username.map_or_else(|| index.username.value.clone(), |found| found.text().to_owned());
            return Some(shape::token(index, username, &found.value, found.source));
        }
        None
    }

    fn pypirc_of(&self, index: &Index, looked: &mut Vec<String>) -> Option<Token> {
        let pypirc = self.config.pypirc.as_ref()?;
        let identity = index.identity();
        for (name, bound_to) in &self.config.bindings.pypirc {
            let Some(section) = pypirc.section(name).filter(|_| *bound_to == identity) else { continue };
            if let Some(password) = &section.password {
                let username = section.username.clone().unwrap_or_else(|| index.username.value.clone());
                let source = Source::Fallback(format!(".pypirc [{name}]"));
                return Some(shape::token(index, username, password, source));
            }
        }
        looked.push(".pypirc: no password for this index".to_owned());
        None
    }

    /// The names of the variables set in the real environment that hold a credential or a CI identity. Project
    /// code must not run beside them in a CI job, and no child that runs project code may see them.
    #[must_use]
    pub fn exposed_variables(&self) -> Vec<String> {
        let set = self.real.iter().filter(|(_, value)| !value.trim().is_empty());
        set.map(|(name, _)| name)
            .filter(|name| is_credential_variable(name, &self.config.indexes))
            .cloned()
            .collect()
    }
}

fn hints(index: &Index) -> Vec<String> {
    let mut hints = Vec::new();
    match index.token_env.value.first() {
        Some(variable) => hints.push(format!("set {variable}")),
        None => hints.push(format!(
            "add token-env = [\"VARIABLE\"] or token-command = [\"…\"] to [index.{}]",
            index.name
        )),
    }
    if index.built_in.is_some() {
        hints.push("or publish from CI with trusted publishing, which needs no token".to_owned());
    }
    hints
}
