//! Words from a fixed list, and names with a grammar.

use crate::error::{ConfigError, Origin};
use crate::mask::mask;
use crate::suggest::nearest;

/// Finds a word in a list of allowed ones.
pub(crate) fn choose<T: Copy>(
    key: &str,
    typed: &str,
    origin: &Origin,
    allowed: &[(&'static str, T)],
) -> Result<T, ConfigError> {
    if let Some((_, value)) = allowed.iter().find(|(word, _)| *word == typed) {
        return Ok(*value);
    }
    let words: Vec<String> = allowed.iter().map(|(word, _)| format!("`{word}`")).collect();
    Err(ConfigError::Invalid {
        origin: origin.clone(),
        key: key.to_owned(),
        complaint: format!("is `{}`, expected one of {}", mask(typed), words.join(", ")),
        hint: nearest(typed, allowed.iter().map(|(word, _)| *word))
            .map(|word| format!("did you mean `{word}`?")),
    })
}

/// Whether a text can be the name of an environment variable (POSIX, and what GitHub allows).
pub(crate) fn is_variable_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Whether a text can stand after `import` in Python. Identifiers may hold any letters (PEP 3131).
pub(crate) fn is_module(text: &str) -> bool {
    let identifier = |part: &str| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    text.split('.').all(identifier)
}

/// Whether git takes the text as the name of a branch (git-check-ref-format(1)).
pub(crate) fn is_branch_name(text: &str) -> bool {
    let bad = |c: char| c.is_control() || c.is_whitespace() || "~^:?*[\\".contains(c);
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock");
    !text.starts_with('-')
        && !text.ends_with('.')
        && !text.contains(bad)
        && !text.contains("..")
        && !text.contains("@{")
        && text != "@"
        && text.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert!(is_variable_name("PYPI_TOKEN") && is_variable_name("_x1"));
        assert!(!is_variable_name("") && !is_variable_name("1X") && !is_variable_name("A-B"));
        assert!(is_module("demo") && is_module("demo.größe._x"));
        assert!(!is_module("") && !is_module("demo.") && !is_module("os; print(1)") && !is_module("a-b"));
    }
}
