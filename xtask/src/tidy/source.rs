//! Rust source with the parts blanked that are not code: comments, strings, test modules.
//!
//! A scanner, not a parser: it knows how strings, characters, lifetimes and comments begin and
//! end, and that is enough to look for calls without finding them in prose.

/// `source` with comments and the contents of strings and characters replaced by blanks. Lines
/// stay where they are.
pub(super) fn code_only(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => line_end(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'*') => block_end(bytes, at),
            b'"' => string_end(bytes, at),
            b'r' if !word_before(bytes, at) => raw_end(bytes, at),
            b'\'' => character_end(bytes, at),
            _ => at,
        };
        if end > at {
            blank(&mut out[at..end]);
            at = end;
        } else {
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Code without what is compiled for tests only.
pub(super) fn product_code(source: &str) -> String {
    let code = code_only(source);
    let mut out = code.clone().into_bytes();
    let mut from = 0;
    while let Some(found) = code[from..].find("#[cfg(test)]") {
        let start = from + found;
        let end = item_end(code.as_bytes(), start + "#[cfg(test)]".len());
        blank(&mut out[start..end]);
        from = end;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

fn word_before(bytes: &[u8], at: usize) -> bool {
    // `br"…"` and `cr"…"` are raw strings too; any other letter means a name that ends in r.
    at > 0
        && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
        && !(matches!(bytes[at - 1], b'b' | b'c') && (at < 2 || !bytes[at - 2].is_ascii_alphanumeric()))
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |length| at + length)
}

fn block_end(bytes: &[u8], at: usize) -> usize {
    let (mut depth, mut here) = (0, at);
    while here < bytes.len() {
        match bytes.get(here..here + 2) {
            Some(b"/*") => (depth, here) = (depth + 1, here + 2),
            Some(b"*/") => {
                (depth, here) = (depth - 1, here + 2);
                if depth == 0 {
                    return here;
                }
            }
            _ => here += 1,
        }
    }
    bytes.len()
}

fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut here = at + 1;
    while here < bytes.len() {
        match bytes[here] {
            b'\\' => here += 2,
            b'"' => return here + 1,
            _ => here += 1,
        }
    }
    bytes.len()
}

fn raw_end(bytes: &[u8], at: usize) -> usize {
    let hashes = bytes[at + 1..].iter().take_while(|&&byte| byte == b'#').count();
    let open = at + 1 + hashes;
    if bytes.get(open) != Some(&b'"') {
        return at;
    }
    let mut close = vec![b'"'];
    close.resize(1 + hashes, b'#');
    bytes[open + 1..]
        .windows(close.len())
        .position(|window| window == close)
        .map_or(bytes.len(), |length| open + 1 + length + close.len())
}

fn character_end(bytes: &[u8], at: usize) -> usize {
    // 'x' and '\n' are characters; 'static is a lifetime and ends nowhere.
    if bytes.get(at + 1) == Some(&b'\\') {
        return bytes[at + 3..].iter().position(|&byte| byte == b'\'').map_or(at, |length| at + 4 + length);
    }
    (2..=5).find(|&length| bytes.get(at + length) == Some(&b'\'')).map_or(at, |length| {
        let inside = &bytes[at + 1..at + length];
        if std::str::from_utf8(inside).is_ok_and(|text| text.chars().count() == 1) {
            at + length + 1
        } else {
            at
        }
    })
}

/// The end of the item that starts after an attribute: its `;`, or the brace that closes it.
fn item_end(code: &[u8], from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.iter().enumerate().skip(from) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth <= 1 => return at + 1,
            b'}' => depth -= 1,
            b';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

/// The line number, from 1, of a byte offset.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset].iter().filter(|&&byte| byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blanked(source: &str) -> String {
        code_only(source).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn prose_is_not_code() {
        assert_eq!(blanked("a(); // b()\n/* c /* d */ e */ f();"), "a(); f();");
        assert_eq!(blanked(r#"a("b\"c()", 'd', '\'', e)"#), "a( , , , e)");
        assert_eq!(blanked("a(r##\"b() \"# c\"##, d)"), "a( , d)");
        assert_eq!(blanked("fn a<'b>(c: &'b str) -> char { 'é' }"), "fn a<'b>(c: &'b str) -> char { }");
        assert_eq!(blanked("attr(\"x\"); var(br\"y\")"), "attr( ); var(b )");
    }

    #[test]
    fn lines_stay_where_they_are() {
        let source = "/* one\ntwo */\nfn a() {}\n";
        let code = code_only(source);
        assert_eq!(line_of(&code, code.find("fn a").unwrap()), 3);
    }

    #[test]
    fn modules_for_tests_are_not_product_code() {
        let source = "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() { if x {} }\n}\nfn c() {}\n#[cfg(test)]\nmod d;\nfn e() {}";
        let code = product_code(source);
        let words: Vec<_> = code.split_whitespace().collect();
        assert_eq!(words.join(" "), "fn a() {} fn c() {} fn e() {}");
    }
}
