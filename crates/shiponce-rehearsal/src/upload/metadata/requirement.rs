//! Dependency specifiers (PEP 508), as far as an index has to judge them.

use super::valid_name;
use crate::text::pep440::Version;

pub(super) struct Requirement {
    /// Points at a file or a repository.
    pub(super) direct: bool,
}

impl Requirement {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let end = text
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')))
            .unwrap_or(text.len());
        valid_name(&text[..end]).then_some(())?;
        let mut rest = text[end..].trim_start();
        if let Some(inner) = rest.strip_prefix('[') {
            let (extras, tail) = inner.split_once(']')?;
            let good = extras.trim().is_empty() || extras.split(',').all(|extra| valid_name(extra.trim()));
            good.then_some(())?;
            rest = tail.trim_start();
        }
        if let Some(url) = rest.strip_prefix('@') {
            return (!url.trim().is_empty()).then_some(Self { direct: true });
        }
        let (specifiers, marker) = rest.split_once(';').map_or((rest, None), |(s, m)| (s, Some(m)));
        if marker.is_some_and(|m| !valid_marker(m)) {
            return None;
        }
        let specifiers = specifiers.trim();
        let bare = specifiers.strip_prefix('(').and_then(|s| s.strip_suffix(')')).unwrap_or(specifiers);
        (bare.is_empty() || valid_specifiers(bare)).then_some(Self { direct: false })
    }
}

/// Version specifiers (PEP 440): `>=1,<2`. The empty set is one.
pub(super) fn valid_specifiers(text: &str) -> bool {
    text.split(',').map(str::trim).filter(|clause| !clause.is_empty()).all(valid_clause)
}

fn valid_clause(clause: &str) -> bool {
    if let Some(any) = clause.strip_prefix("===") {
        return !any.trim().is_empty();
    }
    for operator in ["==", "!="] {
        if let Some(version) = clause.strip_prefix(operator) {
            let version = version.trim();
            let version = version.strip_suffix(".*").unwrap_or(version);
            return Version::parse(version).is_some();
        }
    }
    for operator in ["~=", "<=", ">=", "<", ">"] {
        if let Some(version) = clause.strip_prefix(operator) {
            return Version::parse(version.trim()).is_some_and(|v| v.local.is_none());
        }
    }
    false
}

/// What a marker may consist of beside quoted texts, operators and parentheses.
const MARKER_WORDS: [&str; 23] = [
    "and",
    "or",
    "in",
    "not",
    "extra",
    "extras",
    "dependency_groups",
    "python_version",
    "python_full_version",
    "python_implementation",
    "os_name",
    "os.name",
    "sys_platform",
    "sys.platform",
    "platform_release",
    "platform_system",
    "platform_version",
    "platform.version",
    "platform_machine",
    "platform.machine",
    "platform_python_implementation",
    "implementation_name",
    "implementation_version",
];

/// Balanced quotes and parentheses, words that mean something, and at least one comparison.
fn valid_marker(text: &str) -> bool {
    let bare = text.split('\'').step_by(2).flat_map(|piece| piece.split('"').step_by(2)).collect::<String>();
    let words = bare.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')));
    if words.filter(|word| !word.is_empty()).any(|word| !MARKER_WORDS.contains(&word)) {
        return false;
    }
    let mut depth = 0i32;
    let mut quote = None;
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, _) => {}
        }
        if depth < 0 {
            return false;
        }
    }
    let compares = ["=", "<", ">", " in "].iter().any(|operator| text.contains(operator));
    depth == 0 && quote.is_none() && compares
}

#[cfg(test)]
mod tests {
    use super::{Requirement, valid_specifiers};

    #[test]
    fn requirements() {
        for good in [
            "foo",
            "foo>=1,<2",
            "foo[a,b] (>=1)",
            "foo>1; python_version < '3.9' and extra == 'x'",
            "foo==1.*",
        ] {
            assert!(Requirement::parse(good).is_some_and(|r| !r.direct), "{good}");
        }
        for bad in [
            "",
            "foo bar",
            "foo>=",
            "foo[a",
            "foo; python_version",
            "foo; nonsense == 'x'",
            "-foo",
            "foo>=1; 'x",
        ] {
            assert!(Requirement::parse(bad).is_none(), "{bad}");
        }
        assert!(Requirement::parse("foo @ https://host.example/x.whl").is_some_and(|r| r.direct));
    }

    #[test]
    fn specifiers() {
        assert!(valid_specifiers(">=3.9"));
        assert!(valid_specifiers(""));
        assert!(!valid_specifiers("three"));
        assert!(!valid_specifiers(">=3.9.*"));
    }
}
