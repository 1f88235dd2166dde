//! The attestation object and the statement in it.

use serde::Deserialize;
use serde_json::Value;
use shiponce_core::Sha256;

use super::{AttestationError, Kind};
use crate::text::{SENTENCE_MAX, sanitize};

const STATEMENT: &str = "https://in-toto.io/Statement/v1";
const SLSA: &str = "https://slsa.dev/provenance/v1";
/// PyPI's own kind stands below the address of its documentation.
const PUBLISH: &str = "/attestations/publish/v1";

/// The object. Fields beyond these mean something that nobody here or there verifies.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Object {
    version: u64,
    pub(super) verification_material: Material,
    pub(super) envelope: Envelope,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Material {
    pub(super) certificate: String,
    transparency_entries: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Envelope {
    pub(super) statement: String,
    pub(super) signature: String,
}

impl Object {
    pub(super) fn check(&self) -> Result<(), AttestationError> {
        if self.version != 1 {
            return Err(AttestationError::Version(self.version));
        }
        let entries = &self.verification_material.transparency_entries;
        if entries.is_empty() || !entries.iter().all(Value::is_object) {
            return Err(AttestationError::NotLogged);
        }
        Ok(())
    }
}

/// An in-toto statement (v1).
#[derive(Deserialize)]
pub(super) struct Statement {
    #[serde(rename = "_type")]
    form: String,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    #[serde(default)]
    predicate: Value,
    subject: Vec<Subject>,
}

#[derive(Deserialize)]
struct Subject {
    name: String,
    digest: Digest,
}

#[derive(Deserialize)]
struct Digest {
    sha256: String,
}

impl Statement {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, AttestationError> {
        serde_json::from_slice(bytes).map_err(AttestationError::Statement)
    }

    pub(super) fn check(&self, kind: Kind, filename: &str, sha256: Sha256) -> Result<(), AttestationError> {
        if self.form != STATEMENT {
            return Err(AttestationError::StatementType(sanitize(&self.form, SENTENCE_MAX)));
        }
        let [subject] = &self.subject[..] else {
            return Err(AttestationError::Subjects(self.subject.len()));
        };
        if subject.name != filename {
            return Err(AttestationError::OtherFile { attested: sanitize(&subject.name, SENTENCE_MAX) });
        }
        let attested = &subject.digest.sha256;
        if attested.parse() != Ok(sha256) {
            return Err(AttestationError::OtherBytes { attested: sanitize(attested, 80), here: sha256 });
        }
        let found = self.predicate_type.as_str();
        let (fits, expected) = match kind {
            Kind::Publish => {
                (found.starts_with("https://") && found.ends_with(PUBLISH), "a publish attestation")
            }
            Kind::Slsa => (found == SLSA, "SLSA provenance"),
        };
        if !fits {
            return Err(AttestationError::OtherKind { found: sanitize(found, SENTENCE_MAX), expected });
        }
        let empty =
            self.predicate.is_null() || self.predicate.as_object().is_some_and(serde_json::Map::is_empty);
        if kind == Kind::Publish && !empty { Err(AttestationError::Predicate) } else { Ok(()) }
    }
}
