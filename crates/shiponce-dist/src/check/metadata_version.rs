//! The version of the metadata format.

use super::{Family, Rule, Scope, Severity};
use crate::metadata::{KNOWN_VERSIONS, spec, version_of};

/// The format is one that PyPI knows.
pub(super) static KNOWN: Rule = Rule {
    id: "metadata-version",
    title: "the metadata version is one that PyPI knows",
    severity: Severity::Rejected,
    source: "the upload view: `… is not a valid metadata version`",
    family: Family::Metadata,
    scope: Scope::Pypi,
    hint: "use a build backend that writes core metadata 2.5 or older",
    check: |distribution, report| {
        let version = distribution.metadata().metadata_version();
        if !KNOWN_VERSIONS.contains(&version) {
            report.rejected("Metadata-Version", format!("PyPI does not know metadata version `{version}`"));
        }
    },
};

/// No field is newer than the format that the file declares.
pub(super) static FIELDS: Rule = Rule {
    id: "metadata-field-version",
    title: "no field is newer than the metadata version",
    severity: Severity::Rejected,
    source: "`packaging.metadata`: `… introduced in metadata version …`",
    family: Family::Metadata,
    scope: Scope::Pypi,
    hint: "update the build backend, so that it declares the metadata version whose fields it writes",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        let declared = metadata.metadata_version();
        for field in metadata.fields() {
            let Some(spec) = spec(&field.name) else { continue };
            // License-File before 2.4 is left out of the form, as setuptools wrote it for years.
            let sent = spec.form != "license_file" && !field.value.is_empty();
            if sent && version_of(spec.since) > version_of(declared) {
                let message = format!("the field came with metadata version {}, not {declared}", spec.since);
                report.rejected(spec.name, message);
            }
        }
    },
};
