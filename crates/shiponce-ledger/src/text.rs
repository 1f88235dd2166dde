//! Texts on their way into the ledger.

use shiponce_core::Version;

/// Longest stored message in bytes; the answer of an index is a line, a captive portal's page is not.
const MESSAGE_BYTES_MAX: usize = 2_000;

/// What a message looks like in the ledger: one line, no control characters, a bounded length. Terminals obey
/// control characters, and messages come from servers.
pub(crate) fn sanitise(message: &str) -> String {
    let mut out = String::new();
    for c in message.trim_matches(|c: char| c.is_whitespace() || c.is_control()).chars() {
        // Line separators, and the marks that turn the direction of what follows them.
        let misleads = matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let c = if c.is_control() || misleads { ' ' } else { c };
        if out.len() + c.len_utf8() > MESSAGE_BYTES_MAX {
            out.push('…');
            break;
        }
        out.push(c);
    }
    out
}

/// The text by which a version is found: PEP 440 takes `1.0` and `1.0.0` for equal, so zeros at the end of the
/// release numbers are cut. Everything else of the normal form stays.
pub(crate) fn version_key(version: &Version) -> String {
    let text = version.to_string();
    let after_epoch = text.find('!').map_or(0, |at| at + 1);
    let is_release = |c: char| c.is_ascii_digit() || c == '.';
    let length = text[after_epoch..].find(|c| !is_release(c)).unwrap_or(text.len() - after_epoch);
    let (release, rest) = text[after_epoch..].split_at(length);
    // `1.0.post1`: the dot before `post` belongs to the rest.
    let dot = if release.ends_with('.') { "." } else { "" };
    let mut release = release.trim_end_matches('.');
    while let Some(shorter) = release.strip_suffix(".0") {
        release = shorter;
    }
    format!("{}{release}{dot}{rest}", &text[..after_epoch])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn messages_become_one_bounded_line() {
        assert_eq!(sanitise(" 400 \u{1b}[31mno\r\nway\u{202e}!\0 "), "400  [31mno  way !");
        let long = sanitise(&"é".repeat(5_000));
        assert!(long.len() <= MESSAGE_BYTES_MAX + '…'.len_utf8(), "{}", long.len());
        assert!(long.ends_with('…'));
    }

    #[test]
    fn keys_of_equal_versions() {
        for (text, key) in [
            ("1.0.0", "1"),
            ("1.0", "1"),
            ("0.0", "0"),
            ("10.0", "10"),
            ("1!2.0.0rc1", "1!2rc1"),
            ("1.0.post1", "1.post1"),
            ("1.0.0.dev3+local.0", "1.dev3+local.0"),
        ] {
            assert_eq!(version_key(&text.parse().unwrap()), key, "{text}");
        }
    }

    proptest! {
        #[test]
        fn keys_are_equal_exactly_when_versions_are(
            a in "([0-1]!)?[0-2](\\.[0-2]){0,3}(rc[0-1])?(\\.post[0-1])?(\\.dev[0-1])?(\\+[a0]\\.0)?",
            b in "([0-1]!)?[0-2](\\.[0-2]){0,3}(rc[0-1])?(\\.post[0-1])?(\\.dev[0-1])?(\\+[a0]\\.0)?",
        ) {
            let (a, b): (Version, Version) = (a.parse().unwrap(), b.parse().unwrap());
            prop_assert_eq!(a == b, version_key(&a) == version_key(&b), "{} {}", a, b);
        }
    }
}
