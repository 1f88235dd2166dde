//! Credentials, and the one place that decides whether one may travel to an address.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use shiponce_core::redact::{ExposeSecret as _, SafeUrl, SecretString};
use url::{Host, Url};

/// A user name and a secret, issued for one origin (scheme, host and port).
///
/// The secret never prints, and goes into requests to the origin it was issued for only.
#[derive(Clone)]
pub struct Credential {
    username: String,
    secret: SecretString,
    issued_for: Url,
}

impl Credential {
    /// A credential for the origin of `issued_for`. API tokens have the user name `__token__`.
    #[must_use]
    pub fn new(username: impl Into<String>, secret: SecretString, issued_for: &SafeUrl) -> Self {
        let issued_for = crate::index::without_userinfo(issued_for.expose());
        Self { username: username.into(), secret, issued_for }
    }

    /// An API token, sent as the password of `__token__`.
    #[must_use]
    pub fn token(secret: SecretString, issued_for: &SafeUrl) -> Self {
        Self::new("__token__", secret, issued_for)
    }

    /// The user name.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.username
    }

    /// Scheme, host and port the credential is for.
    #[must_use]
    pub fn origin(&self) -> String {
        self.issued_for.origin().ascii_serialization()
    }

    pub(crate) fn secret(&self) -> &SecretString {
        &self.secret
    }

    /// The `Authorization` header for a request to `url`.
    ///
    /// # Errors
    /// [`SecureError`] when `url` is of another origin, or plain http to a machine that is not this one.
    pub(crate) fn header_for(&self, url: &Url) -> Result<HeaderValue, SecureError> {
        Secure::check(url)?;
        if url.origin() != self.issued_for.origin() {
            return Err(SecureError::OtherOrigin {
                issued_for: self.origin(),
                asked: url.origin().ascii_serialization(),
            });
        }
        let pair = format!("{}:{}", self.username, self.secret.expose_secret());
        let text = format!("Basic {}", STANDARD.encode(pair));
        // Base64 has only characters that a header may hold.
        let mut value = HeaderValue::from_str(&text).map_err(|_| SecureError::Header)?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("username", &self.username)
            .field("issued_for", &self.origin())
            .finish_non_exhaustive()
    }
}

/// Proof that secrets may travel to an address: https, or this very machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Secure(());

impl Secure {
    /// Checks an address.
    ///
    /// # Errors
    /// [`SecureError::PlainHttp`] unless the scheme is https or the host is a loopback address or `localhost`.
    pub fn check(url: &Url) -> Result<Self, SecureError> {
        let loopback = match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            None => false,
        };
        match url.scheme() {
            "https" => Ok(Self(())),
            "http" if loopback => Ok(Self(())),
            _ => Err(SecureError::PlainHttp { origin: url.origin().ascii_serialization() }),
        }
    }
}

/// Why a secret does not travel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecureError {
    /// It would cross a network in the clear.
    #[error("credentials are not sent to `{origin}`: it is neither https nor this machine")]
    PlainHttp {
        /// Scheme, host and port asked for.
        origin: String,
    },
    /// It belongs to somebody else.
    #[error("the credential was issued for `{issued_for}` and is not sent to `{asked}`")]
    OtherOrigin {
        /// Where it belongs.
        issued_for: String,
        /// Where it would have gone.
        asked: String,
    },
    /// It cannot be written into a header.
    #[error("the credential cannot be written into a header")]
    Header,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn credential(origin: &str) -> Credential {
        Credential::token(SecretString::from("hunter2"), &SafeUrl::from(url(origin)))
    }

    #[test]
    fn a_secret_stays_with_its_origin() {
        let credential = credential("https://upload.example.org/legacy/");
        assert!(credential.header_for(&url("https://upload.example.org/other")).is_ok());
        for other in
            ["https://example.org/", "https://upload.example.org:444/", "https://a.upload.example.org/"]
        {
            let error = credential.header_for(&url(other)).unwrap_err();
            assert!(matches!(error, SecureError::OtherOrigin { .. }), "{other}");
            assert!(!error.to_string().contains("hunter2"));
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for fine in
            ["http://127.0.0.1:1/", "http://127.9.9.9/", "http://[::1]:8/", "http://localhost/", "https://x/"]
        {
            assert!(Secure::check(&url(fine)).is_ok(), "{fine}");
        }
        for bad in
            ["http://example.org/", "http://10.0.0.1/", "http://localhost.example.org/", "ftp://127.0.0.1/"]
        {
            assert!(Secure::check(&url(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn debug_shows_the_user_and_never_the_secret() {
        let shown = format!("{:?}", credential("https://u:hunter2@example.org/"));
        assert!(shown.contains("__token__") && shown.contains("https://example.org"), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
