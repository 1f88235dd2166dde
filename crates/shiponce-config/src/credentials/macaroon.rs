//! Reads where an API token was issued, without being able to check it.
//!
//! Tokens of the public indexes are macaroons behind the prefix `pypi-`. The encoding is no promised interface of
//! theirs, so only what has to be read is read: the location, and whether the text was cut short.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// What every API token begins with.
pub(super) const PREFIX: &str = "pypi-";

/// Why a text is no API token; begins with a verb.
pub(super) type Reason = &'static str;

/// The location of an API token.
pub(super) fn location(token: &str) -> Result<String, Reason> {
    let encoded = token.strip_prefix(PREFIX).ok_or("does not begin with pypi-")?;
    if let Some(bad) = encoded.bytes().find(|b| !b.is_ascii_alphanumeric() && !b"-_=".contains(b)) {
        return Err(if bad.is_ascii_whitespace() {
            "contains a space or a line break"
        } else {
            "contains characters that no API token has"
        });
    }
    // Tokens are written without padding, and some tools add it.
    let bytes = BASE64.decode(encoded.trim_end_matches('=')).map_err(|_| "is cut short or damaged")?;
    let location = match bytes.first() {
        Some(2) => version_2(&bytes[1..]),
        // Version 1 begins with the length of its first packet in hexadecimal.
        Some(b'0'..=b'9' | b'a'..=b'f') => version_1(&bytes),
        _ => None,
    };
    let location = location.ok_or("is cut short or damaged")?;
    String::from_utf8(location.to_vec()).map_err(|_| "is cut short or damaged")
}

const END: u64 = 0;
const LOCATION: u64 = 1;
const IDENTIFIER: u64 = 2;
const SIGNATURE: u64 = 6;
const SIGNATURE_LENGTH: usize = 32;

/// libmacaroons, version 2: fields of type, length and data; sections end in a zero; the signature is last.
fn version_2(mut rest: &[u8]) -> Option<&[u8]> {
    let mut location = None;
    let mut has_identifier = false;
    loop {
        match field(&mut rest)? {
            (END, _) => break,
            (LOCATION, data) => location = Some(data),
            (IDENTIFIER, data) => has_identifier = !data.is_empty(),
            _ => {}
        }
    }
    // The caveats: sections until an empty one, then the signature. A token that was cut ends before it.
    let mut in_section = false;
    loop {
        match field(&mut rest)? {
            (END, _) if in_section => in_section = false,
            (END, _) => {}
            (SIGNATURE, data) if data.len() == SIGNATURE_LENGTH => break,
            (SIGNATURE, _) => return None,
            _ => in_section = true,
        }
    }
    location.filter(|_| has_identifier)
}

fn field<'b>(rest: &mut &'b [u8]) -> Option<(u64, &'b [u8])> {
    let kind = varint(rest)?;
    if kind == END {
        return Some((END, &[]));
    }
    let length = usize::try_from(varint(rest)?).ok()?;
    let (data, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some((kind, data))
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value: u64 = 0;
    for shift in (0..63).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// libmacaroons, version 1: packets of four hexadecimal digits of length, a key, a space, data and a line break.
fn version_1(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes;
    let mut location = None;
    while !rest.is_empty() {
        let digits = std::str::from_utf8(rest.get(..4)?).ok()?;
        let length = usize::from_str_radix(digits, 16).ok().filter(|length| *length > 4)?;
        let (packet, after) = rest.split_at_checked(length)?;
        rest = after;
        let body = packet[4..].strip_suffix(b"\n")?;
        if let Some(data) = body.strip_prefix(b"location ") {
            location = Some(data);
        }
        if let Some(data) = body.strip_prefix(b"signature ") {
            return location.filter(|_| data.len() == SIGNATURE_LENGTH);
        }
    }
    None
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    /// A version 2 token with one caveat, as the server makes them.
    pub(in crate::credentials) fn token(location: &str) -> String {
        let mut bytes = vec![2];
        let mut push = |kind: u8, data: &[u8]| {
            bytes.push(kind);
            bytes.push(u8::try_from(data.len()).unwrap());
            bytes.extend_from_slice(data);
        };
        push(1, location.as_bytes());
        push(2, b"6f8b5b6c-0d5c-4b3e-9f0a-3d1f0a1b2c3d");
        bytes.push(0);
        bytes.extend_from_slice(&[2, 13]);
        bytes.extend_from_slice(b"[3, \"user-1\"]");
        bytes.extend_from_slice(&[0, 0, 6, 32]);
        bytes.extend_from_slice(&[7; 32]);
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    fn token_v1(location: &str) -> String {
        let packet = |body: &[u8]| {
            let mut packet = format!("{:04x}", body.len() + 5).into_bytes();
            packet.extend_from_slice(body);
            packet.push(b'\n');
            packet
        };
        let mut bytes = packet(format!("location {location}").as_bytes());
        bytes.extend(packet(b"identifier x"));
        bytes.extend(packet(&[b"signature ".as_slice(), &[7; 32]].concat()));
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    #[test]
    fn both_versions_name_their_issuer() {
        assert_eq!(location(&token("index.example")).as_deref(), Ok("index.example"));
        assert_eq!(location(&token_v1("index.example")).as_deref(), Ok("index.example"));
        assert_eq!(location(&format!("{}==", token("a.example"))).as_deref(), Ok("a.example"));
    }

    #[test]
    fn every_cut_token_is_recognised() {
        for whole in [token("index.example"), token_v1("index.example")] {
            for length in 0..whole.len() - 1 {
                assert!(location(&whole[..length]).is_err(), "{length} of {}", whole.len());
            }
        }
    }

    #[test]
    fn reasons() {
        assert_eq!(location("hunter2"), Err("does not begin with pypi-"));
        assert_eq!(location("pypi-AgE\nxx"), Err("contains a space or a line break"));
        assert_eq!(location("pypi-\"AgE\""), Err("contains characters that no API token has"));
        assert_eq!(location("pypi-xxxxxxxx"), Err("is cut short or damaged"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(pypi-)?[A-Za-z0-9_=-]{0,200}") {
            prop_assert!(location(&text).is_err());
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            // Hardly any bytes are a token; what counts is that an answer comes.
            let text = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes));
            prop_assert!(location(&text).is_err());
        }
    }
}
