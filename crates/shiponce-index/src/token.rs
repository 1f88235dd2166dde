//! The outside of an API token: enough to refuse a malformed or foreign one before any network use.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use shiponce_core::redact::{ExposeSecret as _, SafeUrl, SecretString};

/// What every API token of PyPI and Test PyPI begins with.
const PREFIX: &str = "pypi-";

/// Why a token is not sent. The token itself is never part of the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing but white space.
    #[error("the token is empty")]
    Empty,
    /// Line breaks, spaces or other characters that no token has, usually from copying.
    #[error("the token contains white space or characters that no token has")]
    Characters,
    /// It begins like an API token and is not one inside.
    #[error("the token begins with `pypi-` and is damaged: it was probably cut off or copied twice")]
    Damaged,
    /// Another index issued it.
    #[error("the token was issued by `{location}` and would be sent to `{host}`")]
    OtherIndex {
        /// The location written inside the token.
        location: String,
        /// The host it would have gone to.
        host: String,
    },
}

/// Checks an API token against the upload address it would be sent to.
///
/// Tokens of PyPI are macaroons (version 2, binary) whose location is the host of the index that issued them.
/// Tokens without the prefix belong to other servers and are only checked for stray characters.
///
/// # Errors
/// [`TokenError`]; nothing has been sent then.
pub fn check_token(token: &SecretString, upload: &SafeUrl) -> Result<(), TokenError> {
    let text = token.expose_secret();
    if text.trim().is_empty() {
        return Err(TokenError::Empty);
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(TokenError::Characters);
    }
    let Some(encoded) = text.strip_prefix(PREFIX) else { return Ok(()) };
    let location = location(encoded).ok_or(TokenError::Damaged)?;
    let host = upload.expose().host_str().unwrap_or_default();
    // Uploads go to a host of their own, `upload.` before the index's name. A suffix rule would be wrong: the test
    // index's name ends in the production index's.
    if host == location || host.strip_prefix("upload.") == Some(location.as_str()) {
        return Ok(());
    }
    Err(TokenError::OtherIndex { location, host: host.to_owned() })
}

/// The location field of a version 2 macaroon: byte 2, field type 1, a length, the text.
fn location(encoded: &str) -> Option<String> {
    let encoded = encoded.trim_end_matches('=');
    let bytes = URL_SAFE_NO_PAD.decode(encoded).or_else(|_| STANDARD_NO_PAD.decode(encoded)).ok()?;
    let rest = bytes.strip_prefix(&[2, 1])?;
    let (&length, rest) = rest.split_first()?;
    // Lengths are varints; a host name of 128 bytes or more does not exist on any index.
    let text = rest.get(..usize::from(length)).filter(|_| length < 128)?;
    let host = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']');
    // Identifier, caveats and signature follow; a token without them was cut off.
    let whole = rest.len() > usize::from(length) + 32;
    (whole && !text.is_empty() && text.iter().all(host)).then(|| String::from_utf8_lossy(text).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(location: &str) -> SecretString {
        let mut bytes = vec![2, 1, u8::try_from(location.len()).unwrap()];
        bytes.extend(location.bytes());
        bytes.extend([7; 80]);
        SecretString::from(format!("pypi-{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    fn upload(text: &str) -> SafeUrl {
        SafeUrl::from(url::Url::parse(text).unwrap())
    }

    #[test]
    fn a_token_goes_only_to_the_index_that_issued_it() {
        let production = token("index.example");
        for fine in ["https://upload.index.example/legacy/", "https://index.example/legacy/"] {
            assert_eq!(check_token(&production, &upload(fine)), Ok(()), "{fine}");
        }
        for other in ["https://test.index.example/legacy/", "https://index.example.evil/", "https://x/"] {
            let error = check_token(&production, &upload(other)).unwrap_err();
            assert!(matches!(error, TokenError::OtherIndex { .. }), "{other}");
        }
        let test = token("test.index.example");
        assert_eq!(check_token(&test, &upload("https://test.index.example/legacy/")), Ok(()));
        assert!(check_token(&test, &upload("https://upload.index.example/legacy/")).is_err());
    }

    #[test]
    fn damaged_tokens_are_named_and_never_shown() {
        let whole = token("index.example");
        let cut = SecretString::from(whole.expose_secret()[..24].to_owned());
        let here = upload("https://index.example/legacy/");
        assert_eq!(check_token(&cut, &here), Err(TokenError::Damaged));
        for (text, error) in [
            ("", TokenError::Empty),
            (" \n", TokenError::Empty),
            ("pypi-abc def", TokenError::Characters),
            ("secret\n", TokenError::Characters),
            ("pypi-", TokenError::Damaged),
            ("pypi-xxx", TokenError::Damaged),
            ("pypi-!!!!", TokenError::Damaged),
        ] {
            assert_eq!(check_token(&SecretString::from(text), &here), Err(error), "{text:?}");
        }
        assert_eq!(check_token(&SecretString::from("glpat-whatever"), &here), Ok(()));
    }
}
