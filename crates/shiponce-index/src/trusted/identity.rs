//! Where identity tokens come from.

use http::HeaderValue;
use serde::Deserialize;
use shiponce_core::redact::{ExposeSecret as _, SafeUrl, SecretString};

use super::{TrustedError, TrustedPublishing};
use crate::credential::Secure;
use crate::text::{SENTENCE_MAX, sanitize};

/// Where identity tokens come from. The binary reads these values from the environment.
#[derive(Debug, Clone)]
pub enum IdentitySource {
    /// GitHub Actions: a service of the runner that makes a new one for each request.
    GitHub {
        /// `ACTIONS_ID_TOKEN_REQUEST_URL`.
        request_url: SafeUrl,
        /// `ACTIONS_ID_TOKEN_REQUEST_TOKEN`.
        request_token: SecretString,
    },
    /// One token, made for this job and this index (GitLab's `id_tokens`). It is good for one exchange.
    Ready {
        /// The token.
        token: SecretString,
        /// The variable it was in, for messages.
        from: String,
    },
}

impl IdentitySource {
    /// Where a token came from, for messages.
    pub(super) fn named(&self) -> String {
        match self {
            Self::GitHub { .. } => "the answer of the CI".to_owned(),
            Self::Ready { from, .. } => from.clone(),
        }
    }
}

#[derive(Deserialize)]
struct Issued {
    value: SecretText,
}

/// A string that becomes a secret while it is read.
struct SecretText(SecretString);

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|text| Self(SecretString::from(text)))
    }
}

impl TrustedPublishing {
    /// An identity token for `audience`; a new one each time where the CI makes them on request.
    pub(super) async fn identity(
        &self,
        source: &IdentitySource,
        audience: &str,
    ) -> Result<SecretString, TrustedError> {
        let (request_url, request_token) = match source {
            IdentitySource::Ready { token, .. } => return Ok(token.clone()),
            IdentitySource::GitHub { request_url, request_token } => (request_url, request_token),
        };
        let mut url = crate::index::without_userinfo(request_url.expose());
        Secure::check(&url).map_err(TrustedError::Insecure)?;
        url.query_pairs_mut().append_pair("audience", audience);
        let bearer = format!("bearer {}", request_token.expose_secret());
        let mut bearer = HeaderValue::from_str(&bearer).map_err(|_| TrustedError::Identity {
            message: "`ACTIONS_ID_TOKEN_REQUEST_TOKEN` has characters that no token has".to_owned(),
        })?;
        bearer.set_sensitive(true);
        let heard = self.get(&url, Some(&bearer), "asking the CI for an identity token").await?;
        if !heard.status.is_success() {
            let message = format!("it answered {}: {}", heard.status.as_u16(), heard.words());
            return Err(TrustedError::Identity { message: sanitize(&message, SENTENCE_MAX) });
        }
        // The body of a success may hold the token, so nothing of it goes into the message.
        let issued: Result<Issued, _> = serde_json::from_slice(&heard.body);
        let Ok(Issued { value: SecretText(token) }) = issued else {
            return Err(TrustedError::Identity { message: "its answer has no token".to_owned() });
        };
        Ok(token)
    }
}
