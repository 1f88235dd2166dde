//! The version of the metadata format.

use super::{Rule, Scope};
use crate::metadata::{KNOWN_VERSIONS, spec, version_of};

/// The format is one that PyPI knows.
pub(super) const KNOWN: Rule = Rule {
    name: "metadata-version",
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
pub(super) const FIELDS: Rule = Rule {
    name: "metadata-field-version",
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
