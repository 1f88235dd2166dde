//! SPDX licence expressions (PEP 639).

use std::collections::HashSet;
use std::sync::LazyLock;

/// Licences one per line, exceptions behind `WITH`. `cargo xtask lists` writes it.
const LIST: &str = include_str!("../../data/spdx.txt");

static IDENTIFIERS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    LIST.lines().filter(|line| !line.starts_with('#')).map(str::to_ascii_lowercase).collect()
});

/// What is wrong with an expression; names compare without case.
pub(crate) fn license_problem(text: &str) -> Option<String> {
    let spaced = text.replace('(', " ( ").replace(')', " ) ").to_ascii_lowercase();
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    if tokens.is_empty() {
        return Some("it is empty".to_owned());
    }
    let mut open = 0_usize;
    let mut index = 0;
    // What may come next: a licence or `(`, or an operator or `)`.
    let mut wants_licence = true;
    while let Some(&token) = tokens.get(index) {
        match (token, wants_licence) {
            ("(", true) => open += 1,
            (")", false) if open > 0 => open -= 1,
            ("and" | "or", false) => wants_licence = true,
            ("(" | ")" | "and" | "or" | "with", _) => {
                return Some(format!("`{}` stands where it means nothing", token.to_ascii_uppercase()));
            }
            (_, false) => return Some(format!("an operator is missing in front of `{token}`")),
            (licence, true) => {
                if let Some(problem) = unknown(licence) {
                    return Some(problem);
                }
                wants_licence = false;
                if tokens.get(index + 1) == Some(&"with") {
                    let exception = tokens.get(index + 2).copied().unwrap_or_default();
                    if !IDENTIFIERS.contains(&format!("with {exception}")) {
                        return Some(format!("`{exception}` is not an SPDX exception"));
                    }
                    index += 2;
                }
            }
        }
        index += 1;
    }
    match (wants_licence, open) {
        (true, _) => Some("a licence is missing at the end".to_owned()),
        (false, 0) => None,
        (false, _) => Some("a parenthesis is not closed".to_owned()),
    }
}

fn unknown(licence: &str) -> Option<String> {
    if let Some(own) = licence.strip_prefix("licenseref-") {
        let plain =
            !own.is_empty() && own.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
        return (!plain).then(|| format!("`{licence}` is not a name of an own licence"));
    }
    let name = licence.strip_suffix('+').unwrap_or(licence);
    (!IDENTIFIERS.contains(name)).then(|| format!("`{name}` is not an SPDX licence"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        for good in [
            "MIT",
            "mit or (apache-2.0 AND BSD-3-Clause)",
            "((MIT))",
            "GPL-2.0-or-later WITH Classpath-exception-2.0 AND MIT",
            "GPL-2.0+",
            "LicenseRef-own.1",
        ] {
            assert_eq!(license_problem(good), None, "{good}");
        }
        for bad in [
            "",
            "Not-A-License",
            "MIT OR",
            "(MIT",
            "MIT)",
            "MIT MIT",
            "MIT WITH nothing",
            "OR MIT",
            "()",
            "MIT (MIT)",
            "LicenseRef-",
            "(MIT) WITH Classpath-exception-2.0",
            "LicenseRef-a+",
            "MIT AND WITH MIT",
            "BSD",
            "with mit",
        ] {
            assert!(license_problem(bad).is_some(), "{bad}");
        }
    }
}
