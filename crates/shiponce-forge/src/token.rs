//! The token, and the one place that decides whether it may travel to an address.

use std::fmt;

use http::HeaderValue;
use shiponce_core::redact::{ExposeSecret as _, SecretString};
use url::{Host, Origin, Url};

use crate::server::Server;

/// A token issued for one GitHub: sent to the origins of its API and of its uploads, and nowhere else.
#[derive(Clone)]
pub struct Token {
    secret: SecretString,
    issued_for: [Origin; 2],
}

impl Token {
    /// A token for the two addresses of `server`.
    #[must_use]
    pub fn new(secret: SecretString, server: &Server) -> Self {
        let issued_for = [&server.api, &server.uploads].map(|url| url.expose().origin());
        Self { secret, issued_for }
    }

    /// The `Authorization` header for a request to `url`.
    pub(crate) fn header_for(&self, url: &Url) -> Result<HeaderValue, TokenKept> {
        if !is_secure(url) {
            return Err(TokenKept::PlainHttp { origin: url.origin().ascii_serialization() });
        }
        if !self.issued_for.contains(&url.origin()) {
            return Err(TokenKept::OtherOrigin {
                issued_for: self.issued_for[0].ascii_serialization(),
                asked: url.origin().ascii_serialization(),
            });
        }
        let text = format!("Bearer {}", self.secret.expose_secret().trim());
        let mut value = HeaderValue::from_str(&text).map_err(|_| TokenKept::Header)?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let issued_for = self.issued_for[0].ascii_serialization();
        f.debug_struct("Token").field("issued_for", &issued_for).finish_non_exhaustive()
    }
}

/// Whether what goes there cannot be read on the way: https, or this very machine.
pub(crate) fn is_secure(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}

/// Why a token does not travel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenKept {
    /// It would cross a network in the clear.
    #[error("the token is not sent to `{origin}`: it is neither https nor this machine")]
    PlainHttp {
        /// Scheme, host and port asked for.
        origin: String,
    },
    /// It belongs to another GitHub.
    #[error("the token was issued for `{issued_for}` and is not sent to `{asked}`")]
    OtherOrigin {
        /// The API it belongs to.
        issued_for: String,
        /// Where it would have gone.
        asked: String,
    },
    /// It cannot be written into a header.
    #[error("the token cannot be written into a header")]
    Header,
}

#[cfg(test)]
mod tests {
    use super::*;
    use shiponce_core::redact::SafeUrl;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn token(api: &str, uploads: &str, secret: &str) -> Token {
        let server = Server { api: SafeUrl::from(url(api)), uploads: SafeUrl::from(url(uploads)) };
        Token::new(SecretString::from(secret), &server)
    }

    #[test]
    fn a_token_stays_with_the_two_addresses_of_its_github() {
        let token = token("https://api.forge.example/", "https://uploads.forge.example/", " hunter2\n");
        for fine in ["https://api.forge.example/repos/o/n", "https://uploads.forge.example/x"] {
            assert_eq!(token.header_for(&url(fine)).unwrap(), "Bearer hunter2");
            assert!(token.header_for(&url(fine)).unwrap().is_sensitive());
        }
        for other in [
            "https://forge.example/",
            "https://api.forge.example:444/",
            "https://objects.example/signed",
            "https://evil.api.forge.example/",
        ] {
            let error = token.header_for(&url(other)).unwrap_err();
            assert!(matches!(error, TokenKept::OtherOrigin { .. }), "{other}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        let plain = token("http://forge.example/", "http://forge.example/", "hunter2");
        let error = plain.header_for(&url("http://forge.example/")).unwrap_err();
        assert!(matches!(error, TokenKept::PlainHttp { .. }));
        let local = token("http://127.0.0.1:9/api/v3", "http://127.0.0.1:9/api/uploads", "hunter2");
        assert!(local.header_for(&url("http://127.0.0.1:9/api/v3/repos")).is_ok());
        assert!(local.header_for(&url("http://127.0.0.1:10/api/v3/repos")).is_err());
    }

    #[test]
    fn what_cannot_stand_in_a_header_is_not_sent_and_nothing_prints() {
        let token = token("https://h/", "https://h/", "hun\nter2");
        assert_eq!(token.header_for(&url("https://h/")), Err(TokenKept::Header));
        let shown = format!("{token:?}");
        assert!(shown.contains("https://h") && !shown.contains("ter2"), "{shown}");
    }
}
