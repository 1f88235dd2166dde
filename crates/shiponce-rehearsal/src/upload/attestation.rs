//! Attestations that come with an upload (PEP 740). Nobody has signed them or their certificates, so that is not checked
//! here; everything else about them is: form, file, digest, kind, and whether the certificate names the publisher.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::Upload;
use super::fields::Digests;
use crate::account::{Identity, Owner, Publisher};
use crate::answer::Refusal;
use crate::attestation;
use crate::world::IndexState;

const KINDS: [&str; 2] = ["/attestations/publish/v1", "https://slsa.dev/provenance/v1"];

impl Upload<'_> {
    pub(super) fn attestations(
        &self,
        state: &IndexState,
        identity: &Identity,
        filename: &str,
        digests: &Digests,
    ) -> Result<Option<Value>, Refusal> {
        let Some(text) = self.form.one("attestations") else { return Ok(None) };
        let Owner::Publisher(number) = identity.owner() else {
            return Err(invalid("Attestations are only supported when using Trusted Publishing"));
        };
        // The real view dies on text that is not JSON.
        let value: Value = serde_json::from_str(text).map_err(|_| Refusal::Crash)?;
        let Value::Array(items) = value else {
            return Err(invalid("Malformed attestations: Input should be a valid list"));
        };
        if items.is_empty() {
            return Err(invalid("Malformed attestations: an empty attestation set is not permitted"));
        }
        if items.len() > 2 {
            return Err(invalid("A maximum of 2 attestations per file are supported"));
        }
        let publisher = state.publishers.get(*number);
        let mut seen = Vec::new();
        for item in &items {
            let kind = verify(item, filename, digests, publisher)?;
            if seen.contains(&kind) {
                return Err(invalid(&format!(
                    "Multiple attestations for the same file with the same predicate type ({kind}) are not supported"
                )));
            }
            seen.push(kind);
        }
        let publisher = publisher
            .map(|by| attestation::publisher(&by.repository, &by.workflow, by.environment.as_deref()));
        Ok(Some(attestation::provenance(&publisher.unwrap_or_default(), &items)))
    }
}

fn invalid(why: &str) -> Refusal {
    Refusal::bad(format!("Invalid attestations supplied during upload: {why}"))
}

/// Returns the predicate type.
fn verify(
    item: &Value,
    filename: &str,
    digests: &Digests,
    publisher: Option<&Publisher>,
) -> Result<String, Refusal> {
    let statement = item["envelope"]["statement"]
        .as_str()
        .and_then(|text| STANDARD.decode(text).ok())
        .and_then(|raw| serde_json::from_slice::<Value>(&raw).ok());
    let Some(statement) = statement.filter(|_| item["version"] == 1) else {
        return Err(invalid("Malformed attestations: Input should be a valid attestation"));
    };
    let subject = &statement["subject"][0];
    let unverified = |why: &str| {
        invalid(&format!("Could not verify the uploaded artifact using the included attestation: {why}"))
    };
    // The text was seen in a report about the real service (astral-sh/uv, version 0.9.15).
    if let (Some((uri, repository, file)), Some(by)) = (attestation::signed_by(item), publisher)
        && !(repository.eq_ignore_ascii_case(&by.repository) && file == by.workflow)
    {
        return Err(unverified(&format!(
            "Verification failed: Certificate's Build Config URI ({uri}) does not match expected Trusted Publisher \
             ({} @ {})",
            by.workflow, by.repository
        )));
    }
    if subject["name"] != filename {
        return Err(unverified("subject does not match distribution name"));
    }
    if subject["digest"]["sha256"] != digests.sha256.as_str() {
        return Err(unverified("subject does not match distribution digest"));
    }
    let kind = statement["predicateType"].as_str().unwrap_or_default();
    if !KINDS.iter().any(|known| kind.ends_with(known)) {
        return Err(invalid(&format!("Attestation with unsupported predicate type: {kind}")));
    }
    Ok(kind.to_owned())
}
