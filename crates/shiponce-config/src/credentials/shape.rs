//! What can be known of a credential before it is sent anywhere.

use shiponce_core::redact::{ExposeSecret as _, SecretString};

use super::Token;
use super::macaroon::{PREFIX, location};
use crate::error::ConfigError;
use crate::index::Index;
use crate::source::Source;
use crate::values::authority;

/// The user name that goes with API tokens.
const TOKEN_USER: &str = "__token__";

/// A credential for an index, with the white space around it gone: a line break at the end comes with most ways of
/// storing a token in a file. Built-in indexes know one user name for API tokens and refuse every other.
pub(super) fn token(index: &Index, username: String, secret: &SecretString, source: Source) -> Token {
    let trimmed = secret.expose_secret().trim();
    let username = if index.built_in.is_some() && trimmed.starts_with(PREFIX) {
        TOKEN_USER.to_owned()
    } else {
        username
    };
    Token { username, secret: SecretString::from(trimmed), source }
}

/// Checks a credential offline: on a built-in index it must be an API token of that index; elsewhere any text
/// will do, unless it is an API token, which then must have been issued by that host.
///
/// # Errors
/// [`ConfigError::TokenMalformed`] or [`ConfigError::TokenForeignHost`]; neither holds any part of the secret.
pub fn check_token(index: &Index, secret: &SecretString, source: &Source) -> Result<(), ConfigError> {
    let text = secret.expose_secret();
    let malformed = |reason| ConfigError::TokenMalformed {
        index: index.name.clone(),
        from: source.clone(),
        reason,
        hint: match index.built_in {
            Some(_) => "copy the token again, whole: it begins with pypi- and has more than 100 characters",
            None => "set it to the password or token alone, on one line",
        },
    };
    if text.is_empty() {
        return Err(malformed("is empty"));
    }
    if text.chars().any(char::is_control) {
        // It would end up in a header, where a line break starts another one.
        return Err(malformed("contains control characters"));
    }
    let foreign = |issuer: String, expected: String| ConfigError::TokenForeignHost {
        index: index.name.clone(),
        from: source.clone(),
        issuer,
        expected,
    };
    if let Some(endpoint) = &index.built_in {
        let issuer = location(text).map_err(malformed)?;
        if issuer != endpoint.token_location {
            return Err(foreign(issuer, endpoint.token_location.clone()));
        }
        return Ok(());
    }
    // A password may begin with `pypi-` by chance; then it does not decode, and nothing is known about it.
    let Ok(issuer) = location(text) else { return Ok(()) };
    let host = index.upload.value.expose().host_str().unwrap_or_default().to_owned();
    let same = host == issuer
        || authority(index.upload.value.expose()) == issuer
        // The public index issues for its own name and takes uploads on a name below it.
        || host.strip_suffix(issuer.as_str()).is_some_and(|rest| rest.ends_with('.'));
    if same { Ok(()) } else { Err(foreign(issuer, host)) }
}
