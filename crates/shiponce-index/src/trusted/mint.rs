//! Audience and mint: the requests to the index.

use http::StatusCode;
use serde::Deserialize;
use shiponce_core::Timestamp;
use shiponce_core::redact::SecretString;
use shiponce_core::time::MICROS_PER_SECOND;
use shiponce_io::http::TransportError;

use super::refused::{Exchange, explain};
use super::{
    Claims, Heard, IdentitySource, Minted, RefusedMint, TrustedError, TrustedPublishing, address, token_body,
};
use crate::chain::chain;
use crate::credential::Credential;
use crate::index::Index;
use crate::text::{SENTENCE_MAX, sanitize};

/// How long a minted token lives when the index does not say (its code of 2024 did not).
const LIFETIME_SECONDS: i64 = 900;

#[derive(Deserialize)]
struct AudienceAnswer {
    audience: String,
}

#[derive(Deserialize)]
struct MintAnswer {
    token: Option<String>,
    expires: Option<i64>,
}

#[derive(Deserialize)]
struct MintErrors {
    #[serde(default)]
    errors: Vec<MintError>,
}

#[derive(Deserialize)]
struct MintError {
    #[serde(default)]
    code: String,
    #[serde(default)]
    description: String,
}

/// What one mint came to.
enum Try {
    Minted(SecretString, Timestamp),
    Refused(String, String),
    /// The identity token may be used up.
    Lost(String),
    /// It surely is not.
    NotSent(TransportError),
}

impl TrustedPublishing {
    pub(super) async fn ask_audience(&self, index: &Index) -> Result<Option<String>, TrustedError> {
        let url = address(index, "audience")?;
        let origin = index.upload.origin();
        let heard = self.get(&url, None, "asking the index for the audience of trusted publishing").await?;
        match heard.status {
            StatusCode::NOT_FOUND => Ok(None),
            StatusCode::FORBIDDEN => Err(TrustedError::SwitchedOff { origin, message: heard.words() }),
            StatusCode::OK => {
                let answer: Option<AudienceAnswer> = serde_json::from_slice(&heard.body).ok();
                let message = "its answer names none".to_owned();
                answer.map(|answer| Some(answer.audience)).ok_or(TrustedError::Audience { origin, message })
            }
            status => {
                let message = format!("it answered {}: {}", status.as_u16(), heard.words());
                Err(TrustedError::Audience { origin, message })
            }
        }
    }

    pub(super) async fn exchange(
        &self,
        index: &Index,
        source: &IdentitySource,
        audience: &str,
    ) -> Result<Minted, TrustedError> {
        let mut attempt = 1;
        loop {
            let identity = self.identity(source, audience).await?;
            let claims =
                Claims::of(&identity).ok_or_else(|| TrustedError::Malformed { from: source.named() })?;
            let last = attempt >= self.options.attempts;
            let renewable = matches!(source, IdentitySource::GitHub { .. });
            match self.once(index, &identity).await? {
                Try::Minted(token, expires_at) => {
                    let credential = Credential::token(token, &index.upload);
                    return Ok(Minted { credential, expires_at, claims });
                }
                // The index saw this identity token before, which a new one cures.
                Try::Refused(code, _) if code == "invalid-reuse-token" && renewable && !last => {}
                Try::Refused(code, description) => {
                    let now = self.clock.now().as_second();
                    let exchange = Exchange { code: &code, description: &description, audience, now };
                    let explanation = explain(&exchange, &claims);
                    return Err(TrustedError::Refused(Box::new(RefusedMint {
                        code,
                        description,
                        claims,
                        explanation,
                    })));
                }
                Try::Lost(message) if !renewable || last => {
                    let reason = if renewable {
                        "so were those to the attempts before"
                    } else {
                        "there is only one identity token"
                    };
                    return Err(TrustedError::Lost { origin: index.upload.origin(), reason, message });
                }
                Try::NotSent(source) if last => {
                    return Err(TrustedError::Unanswered { doing: "exchanging the identity token", source });
                }
                Try::Lost(_) | Try::NotSent(_) => {}
            }
            attempt += 1;
            self.pause().await;
        }
    }

    /// One mint with one identity token.
    async fn once(&self, index: &Index, identity: &SecretString) -> Result<Try, TrustedError> {
        let url = address(index, "mint-token")?;
        Ok(match self.post(url, token_body(identity)).await {
            Ok(heard) => self.heard(&heard),
            Err(error) if error.kind().maybe_sent() => Try::Lost(chain(&error)),
            Err(error) => Try::NotSent(error),
        })
    }

    fn heard(&self, heard: &Heard) -> Try {
        if heard.status.is_success() {
            let answer: Option<MintAnswer> = serde_json::from_slice(&heard.body).ok();
            let Some(MintAnswer { token: Some(token), expires }) = answer else {
                return Try::Lost("its answer has no token".to_owned());
            };
            let expires =
                expires.unwrap_or_else(|| self.clock.now().as_second().saturating_add(LIFETIME_SECONDS));
            let expires_at = Timestamp(expires.saturating_mul(MICROS_PER_SECOND));
            return Try::Minted(SecretString::from(token), expires_at);
        }
        if heard.status.is_server_error() {
            return Try::Lost(format!("it answered {}: {}", heard.status.as_u16(), heard.words()));
        }
        let errors: Option<MintErrors> = serde_json::from_slice(&heard.body).ok();
        match errors.and_then(|answer| answer.errors.into_iter().next()) {
            Some(MintError { code, description }) => {
                Try::Refused(sanitize(&code, 80), sanitize(&description, SENTENCE_MAX))
            }
            None => Try::Refused(format!("status-{}", heard.status.as_u16()), heard.words()),
        }
    }
}
