//! The provenance object: bundles of attestations, each with the identity that published (PEP 740).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use shiponce_core::provenance::Claim;

use super::certificate::{self, CertificateError};
use crate::text::{SENTENCE_MAX, sanitize};

/// Why a document is no provenance that can be read. One attestation that is not understood spoils the whole: what it
/// says may be what matters.
#[derive(Debug, thiserror::Error)]
pub(super) enum DocumentError {
    #[error("the JSON is malformed or cut off")]
    Json(#[source] serde_json::Error),
    #[error("it has the version {0}, which this program does not know")]
    Version(u64),
    #[error("the {what} of an attestation is no base64")]
    Base64 {
        what: &'static str,
        #[source]
        source: base64::DecodeError,
    },
    #[error("the statement of an attestation is malformed")]
    Statement(#[source] serde_json::Error),
    #[error("the statement of an attestation has {0} subjects, not one")]
    Subjects(usize),
    #[error("the statement of an attestation has no sha256 that is one")]
    Digest,
    #[error("the certificate of an attestation cannot be read")]
    Certificate(#[source] CertificateError),
}

#[derive(Deserialize)]
struct Document {
    version: u64,
    attestation_bundles: Vec<Bundle>,
}

#[derive(Deserialize)]
struct Bundle {
    publisher: PublishedBy,
    attestations: Vec<Attestation>,
}

/// The identity under which the index took a file. Its fields differ by kind; the repository is what GitHub's and GitLab's
/// have.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PublishedBy {
    /// `GitHub`, `GitLab` and others.
    #[serde(default)]
    pub kind: String,
    /// `owner/name`.
    #[serde(default)]
    pub repository: Option<String>,
    /// The workflow file; GitLab's with its folders.
    #[serde(default, alias = "workflow_filepath")]
    pub workflow: Option<String>,
    /// The environment it is registered with; `None` accepts any.
    #[serde(default)]
    pub environment: Option<String>,
}

#[derive(Deserialize)]
struct Attestation {
    version: u64,
    verification_material: Material,
    envelope: Envelope,
}

#[derive(Deserialize)]
struct Material {
    certificate: String,
}

#[derive(Deserialize)]
struct Envelope {
    statement: String,
}

/// An in-toto statement (v1), as far as it says what it is about.
#[derive(Deserialize)]
struct Statement {
    subject: Vec<Subject>,
}

#[derive(Deserialize)]
struct Subject {
    #[serde(default)]
    name: Option<String>,
    digest: Digest,
}

#[derive(Deserialize)]
struct Digest {
    #[serde(default)]
    sha256: Option<String>,
}

/// Reads who published.
pub(super) fn publishers(body: &[u8]) -> Result<Vec<PublishedBy>, DocumentError> {
    let document: Document = serde_json::from_slice(body).map_err(DocumentError::Json)?;
    if document.version != 1 {
        return Err(DocumentError::Version(document.version));
    }
    let shown = |text: String| sanitize(&text, SENTENCE_MAX);
    let publisher = |bundle: Bundle| PublishedBy {
        kind: shown(bundle.publisher.kind),
        repository: bundle.publisher.repository.map(shown),
        workflow: bundle.publisher.workflow.map(shown),
        environment: bundle.publisher.environment.map(shown),
    };
    Ok(document.attestation_bundles.into_iter().map(publisher).collect())
}

/// Reads every claim of a document.
pub(super) fn read(body: &[u8]) -> Result<Vec<Claim>, DocumentError> {
    let document: Document = serde_json::from_slice(body).map_err(DocumentError::Json)?;
    if document.version != 1 {
        return Err(DocumentError::Version(document.version));
    }
    let mut claims = Vec::new();
    for bundle in document.attestation_bundles {
        for attestation in bundle.attestations {
            claims.push(claim(&attestation, bundle.publisher.repository.clone())?);
        }
    }
    Ok(claims)
}

fn claim(attestation: &Attestation, publisher: Option<String>) -> Result<Claim, DocumentError> {
    if attestation.version != 1 {
        return Err(DocumentError::Version(attestation.version));
    }
    let statement = decoded("statement", &attestation.envelope.statement)?;
    let statement: Statement = serde_json::from_slice(&statement).map_err(DocumentError::Statement)?;
    let [subject] = &statement.subject[..] else {
        return Err(DocumentError::Subjects(statement.subject.len()));
    };
    let sha256 = subject.digest.sha256.as_deref().and_then(|hex| hex.parse().ok());
    let certificate = decoded("certificate", &attestation.verification_material.certificate)?;
    Ok(Claim {
        filename: subject.name.clone().unwrap_or_default(),
        sha256: sha256.ok_or(DocumentError::Digest)?,
        publisher,
        origin: certificate::origin(&certificate).map_err(DocumentError::Certificate)?,
    })
}

/// Base64, also in lines: early attestations were written with line ends.
fn decoded(what: &'static str, text: &str) -> Result<Vec<u8>, DocumentError> {
    let text: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    BASE64_STANDARD.decode(text).map_err(|source| DocumentError::Base64 { what, source })
}
