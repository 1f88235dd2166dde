//! Fields that name other fields, extras and modules.

use super::place::Place;
use super::{Family, Rule, Scope, Severity};
use crate::field::{import_name_problem, is_name};
use crate::metadata::spec;

/// `Dynamic` names fields that may be dynamic.
pub(super) static DYNAMIC: Rule = Rule {
    id: "dynamic",
    title: "`Dynamic` names fields, and neither the name nor the versions",
    severity: Severity::Rejected,
    source: "PEP 643; `packaging.metadata`: `… is not a valid dynamic field`",
    family: Family::Metadata,
    scope: Scope::Everywhere,
    hint: "update the build backend, which writes the field",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        for (index, value) in Place::sent(metadata, "Dynamic") {
            let name = value.to_ascii_lowercase();
            let message = if matches!(name.as_str(), "name" | "version" | "metadata-version") {
                format!("`{value}` is never dynamic")
            } else if spec(&name).is_none() {
                format!("`{value}` is not a core metadata field")
            } else {
                continue;
            };
            report.rejected(Place::field(metadata, index, value), message);
        }
    },
};

/// The names of extras can be asked for.
pub(super) static EXTRA: Rule = Rule {
    id: "provides-extra",
    title: "the name of every extra is a valid name",
    severity: Severity::Rejected,
    source: "PEP 685; `packaging.metadata`: `… is invalid for 'provides-extra'`",
    family: Family::Metadata,
    scope: Scope::Everywhere,
    hint: "call the extra by letters, digits, `.`, `_` and `-`",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        for (index, value) in Place::sent(metadata, "Provides-Extra") {
            if !is_name(value) {
                let place = Place::field(metadata, index, value);
                report.rejected(place, format!("`{value}` is not the name of an extra"));
            }
        }
    },
};

/// Modules have names that Python can import.
pub(super) static IMPORT: Rule = Rule {
    id: "import-name",
    title: "`Import-Name` and `Import-Namespace` name modules",
    severity: Severity::Rejected,
    source: "PEP 794; `packaging.metadata`: `… is not a valid identifier`",
    family: Family::Metadata,
    scope: Scope::Everywhere,
    hint: "name the modules as `import` does",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        for field in ["Import-Name", "Import-Namespace"] {
            for (index, value) in Place::sent(metadata, field) {
                if let Some(problem) = import_name_problem(value) {
                    report.rejected(Place::field(metadata, index, value), problem);
                }
            }
        }
    },
};
