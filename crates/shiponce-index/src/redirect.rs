//! Where an answer sends us, and whether we go.

use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use url::Url;

/// Redirects followed for one read. Normalising a name takes one, a missing slash another.
pub(crate) const MAX: usize = 5;

/// The absolute target of a redirect, if the answer is one and names a target.
pub(crate) fn target(status: StatusCode, headers: &HeaderMap, from: &Url) -> Option<Url> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let text = headers.get(LOCATION)?.to_str().ok()?;
    from.join(text).ok()
}

/// Whether `to` is the same server as `from`: the same origin, or the same host moving from http to https on the
/// usual ports. Anything else is another party's answer (a captive portal, an index that forwards what it lacks).
pub(crate) fn same_server(from: &Url, to: &Url) -> bool {
    let upgraded = from.scheme() == "http"
        && to.scheme() == "https"
        && from.host() == to.host()
        && from.port().is_none()
        && to.port().is_none();
    from.origin() == to.origin() || upgraded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_server_is_the_same_origin_or_its_https() {
        let url = |text: &str| Url::parse(text).unwrap();
        let from = url("http://example.org/simple/A/");
        assert!(same_server(&from, &url("http://example.org/simple/a/")));
        assert!(same_server(&from, &url("https://example.org/simple/a/")));
        for other in ["http://login.example.org/", "http://example.org:8080/", "https://example.org:8443/"] {
            assert!(!same_server(&from, &url(other)), "{other}");
        }
        assert!(!same_server(&url("https://example.org/"), &url("http://example.org/")));
    }

    #[test]
    fn only_redirects_with_a_target_have_one() {
        let from = Url::parse("http://example.org/simple/A/").unwrap();
        let mut headers = HeaderMap::new();
        assert_eq!(target(StatusCode::FOUND, &headers, &from), None);
        headers.insert(LOCATION, "../a/".parse().unwrap());
        let to = target(StatusCode::MOVED_PERMANENTLY, &headers, &from).unwrap();
        assert_eq!(to.as_str(), "http://example.org/simple/a/");
        assert_eq!(target(StatusCode::OK, &headers, &from), None);
        assert_eq!(target(StatusCode::NOT_MODIFIED, &headers, &from), None);
    }
}
