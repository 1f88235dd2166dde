//! Identity tokens. They look like the runner's own (RS256, a key id, real claims); the signature is an
//! HMAC under a key that only this world has, because nobody but this world checks it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::account::hmac;

const KEY: &[u8] = b"the signing key of the rehearsal's runner";
const KEY_ID: &str = "rehearsal-1";

/// Signs claims.
pub(crate) fn sign(claims: &Value) -> String {
    let header = json!({"alg": "RS256", "kid": KEY_ID, "typ": "JWT"});
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    );
    let signature = URL_SAFE_NO_PAD.encode(hmac(KEY, signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// A token taken apart, its signature not judged.
pub(super) struct Jwt<'t> {
    signed: &'t str,
    signature: &'t str,
    header: Value,
    pub(super) claims: Value,
}

impl<'t> Jwt<'t> {
    /// `None` when this is not a JWT.
    pub(super) fn parse(token: &'t str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let part = |text: &str| -> Option<Value> {
            let value: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
            value.is_object().then_some(value)
        };
        Some(Self { signed, signature, header: part(header)?, claims: part(claims)? })
    }

    pub(super) fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim)?.as_str()
    }

    pub(super) fn number(&self, claim: &str) -> Option<i64> {
        self.claims.get(claim)?.as_i64()
    }

    /// Whether this world's runner signed it.
    pub(super) fn is_genuine(&self) -> bool {
        let own = URL_SAFE_NO_PAD.encode(hmac(KEY, self.signed.as_bytes()));
        self.header.get("kid").and_then(Value::as_str) == Some(KEY_ID) && own == self.signature
    }
}
