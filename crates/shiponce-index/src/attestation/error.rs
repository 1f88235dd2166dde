//! Why an attestation is not sent.

use shiponce_core::Sha256;

use crate::provenance::certificate::CertificateError;

/// What is wrong with an attestation.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AttestationError {
    /// It is no text.
    #[error("it is no UTF-8")]
    Text(#[source] std::str::Utf8Error),
    /// It is not the object that PEP 740 describes, or has fields that nobody would verify.
    #[error("it is no attestation object of PEP 740")]
    Json(#[source] serde_json::Error),
    /// A later form.
    #[error("it has the version {0}, and the index takes version 1")]
    Version(u64),
    /// Nothing shows that the signature was logged.
    #[error("it has no entry of a transparency log")]
    NotLogged,
    /// A field is damaged.
    #[error("its {what} is no base64")]
    Base64 {
        /// The field.
        what: &'static str,
        /// What the reader says.
        #[source]
        source: base64::DecodeError,
    },
    /// A field is empty.
    #[error("its {what} is empty")]
    Empty {
        /// The field.
        what: &'static str,
    },
    /// The statement is none.
    #[error("its statement is malformed")]
    Statement(#[source] serde_json::Error),
    /// The statement is of another form than in-toto v1.
    #[error("its statement is of the type `{0}`")]
    StatementType(String),
    /// It is about several files, or none.
    #[error("its statement has {0} subjects, not one")]
    Subjects(usize),
    /// It is about another file.
    #[error("it is about {attested}")]
    OtherFile {
        /// The subject.
        attested: String,
    },
    /// It is about other bytes.
    #[error("it is about other bytes, sha256 {attested}; the file has {here}")]
    OtherBytes {
        /// The digest in the statement, as it stands there.
        attested: String,
        /// The digest of the file.
        here: Sha256,
    },
    /// It states something else than the name of its file promises.
    #[error("it is of the kind `{found}`, and its name says {expected}")]
    OtherKind {
        /// The predicate type.
        found: String,
        /// What belongs there.
        expected: &'static str,
    },
    /// A publish attestation has nothing to say but its subject.
    #[error("its statement has a predicate, which a publish attestation must not have")]
    Predicate,
    /// The certificate cannot be read.
    #[error("its certificate cannot be read")]
    Certificate(#[source] CertificateError),
    /// Nobody can tell whether the signer is the publisher.
    #[error("its certificate names no repository and no workflow")]
    NoSigner,
}
