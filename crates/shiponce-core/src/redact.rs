//! Types that cannot print a secret.

use std::fmt;

pub use secrecy::{ExposeSecret, SecretString};

/// A URL whose `Display` and `Debug` never show the user information.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SafeUrl(url::Url);

impl SafeUrl {
    /// The URL with its credentials, for the request itself.
    #[must_use]
    pub fn expose(&self) -> &url::Url {
        &self.0
    }

    /// Scheme, host and port, for messages: `https://example.org`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Host and port as messages name an index: `127.0.0.1:8080`, `example.org`.
    #[must_use]
    pub fn authority(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }
}

impl From<url::Url> for SafeUrl {
    fn from(url: url::Url) -> Self {
        Self(url)
    }
}

impl fmt::Display for SafeUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.username().is_empty() && self.0.password().is_none() {
            return self.0.fmt(f);
        }
        let mut shown = self.0.clone();
        // Setting them fails only for URLs without a host, which cannot carry credentials either.
        if shown.set_username("").and_then(|()| shown.set_password(None)).is_err() {
            return f.write_str("[url with credentials]");
        }
        shown.fmt(f)
    }
}

impl fmt::Debug for SafeUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SafeUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_never_print() {
        let url = SafeUrl::from(url::Url::parse("https://me:hunter2@example.org:8443/legacy/?a=b").unwrap());
        assert_eq!(url.to_string(), "https://example.org:8443/legacy/?a=b");
        assert_eq!(format!("{url:?}"), "SafeUrl(https://example.org:8443/legacy/?a=b)");
        assert_eq!(url.expose().password(), Some("hunter2"));
        assert_eq!(url.authority(), "example.org:8443");
        assert_eq!(format!("{:?}", SecretString::from("hunter2")), "SecretBox<str>([REDACTED])");
    }
}
