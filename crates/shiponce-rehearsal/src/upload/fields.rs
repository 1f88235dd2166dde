//! The form's own rules: protocol, file type, digests.

use blake2::Blake2b256;
use md5::Md5;
use sha2::{Digest as _, Sha256};

use super::form::Form;
use crate::answer::Refusal;
use crate::text::hex;

/// Fields that belong to the upload and not to the metadata; each may be given once.
const SINGLE: [&str; 7] = [
    "protocol_version",
    "filetype",
    "pyversion",
    "comment",
    "md5_digest",
    "sha256_digest",
    "blake2_256_digest",
];

/// Digests of the file, in hexadecimal.
#[derive(Debug)]
pub(super) struct Digests {
    pub(super) md5: String,
    pub(super) sha256: String,
    pub(super) blake2: String,
}

pub(super) fn protocol(form: &Form) -> Result<(), Refusal> {
    if form.one("protocol_version").is_some_and(|v| v != "1") {
        return Err(Refusal::bad("Unknown protocol version."));
    }
    for field in SINGLE {
        if form.all(field).count() > 1 {
            return Err(Refusal::bad(format!("{field}: Should not be a tuple.")));
        }
    }
    Ok(())
}

/// Everything that the form says about the file before its bytes are looked at.
pub(super) fn check(form: &Form) -> Result<(), Refusal> {
    let filetype = form.one("filetype").unwrap_or_default();
    if !matches!(filetype, "sdist" | "bdist_wheel") {
        return Err(Refusal::bad("Invalid value for filetype. Error: Use a known file type."));
    }
    for (field, label) in [("sha256_digest", "SHA256"), ("blake2_256_digest", "BLAKE2")] {
        let bad = form.one(field).is_some_and(|v| v.len() != 64 || !v.bytes().all(|b| b.is_ascii_hexdigit()));
        if bad {
            return Err(Refusal::bad(format!(
                "Invalid value for {field}. Error: Use a valid, hex-encoded, {label} message digest."
            )));
        }
    }
    let pyversion = form.one("pyversion");
    if filetype != "sdist" && pyversion.is_none() {
        return Err(Refusal::bad("Error: Python version is required for binary distribution uploads."));
    }
    if filetype == "sdist" && pyversion.is_some_and(|v| v != "source") {
        return Err(Refusal::bad("Error: Use 'source' as Python version for an sdist."));
    }
    let digests = ["md5_digest", "sha256_digest", "blake2_256_digest"];
    if digests.iter().all(|field| form.one(field).is_none()) {
        return Err(Refusal::bad("Error: Include at least one message digest."));
    }
    Ok(())
}

/// Calculates all digests and compares those that were given.
pub(super) fn digests(form: &Form, data: &[u8]) -> Result<Digests, Refusal> {
    let digests = Digests {
        md5: hex(&Md5::digest(data)),
        sha256: hex(&Sha256::digest(data)),
        blake2: hex(&Blake2b256::digest(data)),
    };
    let given = [
        ("md5_digest", &digests.md5),
        ("sha256_digest", &digests.sha256),
        ("blake2_256_digest", &digests.blake2),
    ];
    if given.iter().any(|(field, own)| form.one(field).is_some_and(|v| !v.eq_ignore_ascii_case(own))) {
        return Err(Refusal::bad(
            "The digest supplied does not match a digest calculated from the uploaded file.",
        ));
    }
    Ok(digests)
}
