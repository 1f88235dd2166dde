//! The format of the long description.

use super::{Rule, Scope};
use crate::metadata::content_type_problem;

/// The content type is one that PyPI renders.
pub(super) const RULE: Rule = Rule {
    name: "description-content-type",
    scope: Scope::Pypi,
    hint: "set `readme = { file = \"README.md\", content-type = \"text/markdown\" }` in pyproject.toml",
    check: |distribution, report| {
        let value = distribution.metadata().description_content_type();
        if let Some(problem) = value.and_then(content_type_problem) {
            report.rejected("Description-Content-Type", format!("the content type {problem}"));
        }
    },
};
