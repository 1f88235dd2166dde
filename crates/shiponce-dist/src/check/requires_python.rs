//! The Python versions.

use super::place::Place;
use super::{Family, Rule, Scope, Severity};
use crate::field::specifiers_problem;

/// `Requires-Python` is a list of version specifiers.
pub(super) static RULE: Rule = Rule {
    id: "requires-python",
    title: "`Requires-Python` is a list of version specifiers",
    severity: Severity::Rejected,
    source: "PEP 440; `packaging.metadata`: `… is invalid for 'requires-python'`",
    family: Family::Metadata,
    scope: Scope::Everywhere,
    hint: "write `requires-python = \">=3.10\"`",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        for (index, value) in Place::sent(metadata, "Requires-Python") {
            if let Some(problem) = specifiers_problem(value) {
                report.rejected(Place::field(metadata, index, value), problem);
            }
        }
    },
};
