//! Attestations that lie beside files (PEP 740), read before anything is sent.
//!
//! `FILE.publish.attestation` and `FILE.slsa.attestation` are what `pypi-attestations` writes and what twine and
//! gh-action-pypi-publish read. What is checked is what an index would refuse and this machine can see: the form, the
//! file name, the digest, the kind, and which identity signed. Signature, certificate chain and transparency log are the
//! index's to verify: it refuses the upload when one of them is wrong.

mod error;
mod identity;
mod object;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use shiponce_core::Sha256;

use crate::provenance::certificate;
use object::{Object, Statement};

pub use error::AttestationError;
pub use identity::{Mismatch, Signer};

/// Longest text read; real ones have about 10 kB.
pub const ATTESTATION_BYTES: u64 = 1024 * 1024;

/// What an attestation states about its file. An index takes one of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The file was published by its signer.
    Publish,
    /// How the file was built (SLSA provenance v1).
    Slsa,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Publish, Self::Slsa];

    /// What follows the file's name in the name of the attestation.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Publish => ".publish.attestation",
            Self::Slsa => ".slsa.attestation",
        }
    }

    /// The kind and the file of an attestation's name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<(Self, &str)> {
        Self::ALL.into_iter().find_map(|kind| Some((kind, name.strip_suffix(kind.suffix())?)))
    }
}

/// An attestation that fits its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    kind: Kind,
    signer: Signer,
    text: String,
}

impl Attestation {
    /// Reads an attestation of a kind, and holds it against the file it lies beside.
    ///
    /// # Errors
    /// [`AttestationError`], the first thing that is wrong.
    pub fn read(bytes: &[u8], kind: Kind, filename: &str, sha256: Sha256) -> Result<Self, AttestationError> {
        let text = std::str::from_utf8(bytes).map_err(AttestationError::Text)?.trim().to_owned();
        let object: Object = serde_json::from_str(&text).map_err(AttestationError::Json)?;
        object.check()?;
        let statement = decoded("statement", &object.envelope.statement)?;
        decoded("signature", &object.envelope.signature)?;
        let certificate = decoded("certificate", &object.verification_material.certificate)?;
        Statement::read(&statement)?.check(kind, filename, sha256)?;
        let signer = certificate::signer(&certificate).map_err(AttestationError::Certificate)?;
        Ok(Self { kind, signer: signer.ok_or(AttestationError::NoSigner)?, text })
    }

    /// What it states.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Who signed it, as its certificate says.
    #[must_use]
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// The `attestations` field of the upload form: a JSON list of the objects, byte for byte as they lay there.
    #[must_use]
    pub fn field(attestations: &[Self]) -> Option<String> {
        let texts: Vec<&str> = attestations.iter().map(|one| one.text.as_str()).collect();
        (!texts.is_empty()).then(|| format!("[{}]", texts.join(",")))
    }
}

/// Base64 in one piece: the service reads nothing else.
fn decoded(what: &'static str, text: &str) -> Result<Vec<u8>, AttestationError> {
    let bytes = BASE64_STANDARD.decode(text);
    let bytes = bytes.map_err(|source| AttestationError::Base64 { what, source })?;
    if bytes.is_empty() { Err(AttestationError::Empty { what }) } else { Ok(bytes) }
}
