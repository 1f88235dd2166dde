//! Names: of extras (PEP 508), and of modules (PEP 794).

/// Python's keywords, which no module can be called.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Letters, digits, `.`, `_` and `-`, with a letter or digit at both ends.
pub(crate) fn is_name(text: &str) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric();
    let bytes = text.as_bytes();
    bytes.first().is_some_and(plain)
        && bytes.last().is_some_and(plain)
        && bytes.iter().all(|byte| plain(byte) || matches!(byte, b'.' | b'_' | b'-'))
}

/// What is wrong with the value of `Import-Name` or `Import-Namespace`.
pub(crate) fn import_name_problem(value: &str) -> Option<String> {
    let (name, option) = value.split_once(';').map_or((value, None), |(name, option)| (name, Some(option)));
    for part in name.trim_end().split('.') {
        let mut chars = part.chars();
        let starts = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_');
        if !starts || !chars.all(|c| c.is_alphanumeric() || c == '_') {
            return Some(format!("`{part}` is not a Python identifier"));
        }
        if KEYWORDS.contains(&part) {
            return Some(format!("`{part}` is a keyword of Python"));
        }
    }
    option
        .is_some_and(|option| option.trim_start() != "private")
        .then(|| "the only option behind `;` is `private`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_modules() {
        assert!(is_name("a.b-c_1") && is_name("x"));
        assert!(!is_name("") && !is_name("-a") && !is_name("a_") && !is_name("a b") && !is_name("ä"));
        for good in ["demo", "demo.sub", "_demo ; private", "größe"] {
            assert_eq!(import_name_problem(good), None, "{good}");
        }
        for bad in ["", "1a", "a..b", "a.class", "a; public", "a-b"] {
            assert!(import_name_problem(bad).is_some(), "{bad}");
        }
    }
}
