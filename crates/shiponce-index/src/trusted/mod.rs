//! Trusted publishing: an identity token of the CI in exchange for a short-lived API token.
//!
//! Audience → identity token → mint → (uploads) → burn. An identity token is good for one mint: when the answer to a
//! mint is lost, another identity token is needed. A failed exchange is an error with an explanation; nothing here
//! falls back to another credential, and neither token ever appears in a text.

mod claims;
mod error;
mod identity;
mod mint;
mod refused;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{HeaderMap, Method, StatusCode};
use shiponce_core::Timestamp;
use shiponce_core::redact::{ExposeSecret as _, SecretString};
use shiponce_io::Clock;
use shiponce_io::http::{Body, Limits, Request, Response, Transport, TransportError};
use url::Url;

use crate::credential::{Credential, Secure};
use crate::index::{Index, without_userinfo};

pub use claims::Claims;
#[cfg(test)]
pub(crate) use claims::tests::claims_of;
pub use error::{RefusedMint, TrustedError};
pub use identity::IdentitySource;

/// Largest answer read; real ones have less than 4 kB.
const ANSWER_BYTES: u64 = 64 * 1024;

/// Bounds of the exchange.
#[derive(Debug, Clone)]
pub struct TrustedOptions {
    /// Attempts for each of its steps.
    pub attempts: u32,
    /// The pause between them.
    pub pause: Duration,
    /// Longest time for one request.
    pub timeout: Duration,
}

impl Default for TrustedOptions {
    /// 3 attempts, 1 s apart, of at most 30 s each.
    fn default() -> Self {
        Self { attempts: 3, pause: Duration::from_secs(1), timeout: Duration::from_secs(30) }
    }
}

/// A short-lived API token.
#[derive(Debug, Clone)]
pub struct Minted {
    /// The token, for the origin of the upload address.
    pub credential: Credential,
    /// When it expires.
    pub expires_at: Timestamp,
    /// Who the CI says this is.
    pub claims: Claims,
}

impl Minted {
    /// Whether less than `margin` is left. One token serves any number of uploads until it expires; many large files
    /// can outlast it.
    #[must_use]
    pub fn expires_within(&self, margin: Duration, now: Timestamp) -> bool {
        let margin = i64::try_from(margin.as_micros()).unwrap_or(i64::MAX);
        self.expires_at.since(now) < margin
    }
}

/// What an identity token says, and what the index wants it to be for.
#[derive(Debug, Clone)]
pub struct Identified {
    /// The audience that the index asks for.
    pub audience: String,
    /// Who the CI says this is.
    pub claims: Claims,
}

/// Does the exchange.
#[derive(Debug, Clone)]
pub struct TrustedPublishing {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    options: TrustedOptions,
}

impl TrustedPublishing {
    /// An exchange over a transport and a clock.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>, clock: Arc<dyn Clock>, options: TrustedOptions) -> Self {
        Self { transport, clock, options }
    }

    /// Whether the index offers trusted publishing, and the audience it asks for (`pypi`, `testpypi`). `Ok(None)` when
    /// it has none (404).
    ///
    /// # Errors
    /// [`TrustedError`] when it is switched off or the index could not be asked.
    pub async fn audience(&self, index: &Index) -> Result<Option<String>, TrustedError> {
        self.ask_audience(index).await
    }

    /// Who the CI says this is, as the index would be told: an identity token is asked for and taken apart, and nothing is
    /// exchanged. An index makes projects of pending publishers when it mints, so this is the way to look without touching.
    /// `Ok(None)` when the index has no trusted publishing.
    ///
    /// # Errors
    /// [`TrustedError`] when the index or the CI could not be asked.
    pub async fn identify(
        &self,
        index: &Index,
        source: &IdentitySource,
    ) -> Result<Option<Identified>, TrustedError> {
        let Some(audience) = self.ask_audience(index).await? else { return Ok(None) };
        let token = self.identity(source, &audience).await?;
        let claims = Claims::of(&token).ok_or_else(|| TrustedError::Malformed { from: source.named() })?;
        Ok(Some(Identified { audience, claims }))
    }

    /// Exchanges an identity token for an API token.
    ///
    /// # Errors
    /// [`TrustedError`]; its explanation names what to register or to change.
    pub async fn mint(&self, index: &Index, source: &IdentitySource) -> Result<Minted, TrustedError> {
        let Some(audience) = self.ask_audience(index).await? else {
            return Err(TrustedError::NotOffered { origin: index.upload.origin() });
        };
        self.exchange(index, source, &audience).await
    }

    /// Makes a token useless before it expires. Best effort: says whether the index took it; an index without this
    /// address answers 404, and the token then lives for the rest of its 15 minutes.
    pub async fn burn(&self, index: &Index, minted: &Minted) -> bool {
        let Ok(url) = address(index, "burn-token") else { return false };
        if minted.credential.origin() != url.origin().ascii_serialization() {
            return false;
        }
        let body = token_body(minted.credential.secret());
        matches!(self.post(url, body).await, Ok(answer) if answer.status.is_success())
    }

    async fn post(&self, url: Url, body: Bytes) -> Result<Heard, TransportError> {
        let request = Request::new(Method::POST, url)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(Body::Bytes(body));
        self.send(request).await
    }

    /// Reads an address; reading again is always safe, so what may pass is tried again.
    async fn get(
        &self,
        url: &Url,
        bearer: Option<&HeaderValue>,
        doing: &'static str,
    ) -> Result<Heard, TrustedError> {
        let mut attempt = 1;
        loop {
            let mut request = Request::get(url.clone());
            if let Some(bearer) = bearer {
                request = request.header(AUTHORIZATION, bearer.clone());
            }
            match self.send(request).await {
                Ok(heard) if !heard.status.is_server_error() || attempt >= self.options.attempts => {
                    return Ok(heard);
                }
                Err(source) if attempt >= self.options.attempts => {
                    return Err(TrustedError::Unanswered { doing, source });
                }
                Ok(_) | Err(_) => {}
            }
            attempt += 1;
            self.pause().await;
        }
    }

    /// One request, whole answer. Redirects are not followed: a token would travel with them.
    async fn send(&self, request: Request) -> Result<Heard, TransportError> {
        let limits = Limits {
            idle: self.options.timeout,
            total: Some(self.options.timeout),
            response_bytes: ANSWER_BYTES,
            ..Limits::default()
        };
        let request = request
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(USER_AGENT, HeaderValue::from_static(crate::USER_AGENT))
            .limits(limits);
        let Response { status, reason, headers, body } = self.transport.send(request).await?;
        let whole = Response { status, reason: None, headers: HeaderMap::new(), body };
        let body = whole.bytes(ANSWER_BYTES).await?;
        Ok(Heard { status, reason, headers, body })
    }

    async fn pause(&self) {
        self.clock.sleep(self.options.pause).await;
    }
}

/// A whole answer. It may hold a token, hence no `Debug`.
struct Heard {
    status: StatusCode,
    reason: Option<String>,
    headers: HeaderMap,
    body: Bytes,
}

impl Heard {
    /// The server's words, for answers that hold no token.
    fn words(&self) -> String {
        crate::upload::Message::read(self.status, self.reason.as_deref(), &self.headers, &self.body).shown
    }
}

/// `{"token": "…"}`.
fn token_body(token: &SecretString) -> Bytes {
    serde_json::json!({ "token": token.expose_secret() }).to_string().into()
}

/// An address of the exchange: beside the upload address (`…/legacy/`), because that is where the token will be sent.
/// Upload addresses of another shape have it at the root of their host.
fn address(index: &Index, last: &str) -> Result<Url, TrustedError> {
    let mut url = without_userinfo(index.upload.expose());
    url.set_query(None);
    url.set_fragment(None);
    let path = url.path().trim_end_matches('/').to_owned();
    let root = path.strip_suffix("/legacy").unwrap_or_default();
    url.set_path(&format!("{root}/_/oidc/{last}"));
    Secure::check(&url).map_err(TrustedError::Insecure)?;
    Ok(url)
}
