//! The signing certificate: which source it was issued for.
//!
//! Sigstore's authority writes the claims of the job's identity token into extensions of the certificate. From number 8
//! on their values are DER, before that bare text, and the old ones are deprecated (Fulcio, `docs/oid-info.md`).

use shiponce_core::provenance::Origin;
use x509_cert::Certificate;
use x509_cert::der::asn1::{ObjectIdentifier, Utf8StringRef};
use x509_cert::der::{self, Decode as _};

use crate::attestation::Signer;
use crate::text::{SENTENCE_MAX, sanitize};

/// Source Repository URI: the address of the repository the job ran for.
const REPOSITORY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.12");
/// Source Repository Digest: the commit the job ran for.
const COMMIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.13");
/// Source Repository Ref: the branch or tag; left out where the job ran for a bare commit.
const REFERENCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.14");
/// Build Config URI: the workflow file that was started, with its reference.
const WORKFLOW: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.18");

/// Why a certificate cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// It is none.
    #[error("it is no certificate")]
    Certificate(#[source] der::Error),
    /// A claim of the signer is no text.
    #[error("its extension {extension} is no text")]
    Text {
        /// The claim.
        extension: ObjectIdentifier,
        /// What the reader says.
        #[source]
        source: der::Error,
    },
    /// Which of two claims counts would depend on the reader.
    #[error("its extension {extension} is there twice")]
    Twice {
        /// The claim.
        extension: ObjectIdentifier,
    },
}

/// The source a certificate names; `None` when it names no repository or no commit.
pub(super) fn origin(der: &[u8]) -> Result<Option<Origin>, CertificateError> {
    let certificate = Certificate::from_der(der).map_err(CertificateError::Certificate)?;
    let text = |extension| text(&certificate, extension);
    let (repository, commit, reference) = (text(REPOSITORY)?, text(COMMIT)?, text(REFERENCE)?);
    Ok(repository.zip(commit).map(|(repository, commit)| Origin { repository, commit, reference }))
}

/// Who signed; `None` when it names no repository or no workflow file.
pub(crate) fn signer(der: &[u8]) -> Result<Option<Signer>, CertificateError> {
    let certificate = Certificate::from_der(der).map_err(CertificateError::Certificate)?;
    let (repository, workflow) = (text(&certificate, REPOSITORY)?, text(&certificate, WORKFLOW)?);
    let shown = |text: String| sanitize(&text, SENTENCE_MAX);
    Ok(repository.zip(workflow).map(|(one, two)| Signer { repository: shown(one), workflow: shown(two) }))
}

fn text(certificate: &Certificate, extension: ObjectIdentifier) -> Result<Option<String>, CertificateError> {
    let all = certificate.tbs_certificate().extensions().map(Vec::as_slice).unwrap_or_default();
    let mut found = all.iter().filter(|one| one.extn_id == extension);
    let Some(first) = found.next() else { return Ok(None) };
    // RFC 5280 forbids it; which of two would count depends on the reader.
    if found.next().is_some() {
        return Err(CertificateError::Twice { extension });
    }
    let text = Utf8StringRef::from_der(first.extn_value.as_bytes());
    text.map(|text| Some(text.as_str().to_owned()))
        .map_err(|source| CertificateError::Text { extension, source })
}
