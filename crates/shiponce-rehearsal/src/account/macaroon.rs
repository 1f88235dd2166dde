//! API tokens in the shape the real ones have: `pypi-` and a version 2 macaroon in base64url.
//!
//! A macaroon carries a location (the host it is for), an identifier, caveats as text, and a chained HMAC
//! over identifier and caveats. Anybody who holds one may add caveats; nobody can take one away.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

const EOS: u8 = 0;
const LOCATION: u8 = 1;
const IDENTIFIER: u8 = 2;
const VERIFICATION: u8 = 4;
const SIGNATURE: u8 = 6;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Macaroon {
    pub(crate) location: String,
    pub(crate) identifier: String,
    pub(crate) caveats: Vec<String>,
    signature: Vec<u8>,
}

impl Macaroon {
    pub(crate) fn new(location: &str, identifier: &str, key: &[u8]) -> Self {
        // The reference libraries derive the signing key this way.
        let derived = hmac(b"macaroons-key-generator", key);
        Self {
            location: location.to_owned(),
            identifier: identifier.to_owned(),
            caveats: Vec::new(),
            signature: hmac(&derived, identifier.as_bytes()),
        }
    }

    pub(crate) fn with_caveat(mut self, text: String) -> Self {
        self.signature = hmac(&self.signature, text.as_bytes());
        self.caveats.push(text);
        self
    }

    /// Whether the signature is what this key gives for the identifier and the caveats.
    pub(crate) fn signed_by(&self, key: &[u8]) -> bool {
        let fresh = Self::new(&self.location, &self.identifier, key);
        let fresh = self.caveats.iter().fold(fresh, |m, caveat| m.with_caveat(caveat.clone()));
        fresh.signature == self.signature
    }

    pub(crate) fn damage_signature(&mut self) {
        if let Some(byte) = self.signature.last_mut() {
            *byte ^= 1;
        }
    }

    pub(crate) fn token(&self) -> String {
        let mut raw = vec![2];
        field(&mut raw, LOCATION, self.location.as_bytes());
        field(&mut raw, IDENTIFIER, self.identifier.as_bytes());
        raw.push(EOS);
        for caveat in &self.caveats {
            field(&mut raw, IDENTIFIER, caveat.as_bytes());
            raw.push(EOS);
        }
        raw.push(EOS);
        field(&mut raw, SIGNATURE, &self.signature);
        format!("pypi-{}", URL_SAFE_NO_PAD.encode(raw))
    }

    pub(crate) fn parse(token: &str) -> Option<Self> {
        let text = token.strip_prefix("pypi-")?.trim_end_matches('=');
        let raw = URL_SAFE_NO_PAD.decode(text).ok()?;
        let mut bytes = raw.strip_prefix(&[2])?;
        let head = section(&mut bytes)?;
        let mut caveats = Vec::new();
        while *bytes.first()? != EOS {
            caveats.push(text_of(&section(&mut bytes)?, IDENTIFIER)?);
        }
        bytes = &bytes[1..];
        let (kind, signature) = take_field(&mut bytes)?;
        (kind == SIGNATURE && bytes.is_empty()).then_some(())?;
        Some(Self {
            location: text_of(&head, LOCATION).unwrap_or_default(),
            identifier: text_of(&head, IDENTIFIER)?,
            caveats,
            signature: signature.to_vec(),
        })
    }
}

type Field<'b> = (u8, &'b [u8]);

fn section<'b>(bytes: &mut &'b [u8]) -> Option<Vec<Field<'b>>> {
    let mut fields = Vec::new();
    while *bytes.first()? != EOS {
        let one = take_field(bytes)?;
        // Third-party caveats need a second service to discharge them; the index issues none.
        (one.0 != VERIFICATION).then_some(())?;
        fields.push(one);
    }
    *bytes = &bytes[1..];
    Some(fields)
}

fn take_field<'b>(bytes: &mut &'b [u8]) -> Option<Field<'b>> {
    let (kind, rest) = bytes.split_first()?;
    let mut rest = rest;
    let mut length = 0usize;
    for shift in (0..28).step_by(7) {
        let (byte, tail) = rest.split_first()?;
        rest = tail;
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    let data = rest.get(..length)?;
    *bytes = &rest[length..];
    Some((*kind, data))
}

fn text_of(fields: &[Field<'_>], kind: u8) -> Option<String> {
    let (_, data) = fields.iter().find(|(k, _)| *k == kind)?;
    String::from_utf8(data.to_vec()).ok()
}

fn field(out: &mut Vec<u8>, kind: u8, data: &[u8]) {
    out.push(kind);
    let mut length = data.len();
    while length >= 0x80 {
        out.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend_from_slice(data);
}

/// HMAC-SHA256 (RFC 2104).
pub(crate) fn hmac(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut block = [0u8; 64];
    if key.len() > 64 {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let pad = |mask: u8| block.map(|byte| byte ^ mask);
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(data).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::{Macaroon, hmac};
    use crate::text::hex;

    #[test]
    fn hmac_matches_rfc_4231() {
        let mac = hmac(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex(&mac), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn a_token_survives_the_round_trip() {
        let made = Macaroon::new("host.example", "an-id", b"key").with_caveat("[1,[\"demo\"]]".repeat(20));
        let read = Macaroon::parse(&made.token()).unwrap();
        assert_eq!(read, made);
        assert!(read.signed_by(b"key"));
        assert!(!read.signed_by(b"other"));
    }

    #[test]
    fn a_removed_caveat_breaks_the_signature() {
        let mut made = Macaroon::new("host.example", "an-id", b"key").with_caveat("[0,5,0]".to_owned());
        made.caveats.clear();
        assert!(!made.signed_by(b"key"));
    }

    #[test]
    fn garbage_is_refused() {
        for token in ["", "pypi-", "pypi-xxx", "pypi-AgA", "AgEIcHlwaS5vcmc"] {
            assert!(Macaroon::parse(token).is_none(), "{token}");
        }
    }
}
