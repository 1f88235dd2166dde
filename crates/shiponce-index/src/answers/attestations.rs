//! Attestations (PEP 740).

use shiponce_core::journal::Refusal;

use super::Row;

pub(super) const ROWS: &[Row] = &[
    Row {
        rule: "attestations-need-publisher",
        status: &[400],
        pieces: &["attestations are only supported when using trusted publishing"],
        refusal: Refusal::Rejected,
        what: "attestations were sent with an ordinary API token",
        why: "the index takes them only from a trusted publisher, whose identity they name",
        hint: "publish through trusted publishing, or without attestations",
        said: &[
            "Invalid attestations supplied during upload: Attestations are only supported when using Trusted Publishing",
        ],
    },
    Row {
        rule: "attestations-other-publisher",
        status: &[400],
        pieces: &["attestations are not currently supported with"],
        refusal: Refusal::Rejected,
        what: "this kind of trusted publisher cannot attest",
        why: "the index takes attestations from some publishers only",
        hint: "publish without attestations",
        said: &[
            "Invalid attestations supplied during upload: Attestations are not currently supported with X publishers",
        ],
    },
    Row {
        rule: "attestation-unverified",
        status: &[400],
        pieces: &["could not verify the uploaded artifact using the included attestation"],
        refusal: Refusal::Rejected,
        what: "an attestation does not fit the file or the publisher",
        why: "it was made for other bytes, another file name, or by another workflow than the one that uploads",
        hint: "sign the very files that are uploaded, in the workflow file that is registered as the publisher",
        said: &[
            "Invalid attestations supplied during upload: Could not verify the uploaded artifact using the included \
             attestation: x",
        ],
    },
    Row {
        rule: "attestations-too-many",
        status: &[400],
        pieces: &["a maximum of 2 attestations per file"],
        refusal: Refusal::Rejected,
        what: "too many attestations were sent for one file",
        why: "the index takes two for a file, of different kinds",
        hint: "send one publish attestation and one SLSA provenance",
        said: &[
            "Invalid attestations supplied during upload: A maximum of 2 attestations per file are supported",
        ],
    },
    Row {
        rule: "attestation-kind",
        status: &[400],
        pieces: &["predicate type"],
        refusal: Refusal::Rejected,
        what: "an attestation is of an unknown kind, or two are of one kind",
        why: "the index knows publish attestations and SLSA provenance, one of each",
        hint: "send one publish attestation and one SLSA provenance",
        said: &[
            "Invalid attestations supplied during upload: Attestation with unsupported predicate type: x",
            "Invalid attestations supplied during upload: Multiple attestations for the same file with the same \
             predicate type (x) are not supported",
        ],
    },
    Row {
        rule: "attestations-malformed",
        status: &[400],
        pieces: &["invalid attestations supplied during upload"],
        refusal: Refusal::Rejected,
        what: "the attestations cannot be read",
        why: "they must be a JSON list of one or two PEP 740 objects",
        hint: "make them again from the files that are uploaded",
        said: &[
            "Invalid attestations supplied during upload: Malformed attestations: x",
            "Invalid attestations supplied during upload: Malformed attestations: an empty attestation set is not \
             permitted",
            "Invalid attestations supplied during upload: Unknown error while trying to verify included attestations",
        ],
    },
];
