//! HTML character references.

use std::borrow::Cow;

/// The references that indexes write. A table of all 2231 names would be wrong here: an unknown one stays as it is,
/// because `&name=` in a query string is no reference either.
const NAMED: [(&str, &str); 8] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("hellip", "…"),
    ("mdash", "—"),
];

/// Resolves character references; what is none stays.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        match reference(after) {
            Some((resolved, used)) => {
                out.push_str(&resolved);
                rest = &after[used..];
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// What the text after `&` stands for, and how many bytes of it that takes.
fn reference(text: &str) -> Option<(Cow<'static, str>, usize)> {
    // The longest reference worth reading is `#x10FFFF;`.
    let end = text.bytes().take(10).position(|byte| byte == b';')?;
    let name = &text[..end];
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        let c = char::from_u32(code.ok()?)?;
        return Some((Cow::Owned(c.to_string()), end + 1));
    }
    let (_, text) = NAMED.iter().find(|(known, _)| *known == name)?;
    Some((Cow::Borrowed(text), end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn resolves_what_indexes_write() {
        for (written, meant) in [
            ("The user &#x27;dave&#39; isn&apos;t", "The user 'dave' isn't"),
            ("a&amp;b &lt;=3.9&gt; &quot;x&quot;", "a&b <=3.9> \"x\""),
            ("?a=1&b=2&amp;c", "?a=1&b=2&c"),
            ("&#xD800; &#x110000; &; &#; &nope; &", "&#xD800; &#x110000; &; &#; &nope; &"),
            ("&#233;&#xe9;é&", "ééé&"),
        ] {
            assert_eq!(unescape(written), meant, "{written}");
        }
    }

    proptest! {
        #[test]
        fn never_panics_and_leaves_text_without_references(text in any::<String>()) {
            let out = unescape(&text);
            if !text.contains('&') {
                prop_assert_eq!(out.as_ref(), text.as_str());
            }
        }
    }
}
