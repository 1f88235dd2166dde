//! Version specifiers (PEP 440): `>=1.0,!=1.5.*`.

use shiponce_core::Version;

/// What is wrong with a list of specifiers; the empty list takes every version.
pub(crate) fn specifiers_problem(text: &str) -> Option<String> {
    text.split(',').map(str::trim).filter(|clause| !clause.is_empty()).find_map(clause_problem)
}

fn clause_problem(clause: &str) -> Option<String> {
    let wrong = |why: &str| Some(format!("`{clause}` {why}"));
    if let Some(exact) = clause.strip_prefix("===") {
        let exact = exact.trim();
        // Python's `packaging` takes even nothing here.
        let plain = !exact.contains(|c: char| c.is_whitespace() || matches!(c, ';' | ')'));
        return if plain { None } else { wrong("names more than a version") };
    }
    let operators = ["==", "!=", "~=", "<=", ">=", "<", ">"];
    let Some((operator, version)) =
        operators.into_iter().find_map(|op| Some((op, clause.strip_prefix(op)?.trim())))
    else {
        return wrong("has no operator such as `>=` or `==`");
    };
    let equality = matches!(operator, "==" | "!=");
    if let Some(prefix) = version.strip_suffix(".*") {
        if !equality {
            return wrong("ends in `.*`, which only `==` and `!=` may");
        }
        return if is_release(prefix) { None } else { wrong("is no prefix of versions") };
    }
    let Ok(parsed) = version.parse::<Version>() else {
        return wrong("is no version of PEP 440");
    };
    if parsed.is_local() && !equality {
        return wrong("names a local version, which only `==` and `!=` may");
    }
    if operator == "~=" && !release_of(version).contains('.') {
        return wrong("needs two numbers: `~=1.0`, not `~=1`");
    }
    None
}

/// Numbers with dots, perhaps behind `v` and an epoch.
fn is_release(text: &str) -> bool {
    let rest = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let rest = match rest.split_once('!') {
        Some((epoch, rest)) if !epoch.is_empty() && epoch.bytes().all(|b| b.is_ascii_digit()) => rest,
        Some(_) => return false,
        None => rest,
    };
    rest.split('.').all(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// The numbers in front, without `v` and epoch.
fn release_of(version: &str) -> &str {
    let rest = version.trim_start_matches(['v', 'V']);
    let rest = rest.split_once('!').map_or(rest, |(_, rest)| rest);
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    rest[..end].trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses() {
        for good in [
            "",
            ">=3.9",
            ">= 3.9 , < 4",
            "==1.*",
            "!=v1.2.*",
            "~=1.0",
            "~=1.0a1",
            "===anything+goes",
            ">=1,",
            "==1+local",
        ] {
            assert_eq!(specifiers_problem(good), None, "{good}");
        }
        for bad in
            ["three", ">=3.9.*", "~=1", "~=1a1", ">=1+x", "=3", ">", "==1.0a1.*", "=== a b", ">=1 <2", "3.9"]
        {
            assert!(specifiers_problem(bad).is_some(), "{bad}");
        }
    }
}
