//! Local versions.

use super::{Rule, Scope};

/// PyPI refuses `1.0+local`.
pub(super) const RULE: Rule = Rule {
    name: "local-version",
    scope: Scope::Pypi,
    hint: "release from a tagged commit, or take the `+…` part out of the version",
    check: |distribution, report| {
        let version = distribution.metadata().version();
        if version.is_local() {
            report.rejected("Version", format!("PyPI does not take the local version {version}"));
        }
    },
};
