//! Small text helpers: hexadecimal, Python's `repr`, HTML escaping.

pub(crate) mod accept;
pub(crate) mod pep440;

use std::fmt::Write as _;

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// A string the way Python's `repr` prints it. The server formats its messages with `!r`, and clients
/// take file names out of those messages, so the choice of quotes matters.
pub(crate) fn repr(value: &str) -> String {
    let quote = if value.contains('\'') && !value.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(value.len() + 2);
    out.push(quote);
    for c in value.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// A Python list of strings, as `repr` prints it.
pub(crate) fn repr_list<S: AsRef<str>>(values: &[S]) -> String {
    let items: Vec<String> = values.iter().map(|v| repr(v.as_ref())).collect();
    format!("[{}]", items.join(", "))
}

/// Escapes text for HTML, quotes included, with the entities Python's `html.escape` uses.
pub(crate) fn html(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            c => out.push(c),
        }
    }
    out
}

/// The normalised form of a project name (PEP 503).
pub(crate) fn normalize(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut separator = false;
    for c in name.chars() {
        if matches!(c, '-' | '_' | '.') {
            separator = true;
        } else {
            if separator {
                out.push('-');
                separator = false;
            }
            out.extend(c.to_lowercase());
        }
    }
    if separator {
        out.push('-');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{html, normalize, repr};

    #[test]
    fn repr_prefers_single_quotes_as_python_does() {
        assert_eq!(repr("a"), "'a'");
        assert_eq!(repr("it's"), "\"it's\"");
        assert_eq!(repr("it's \"x\""), "'it\\'s \"x\"'");
        assert_eq!(repr("a\nb"), "'a\\nb'");
    }

    #[test]
    fn html_escapes_quotes() {
        assert_eq!(html("<'\">&"), "&lt;&#x27;&quot;&gt;&amp;");
    }

    #[test]
    fn names_normalise() {
        assert_eq!(normalize("Foo__Bar.-baz"), "foo-bar-baz");
    }
}
