//! Local versions.

use super::{Family, Rule, Scope, Severity};

/// PyPI refuses `1.0+local`.
pub(super) static RULE: Rule = Rule {
    id: "local-version",
    title: "the version has no local part",
    severity: Severity::Rejected,
    source: "PEP 440; the upload view: `The use of local versions in … is not allowed`",
    family: Family::Names,
    scope: Scope::Pypi,
    hint: "release from a tagged commit, or take the `+…` part out of the version",
    check: |distribution, report| {
        let version = distribution.metadata().version();
        if version.is_local() {
            report.rejected("Version", format!("PyPI does not take the local version {version}"));
        }
    },
};
