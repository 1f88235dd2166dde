//! The long description.

use super::{Family, Rule, Scope, Severity};

/// The project page has something to show.
pub(super) static RULE: Rule = Rule {
    id: "description-missing",
    title: "there is a long description",
    severity: Severity::Warned,
    source: "PEP 566",
    family: Family::Description,
    scope: Scope::Everywhere,
    hint: "set `readme` in pyproject.toml",
    check: |distribution, report| {
        let description = distribution.metadata().description().unwrap_or_default().trim();
        if description.is_empty() || description == "UNKNOWN" {
            report.warned("Description", "there is no long description");
        }
    },
};
