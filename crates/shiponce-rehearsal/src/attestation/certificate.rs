//! A signing certificate in the form of Sigstore's authority: an empty subject, a P-256 key, ten minutes, and the claims
//! of the job's identity token as extensions below 1.3.6.1.4.1.57264.1 (Fulcio, `docs/oid-info.md`).

use super::Attestation;
use super::der::{bits, content, element, identifier, octets, sequence, utf8};

const ISSUER: &str = "https://token.actions.githubusercontent.com";
/// A point of P-256 that everybody knows, the group's generator, for a public key.
#[rustfmt::skip]
const GENERATOR: [u8; 64] = [
    0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2,
    0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
    0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16,
    0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
];
/// The workflow file that was started (Build Config URI).
const BUILD_CONFIG: u32 = 18;
const ECDSA_WITH_SHA384: [u32; 7] = [1, 2, 840, 10045, 4, 3, 3];

pub(super) fn make(attestation: &Attestation) -> Vec<u8> {
    let algorithm = sequence(&[identifier(&ECDSA_WITH_SHA384)]);
    let name =
        |number: u32, text: &str| element(0x31, &sequence(&[identifier(&[2, 5, 4, number]), utf8(text)]));
    let issuer = sequence(&[name(10, "sigstore.example"), name(3, "sigstore-intermediate")]);
    let time = |text: &str| element(0x17, text.as_bytes());
    let key = sequence(&[
        sequence(&[identifier(&[1, 2, 840, 10045, 2, 1]), identifier(&[1, 2, 840, 10045, 3, 1, 7])]),
        bits(&[&[4][..], &GENERATOR].concat()),
    ]);
    let body = sequence(&[
        element(0xa0, &element(0x02, &[2])),
        element(0x02, &[0x11; 20]),
        algorithm.clone(),
        issuer,
        sequence(&[time("261120100000Z"), time("261120101000Z")]),
        sequence(&[]),
        key,
        element(0xa3, &sequence(&extensions(attestation))),
    ]);
    sequence(&[body, algorithm, bits(&sequence(&[element(0x02, &[1]), element(0x02, &[1])]))])
}

/// The workflow file a certificate names, with its address and reference.
pub(super) fn build_config(der: &[u8]) -> Option<String> {
    let number = identifier(&[1, 3, 6, 1, 4, 1, 57264, 1, BUILD_CONFIG]);
    let at = der.windows(number.len()).position(|window| window == number)?;
    let octets = content(0x04, &der[at + number.len()..])?;
    String::from_utf8(content(0x0c, octets)?.to_vec()).ok()
}

fn extensions(attestation: &Attestation) -> Vec<Vec<u8>> {
    let Attestation { repository, commit, reference, workflow, .. } = attestation;
    let at = reference.as_deref().or(commit.as_deref()).unwrap_or_default();
    let build = format!("{repository}/.github/workflows/{workflow}@{at}");
    let critical = element(0x01, &[0xff]);
    let alternative = octets(&sequence(&[element(0x86, build.as_bytes())]));
    let mut all = vec![sequence(&[identifier(&[2, 5, 29, 17]), critical, alternative])];
    let mut claim = |number: u32, value: Vec<u8>| {
        all.push(sequence(&[identifier(&[1, 3, 6, 1, 4, 1, 57264, 1, number]), octets(&value)]));
    };
    // The first ones, deprecated, are bare text.
    claim(1, ISSUER.into());
    claim(8, utf8(ISSUER));
    claim(9, utf8(&build));
    claim(12, utf8(repository));
    if let Some(commit) = commit {
        claim(13, utf8(commit));
    }
    if let Some(reference) = reference {
        claim(14, utf8(reference));
    }
    claim(BUILD_CONFIG, utf8(&build));
    all
}
