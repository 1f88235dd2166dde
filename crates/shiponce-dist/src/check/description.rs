//! The long description.

use super::{Rule, Scope};

/// The project page has something to show.
pub(super) const RULE: Rule = Rule {
    name: "description-missing",
    scope: Scope::Everywhere,
    hint: "set `readme` in pyproject.toml",
    check: |distribution, report| {
        let description = distribution.metadata().description().unwrap_or_default().trim();
        if description.is_empty() || description == "UNKNOWN" {
            report.warned("Description", "there is no long description");
        }
    },
};
