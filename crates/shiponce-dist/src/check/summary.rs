//! The summary.

use super::{Family, Rule, Scope, Severity};

/// Longest summary that PyPI stores, in characters.
const LONGEST: usize = 512;

/// The summary is one line of at most 512 characters.
pub(super) static RULE: Rule = Rule {
    id: "summary",
    title: "the summary is one line of at most 512 characters",
    severity: Severity::Rejected,
    source: "`packaging.metadata`; the upload view: `'summary' field must be 512 characters or less`",
    family: Family::Metadata,
    scope: Scope::Pypi,
    hint: "shorten `description` in pyproject.toml to one sentence",
    check: |distribution, report| {
        let Some(summary) = distribution.metadata().get("Summary") else { return };
        let length = summary.chars().count();
        if length > LONGEST {
            report.rejected("Summary", format!("the summary has {length} characters, more than {LONGEST}"));
        }
        let breaks = ['\n', '\r', '\x0b', '\x0c', '\x1c', '\x1d', '\x1e', '\u{85}', '\u{2028}', '\u{2029}'];
        if summary.contains(breaks) {
            report.rejected("Summary", "the summary is not a single line");
        }
    },
};
