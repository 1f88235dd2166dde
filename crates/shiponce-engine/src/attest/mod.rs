//! Attestations (PEP 740): found beside the files, held against what every target asks for, sent along.
//!
//! A statement names a file and its digest and no index, and the certificate names a repository and a workflow file. So
//! one attestation serves every index that has the same publisher, and nothing about it is frozen: the digest in the
//! manifest says which attestations fit. What differs between indexes is whether one is sent there, and that is decided
//! per target. Nothing here signs; a step of the workflow does, before the files are published.

mod find;
mod judge;

use crate::report::Say as _;
use crate::stage::Payload;
use crate::target::ReleaseTarget;
use crate::{Access, context::Context};
use shiponce_api::{ErrorCode, Problem};
use shiponce_config::Attestations;
use shiponce_core::form::UploadForm;
use shiponce_index::Attestation;
use shiponce_index::attestation::Signer;
use std::borrow::Cow;
use std::collections::BTreeMap;

pub(crate) use find::{Beside, split_given};
pub(crate) use judge::judge;

/// What a target does with attestations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attest {
    /// What is asked for.
    pub policy: Attestations,
    /// Whether uploads there are authorised by trusted publishing; PyPI refuses attestations with a token.
    pub by_publisher: bool,
}

impl Attest {
    /// No attestation is sent, and none is missed.
    pub(crate) const OFF: Self = Self { policy: Attestations::Off, by_publisher: false };
}

/// The attestations of the files of a press, by file name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attested(BTreeMap<String, Vec<Attestation>>);

impl Attested {
    pub(crate) fn has(&self, filename: &str) -> bool {
        self.0.contains_key(filename)
    }

    /// Who signed them: one identity for all.
    pub(crate) fn signer(&self) -> Option<&Signer> {
        self.0.values().flatten().next().map(Attestation::signer)
    }

    /// Gives every payload what belongs to it.
    pub(crate) fn attach(&self, payloads: &mut BTreeMap<String, Payload>) {
        for (name, payload) in payloads {
            payload.attestations = self.0.get(name).cloned().unwrap_or_default();
        }
    }
}

impl ReleaseTarget {
    /// Whether attestations that are there are sent.
    pub(crate) fn takes_attestations(&self) -> bool {
        self.attest.policy != Attestations::Off && (self.attest.by_publisher || !self.core.pypi_rules)
    }

    /// The form of a file for this target.
    pub(crate) fn form<'p>(&self, payload: &'p Payload) -> Cow<'p, UploadForm> {
        let field = self.takes_attestations().then(|| Attestation::field(&payload.attestations)).flatten();
        match field {
            None => Cow::Borrowed(&payload.form),
            attestations => Cow::Owned(UploadForm { attestations, ..payload.form.clone() }),
        }
    }

    /// Holds the signer of a file against the identity that uploads it, as the index will.
    ///
    /// # Errors
    /// `attestation-invalid`, before the file is sent.
    pub(crate) async fn same_identity(&self, context: &Context, payload: &Payload) -> Result<(), Problem> {
        let Access::TrustedPublishing(publisher) = &self.access else { return Ok(()) };
        let Some(attestation) = payload.attestations.first().filter(|_| self.takes_attestations()) else {
            return Ok(());
        };
        let Some(claims) = publisher.claims().await else { return Ok(()) };
        let Err(mismatch) = attestation.signer().fits(&claims) else { return Ok(()) };
        let message = format!(
            "the attestation of {} was signed by another {} than publishes to {}",
            payload.form.filename, mismatch.what, self.label
        );
        let problem = Problem::new(ErrorCode::AttestationInvalid, message)
            .fact("signed", mismatch.signed)
            .fact("publisher", mismatch.publisher);
        if claims.is_reusable_workflow() {
            context.report.warning(
                "This job runs in a reusable workflow: the publisher is the called file, the certificate names the \
                 calling one",
            );
            return Err(problem
                .hint("publish from the workflow file that is started, not from one that it calls")
                .hint(format!("or send none: [index.{}] attestations = \"off\"", self.core.name)));
        }
        Err(problem.hint("sign in the workflow that publishes, and register that file as the publisher"))
    }
}
