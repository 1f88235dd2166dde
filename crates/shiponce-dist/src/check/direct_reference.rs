//! Dependencies by address.

use super::place::Place;
use super::{Family, Rule, Scope, Severity};

/// PyPI takes no `name @ url` dependency.
pub(super) const RULE: Rule = Rule {
    id: "direct-reference",
    title: "no dependency names an address",
    severity: Severity::Rejected,
    source: "PEP 440; the upload view: `Can't have direct dependency: …`",
    family: Family::Metadata,
    scope: Scope::Pypi,
    hint: "depend on a released version; move direct references to a development group",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        for field in ["Requires-Dist", "Provides-Dist", "Obsoletes-Dist"] {
            for (index, value) in Place::fields(metadata, field).filter(|(_, value)| is_direct(value)) {
                let place = Place::field(metadata, index, "");
                report.rejected(place, format!("PyPI does not take the direct dependency `{value}`"));
            }
        }
    },
};

/// Whether a PEP 508 requirement names an address: `@` after the name and its extras.
fn is_direct(requirement: &str) -> bool {
    let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let rest = requirement.trim_start().trim_start_matches(in_name).trim_start();
    let after_extras = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']').map_or("", |(_, after)| after),
        None => rest,
    };
    after_extras.trim_start().starts_with('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_are_direct() {
        for direct in ["foo @ git+https://x/y", "foo@https://x", "foo[a, b]@ file:///x ; extra == 'c'"] {
            assert!(is_direct(direct), "{direct}");
        }
        for plain in ["foo", "foo>=1", "foo[a] (>=1)", "foo; extra == '@'", "", "foo[a"] {
            assert!(!is_direct(plain), "{plain}");
        }
    }
}
