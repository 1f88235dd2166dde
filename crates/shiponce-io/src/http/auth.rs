//! Credentials inside a URL.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use http::header::AUTHORIZATION;
use url::Url;

use super::Request;

/// Moves `user:password@` out of the URL into an `Authorization: Basic` header.
///
/// Both transports do it themselves, so that they agree and the URL that later appears in messages
/// carries no secret. A header that the caller set wins (RFC 7617 has no rule; curl does the same).
pub(super) fn move_userinfo_to_header(request: &mut Request) {
    let (user, password) = (decoded(request.url.username()), request.url.password().map(decoded));
    if user.is_empty() && password.is_none() {
        return;
    }
    strip_userinfo(&mut request.url);
    if request.headers.contains_key(AUTHORIZATION) {
        return;
    }
    let mut pair = user;
    pair.push(b':');
    pair.extend(password.unwrap_or_default());
    let text = format!("Basic {}", STANDARD.encode(pair));
    if let Ok(mut value) = HeaderValue::from_str(&text) {
        value.set_sensitive(true);
        request.headers.insert(AUTHORIZATION, value);
    }
}

/// Removes `user:password@` from a URL.
pub(super) fn strip_userinfo(url: &mut Url) {
    // Both calls fail only for URLs that cannot have userinfo, which then have none to remove.
    let _: Result<(), ()> = url.set_username("").and_then(|()| url.set_password(None));
}

fn decoded(text: &str) -> Vec<u8> {
    percent_encoding::percent_decode_str(text).collect()
}
