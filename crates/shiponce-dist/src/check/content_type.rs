//! The format of the long description.

use super::{Family, Rule, Scope, Severity};
use crate::metadata::content_type_problem;

/// The content type is one that PyPI renders.
pub(super) static RULE: Rule = Rule {
    id: "description-content-type",
    title: "the content type of the description is one that is rendered",
    severity: Severity::Rejected,
    source: "PEP 566; `packaging.metadata`",
    family: Family::Description,
    scope: Scope::Pypi,
    hint: "set `readme = { file = \"README.md\", content-type = \"text/markdown\" }` in pyproject.toml",
    check: |distribution, report| {
        let value = distribution.metadata().description_content_type();
        if let Some(problem) = value.and_then(content_type_problem) {
            report.rejected("Description-Content-Type", format!("the content type {problem}"));
        }
    },
};
