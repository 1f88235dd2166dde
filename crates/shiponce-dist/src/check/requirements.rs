//! Dependencies.

use super::place::Place;
use super::{Family, Rule, Scope, Severity};
use crate::field::Requirement;

/// Fields that hold requirements.
const FIELDS: [&str; 3] = ["Requires-Dist", "Provides-Dist", "Obsoletes-Dist"];

/// Every dependency can be read.
pub(super) static VALID: Rule = Rule {
    id: "requirement",
    title: "every dependency can be read",
    severity: Severity::Rejected,
    source: "PEP 508; `packaging.metadata`: `… is invalid for 'requires-dist'`",
    family: Family::Metadata,
    scope: Scope::Everywhere,
    hint: "write the dependency as `name[extra]>=1.0; python_version < \"3.12\"`",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        for field in FIELDS {
            for (index, value) in Place::sent(metadata, field) {
                if let Err(problem) = Requirement::parse(value) {
                    let place = Place::field(metadata, index, value);
                    report.rejected(place, format!("`{value}` is no dependency: {problem}"));
                }
            }
        }
    },
};

/// PyPI takes no `name @ url` dependency.
pub(super) static DIRECT: Rule = Rule {
    id: "direct-reference",
    title: "no dependency names an address",
    severity: Severity::Rejected,
    source: "PEP 440; the upload view: `Can't have direct dependency: …`",
    family: Family::Metadata,
    scope: Scope::Pypi,
    hint: "depend on a released version; move direct references to a development group",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        for field in FIELDS {
            for (index, value) in Place::sent(metadata, field) {
                if Requirement::parse(value).is_ok_and(|requirement| requirement.is_direct) {
                    let place = Place::field(metadata, index, value);
                    report.rejected(place, format!("PyPI does not take the direct dependency `{value}`"));
                }
            }
        }
    },
};
