//! Dependency specifiers (PEP 508).

use super::marker::marker_problem;
use super::{is_name, specifiers_problem};

/// What of a requirement matters to an index.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Requirement {
    /// Whether it points at an address, `name @ url`.
    pub(crate) is_direct: bool,
}

impl Requirement {
    /// Reads a requirement.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim_matches([' ', '\t']);
        let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')));
        let (name, rest) = text.split_at(end.unwrap_or(text.len()));
        if !is_name(name) {
            return Err("it does not begin with the name of a project".to_owned());
        }
        let rest = after_extras(rest.trim_start())?.trim_start();
        if let Some(url) = rest.strip_prefix('@') {
            return direct(url.trim_start());
        }
        let (specifiers, marker) = match rest.split_once(';') {
            Some((specifiers, marker)) => (specifiers.trim(), Some(marker)),
            None => (rest.trim(), None),
        };
        let bare = match specifiers.strip_prefix('(') {
            Some(inner) => inner.strip_suffix(')').ok_or("a parenthesis is not closed")?.trim(),
            None => specifiers,
        };
        // Unlike `Requires-Python`, a requirement may only have a comma too many at its end.
        let clauses: Vec<&str> = bare.split(',').map(str::trim).collect();
        if clauses.len() > 1 && clauses[..clauses.len() - 1].contains(&"") {
            return Err("there is nothing in front of a comma".to_owned());
        }
        if let Some(problem) = specifiers_problem(bare) {
            return Err(problem);
        }
        match marker.map(marker_problem) {
            Some(Some(problem)) => Err(problem),
            _ => Ok(Self { is_direct: false }),
        }
    }
}

/// What follows `[extra, extra]`.
fn after_extras(rest: &str) -> Result<&str, String> {
    let Some(inner) = rest.strip_prefix('[') else { return Ok(rest) };
    let (extras, after) = inner.split_once(']').ok_or("the list of extras is not closed")?;
    let named = extras.trim().is_empty() || extras.split(',').all(|extra| is_name(extra.trim()));
    if named { Ok(after) } else { Err(format!("`[{extras}]` is no list of extras")) }
}

fn direct(rest: &str) -> Result<Requirement, String> {
    let (url, marker) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
    if url.is_empty() {
        return Err("there is no address behind `@`".to_owned());
    }
    let marker = marker.trim();
    if marker.is_empty() {
        return Ok(Requirement { is_direct: true });
    }
    let marker =
        marker.strip_prefix(';').ok_or("behind the address stands something else than `; marker`")?;
    marker_problem(marker).map_or(Ok(Requirement { is_direct: true }), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements() {
        for good in [
            "foo",
            "foo>=1,<2",
            "foo[a,b] (>=1)",
            "foo == 1.*",
            "foo[]",
            " foo ;extra=='x'",
            "foo>=1; python_version<'3.9'",
            "foo ()",
            "foo>=1,",
        ] {
            assert_eq!(Requirement::parse(good), Ok(Requirement { is_direct: false }), "{good}");
        }
        for direct in ["foo @ git+https://x/y", "foo@https://x", "foo[a, b]@ file:///x ; extra == 'c'"] {
            assert_eq!(Requirement::parse(direct), Ok(Requirement { is_direct: true }), "{direct}");
        }
        for bad in [
            "",
            "-foo",
            "foo bar",
            "foo>=",
            "foo[a",
            "foo[a b]",
            "foo @",
            "foo; python_version",
            "foo>=1; 'x'",
            "foo (>=1",
            "foo @ x y",
            "foo ,<3",
            "foo;",
        ] {
            assert!(Requirement::parse(bad).is_err(), "{bad}");
        }
    }
}
