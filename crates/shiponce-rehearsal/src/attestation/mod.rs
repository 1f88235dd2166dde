//! Attestations (PEP 740) as publishers make them, and provenance as the index serves it.
//!
//! The certificates have the form of Sigstore's; nobody's key has signed them. The real service would refuse them at
//! the upload, this world takes them: it checks everything else.

mod certificate;
mod der;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// What an attestation says about where a file was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// The address of the repository, `https://forge.example/owner/name`.
    repository: String,
    /// The commit; a certificate without one is possible.
    commit: Option<String>,
    /// The branch or tag.
    reference: Option<String>,
    /// The file name of the workflow.
    workflow: String,
    /// Stands for the file's own name in the statement.
    name: Option<String>,
    /// Stands for the file's own digest in the statement.
    sha256: Option<String>,
    /// Stands for the repository's own name in the bundle.
    publisher: Option<String>,
}

impl Attestation {
    /// A truthful attestation of a file that was made from this commit of the repository at this address.
    #[must_use]
    pub fn new(repository: &str, commit: &str) -> Self {
        Self {
            repository: repository.to_owned(),
            commit: Some(commit.to_owned()),
            reference: Some("refs/tags/v1".to_owned()),
            workflow: "release.yml".to_owned(),
            name: None,
            sha256: None,
            publisher: None,
        }
    }

    /// A certificate that names no commit, as other issuers' do.
    #[must_use]
    pub fn without_commit(mut self) -> Self {
        self.commit = None;
        self
    }

    /// A job that ran for a bare commit; its certificate names no branch or tag.
    #[must_use]
    pub fn without_reference(mut self) -> Self {
        self.reference = None;
        self
    }

    /// A certificate of another workflow file, as in a reusable workflow, whose caller it names.
    #[must_use]
    pub fn from_workflow(mut self, file: &str) -> Self {
        file.clone_into(&mut self.workflow);
        self
    }

    /// A statement about another file name.
    #[must_use]
    pub fn about(mut self, filename: &str) -> Self {
        self.name = Some(filename.to_owned());
        self
    }

    /// A statement about other bytes, by their SHA-256 in hexadecimal.
    #[must_use]
    pub fn about_bytes(mut self, sha256: &str) -> Self {
        self.sha256 = Some(sha256.to_owned());
        self
    }

    /// A bundle whose publisher is another repository, `owner/name`, than the certificate names.
    #[must_use]
    pub fn published_by(mut self, repository: &str) -> Self {
        self.publisher = Some(repository.to_owned());
        self
    }

    /// The attestation object of a file, as a client sends it beside the file.
    #[must_use]
    pub fn object(&self, filename: &str, sha256: &str) -> Value {
        let statement = json!({
            "_type": "https://in-toto.io/Statement/v1",
            "predicate": null,
            "predicateType": "https://docs.example/attestations/publish/v1",
            "subject": [{
                "digest": {"sha256": self.sha256.as_deref().unwrap_or(sha256)},
                "name": self.name.as_deref().unwrap_or(filename),
            }],
        });
        let certificate = certificate::make(self);
        json!({
            "envelope": {
                "signature": STANDARD.encode([0x30, 0x00]),
                "statement": STANDARD.encode(statement.to_string()),
            },
            "verification_material": {
                "certificate": STANDARD.encode(certificate),
                "transparency_entries": [{}],
            },
            "version": 1,
        })
    }

    /// The identity that published, as a bundle names it.
    pub(crate) fn publisher(&self) -> Value {
        let own = self.repository.splitn(4, '/').nth(3).unwrap_or(&self.repository);
        publisher(self.publisher.as_deref().unwrap_or(own), &self.workflow, None)
    }
}

/// The workflow file that an attestation object names: as a whole, `owner/name`, and the file; `None` when there is none.
pub(crate) fn signed_by(object: &Value) -> Option<(String, String, String)> {
    let certificate = STANDARD.decode(object["verification_material"]["certificate"].as_str()?).ok()?;
    let whole = certificate::build_config(&certificate)?;
    let path = whole.split('@').next()?.splitn(4, '/').nth(3)?.to_owned();
    let (repository, file) = path.split_once("/.github/workflows/")?;
    Some((whole, repository.to_owned(), file.to_owned()))
}

/// A publisher on GitHub.
pub(crate) fn publisher(repository: &str, workflow: &str, environment: Option<&str>) -> Value {
    json!({"environment": environment, "kind": "GitHub", "repository": repository, "workflow": workflow})
}

/// The provenance object of one publisher's attestations.
pub(crate) fn provenance(publisher: &Value, attestations: &[Value]) -> Value {
    json!({"attestation_bundles": [{"attestations": attestations, "publisher": publisher}], "version": 1})
}
