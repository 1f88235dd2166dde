//! Fields that parsers of core metadata do not take.

use super::{Family, Rule, Scope, Severity};
use crate::metadata::Defect;

/// What `packaging` would leave unparsed, which twine refuses to send and PyPI to read.
pub(super) static RULE: Rule = Rule {
    id: "metadata-field",
    title: "every field is one that parsers take",
    severity: Severity::Rejected,
    source: "`packaging.metadata.parse_email`; the upload view: `… has invalid data`",
    family: Family::Metadata,
    scope: Scope::Everywhere,
    hint: "correct the project's metadata in pyproject.toml and build again",
    check: |distribution, report| {
        for defect in distribution.metadata().defects() {
            match defect {
                // Never sent, so the index does not see it.
                Defect::Unknown(field) => report.warned(field, defect.to_string()),
                Defect::NotUtf8(field) | Defect::Repeated(field) => {
                    report.rejected(field, defect.to_string());
                }
                Defect::TwoDescriptions => report.rejected("Description", defect.to_string()),
                Defect::RepeatedLabel(_) => report.rejected("Project-URL", defect.to_string()),
            }
        }
    },
};
