//! SPDX license expressions (PEP 639).

const LICENSES: &str = include_str!("../../../data/spdx-licenses.txt");
const EXCEPTIONS: &str = include_str!("../../../data/spdx-exceptions.txt");

/// Whether this is an expression of known licenses, compared without regard to case.
pub(super) fn valid(text: &str) -> bool {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut parser = Parser { tokens: &tokens };
    parser.alternatives() && parser.tokens.is_empty()
}

struct Parser<'t> {
    tokens: &'t [&'t str],
}

impl Parser<'_> {
    /// Operands joined by AND and OR; for validity their precedence does not matter.
    fn alternatives(&mut self) -> bool {
        loop {
            if !self.operand() {
                return false;
            }
            if !self.word("and") && !self.word("or") {
                return true;
            }
        }
    }

    fn operand(&mut self) -> bool {
        if self.word("(") {
            return self.alternatives() && self.word(")");
        }
        let Some(license) = self.next() else { return false };
        if !known_license(license) {
            return false;
        }
        if self.word("with") {
            return self.next().is_some_and(|e| listed(EXCEPTIONS, e));
        }
        true
    }

    fn word(&mut self, word: &str) -> bool {
        let hit = self.tokens.first().is_some_and(|token| token.eq_ignore_ascii_case(word));
        if hit {
            self.tokens = &self.tokens[1..];
        }
        hit
    }

    fn next(&mut self) -> Option<&str> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }
}

fn known_license(token: &str) -> bool {
    let prefix = "licenseref-";
    if token.len() > prefix.len() && token[..prefix.len()].eq_ignore_ascii_case(prefix) {
        return token.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    }
    listed(LICENSES, token.strip_suffix('+').unwrap_or(token))
}

fn listed(list: &str, name: &str) -> bool {
    list.lines().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::valid;

    #[test]
    fn expressions() {
        for good in [
            "MIT",
            "mit or (apache-2.0 AND BSD-3-Clause)",
            "GPL-2.0-or-later WITH Classpath-exception-2.0",
            "LicenseRef-own",
        ] {
            assert!(valid(good), "{good}");
        }
        for bad in ["", "Not-A-License", "MIT OR", "(MIT", "MIT MIT", "MIT WITH nothing"] {
            assert!(!valid(bad), "{bad}");
        }
    }
}
