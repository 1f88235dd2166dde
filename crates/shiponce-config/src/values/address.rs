//! Addresses of indexes: what is allowed, and which two are the same index.

use shiponce_core::redact::SafeUrl;
use url::{Host, Url};

use crate::error::{ConfigError, Origin};
use crate::mask::mask;

/// The identity of an index: its upload address in one spelling.
///
/// Two tables, two machines or two projects mean the same index exactly when this text is the same, whatever
/// they call it. Host names are case-insensitive and may end in a dot, the usual port may be written out, and
/// the legacy API answers `/legacy` with a redirect to `/legacy/`; none of these makes another index. The
/// fragment never reaches a server. A query does, so it stays.
#[must_use]
pub fn index_identity(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let path = unescape_unreserved(url.path());
    let path = path.trim_end_matches('/');
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}://{host}{port}{path}/{query}", url.scheme())
}

/// Percent-encoding of characters that need none does not make another address (RFC 3986, 6.2.2.2).
fn unescape_unreserved(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let digits = rest.get(at + 1..at + 3).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(digits) = digits else {
            // A lone sign is written out, or what follows could complete it.
            out.push_str("%25");
            rest = &rest[at + 1..];
            continue;
        };
        match u8::from_str_radix(digits, 16) {
            Ok(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => out.push(char::from(byte)),
            _ => {
                out.push('%');
                out.push_str(&digits.to_ascii_uppercase());
            }
        }
        rest = &rest[at + 3..];
    }
    out.push_str(rest);
    out
}

/// Whether the host is this machine. Only the name `localhost` counts, not what DNS says about other names.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.trim_end_matches('.').eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

/// Host and port as messages and host lists name them.
pub(crate) fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Reads an address: https, or http on loopback, with a host and without credentials.
pub(crate) fn parse_address(key: &str, text: &str, origin: &Origin) -> Result<SafeUrl, ConfigError> {
    let invalid = |complaint: String| ConfigError::Invalid {
        origin: origin.clone(),
        key: key.to_owned(),
        complaint,
        hint: Some("write a whole address, such as https://packages.example/simple/".to_owned()),
    };
    let url = Url::parse(text).map_err(|error| invalid(format!("is not an address: {error}")))?;
    if !url.username().is_empty() || url.password().is_some() {
        let url = mask(text);
        return Err(ConfigError::SecretInUrl { origin: hidden(origin), key: key.to_owned(), url });
    }
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(invalid(format!("is not an http address: {}", mask(text))));
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        let url = mask(text);
        return Err(ConfigError::InsecureUrl { origin: origin.clone(), key: key.to_owned(), url });
    }
    Ok(SafeUrl::from(url))
}

/// The origin without the excerpt, since the line is known to hold a password.
pub(crate) fn hidden(origin: &Origin) -> Origin {
    match origin {
        Origin::File(place) => {
            let mut place = place.clone();
            place.excerpt.clear();
            Origin::File(place)
        }
        Origin::Other(source) => Origin::Other(source.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use proptest::prelude::*;

    fn identity(text: &str) -> String {
        index_identity(&Url::parse(text).unwrap())
    }

    #[test]
    fn spellings_of_one_index() {
        let one = "https://packages.example/legacy/";
        for other in [
            "https://packages.example/legacy",
            "https://PACKAGES.example:443/legacy/",
            "https://packages.example./legacy//",
            "https://packages.example/x/../legacy/#top",
            "https://packages.example/%6cegacy/",
            "https://user@packages.example/legacy/",
        ] {
            assert_eq!(identity(other), one, "{other}");
        }
    }

    #[test]
    fn a_lone_percent_sign_never_completes_to_an_escape() {
        assert_eq!(identity("https://h/%%325"), "https://h/%2525/");
        assert_eq!(identity("https://h/%2525/"), "https://h/%2525/");
    }

    #[test]
    fn other_indexes() {
        let one = identity("https://packages.example/legacy/");
        for other in [
            "http://packages.example/legacy/",
            "https://packages.example:8443/legacy/",
            "https://packages.example/Legacy/",
            "https://packages.example/legacy/?repository=b",
            "https://packages.example/a%2Flegacy/",
        ] {
            assert_ne!(identity(other), one, "{other}");
        }
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        let read = |text: &str| parse_address("upload", text, &Origin::Other(Source::Default));
        for text in ["http://127.0.0.1:8080/", "http://[::1]/", "http://localhost/simple/", "https://h/"] {
            assert!(read(text).is_ok(), "{text}");
        }
        for text in
            ["http://packages.example/", "http://localhost.example/", "http://128.0.0.1/", "http://[::2]/"]
        {
            assert!(matches!(read(text), Err(ConfigError::InsecureUrl { .. })), "{text}");
        }
        for text in ["file:///etc/passwd", "ftp://h/", "h", "", "https://"] {
            assert!(matches!(read(text), Err(ConfigError::Invalid { .. })), "{text}");
        }
        for text in ["https://u:hunter2@h/", "https://u@h/", "http://u:hunter2@h/"] {
            let error = read(text).unwrap_err();
            assert!(matches!(error, ConfigError::SecretInUrl { .. }), "{text}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn an_identity_is_its_own_identity(path in "[a-zA-Z0-9/%._~-]{0,30}", host in "[a-zA-Z]{1,8}\\.?") {
            if let Ok(url) = Url::parse(&format!("https://{host}/{path}")) {
                let once = index_identity(&url);
                prop_assert_eq!(identity(&once), once);
            }
        }
    }
}
