//! The header format of METADATA, PKG-INFO and WHEEL: what Python's `email` parser with the `compat32` policy
//! accepts, because that is what indexes and installers read them with.

use std::borrow::Cow;
use std::ops::Range;

/// Headers in order, and what follows the first empty line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Message<'a> {
    /// Name and raw value. Folded lines keep their line breaks and indentation.
    pub(crate) headers: Vec<(&'a str, &'a [u8])>,
    /// Where each header stands, name and continuation lines included.
    pub(crate) lines: Vec<Range<usize>>,
    /// Where the headers end: the empty line, or the first line of the body.
    pub(crate) end: usize,
    /// The body as it is.
    pub(crate) body: Cow<'a, [u8]>,
}

/// What a line among the headers is.
enum Line {
    /// It continues the one before.
    Continuation,
    /// `From …` of a mailbox file.
    Mailbox,
    /// A header with its colon at this place.
    Header(usize),
    /// The end of the headers: an empty line, or the first line of the body.
    End { is_empty: bool },
}

/// Splits `bytes` as the Python parser does. It never fails: what is not a header begins the body.
pub(crate) fn parse(bytes: &[u8]) -> Message<'_> {
    let mut headers: Vec<(&str, (usize, usize))> = Vec::new();
    let mut begins: Vec<usize> = Vec::new();
    let mut headers_end = bytes.len();
    // Whether continuation lines belong to the last header; they are dropped after lines that are ignored.
    let mut open = false;
    // A mailbox line that ends the headers belongs to the body, unless it is the very first line.
    let mut mailbox: Option<(usize, usize)> = None;
    let mut at = 0;
    while at < bytes.len() {
        let end = line_end(bytes, at);
        let line = classify(&bytes[at..end]);
        if let Line::End { is_empty } = line {
            headers_end = at;
            at = if is_empty { end } else { at };
            break;
        }
        mailbox = None;
        match line {
            Line::Continuation => {
                if open && let Some((_, (_, value_end))) = headers.last_mut() {
                    *value_end = end;
                }
            }
            Line::Header(colon) => {
                let name = std::str::from_utf8(&bytes[at..at + colon]).unwrap_or_default();
                open = !name.is_empty();
                if open {
                    headers.push((name, (at + colon + 1, end)));
                    begins.push(at);
                }
            }
            Line::Mailbox | Line::End { .. } => {
                open = false;
                mailbox = (at > 0).then_some((at, end));
            }
        }
        at = end;
    }
    let body = match mailbox {
        Some((begin, end)) => Cow::Owned([&bytes[begin..end], &bytes[at..]].concat()),
        None => Cow::Borrowed(&bytes[at..]),
    };
    let value = |(begin, end): (usize, usize)| trim(&bytes[begin..end]);
    let lines = begins.into_iter().zip(&headers).map(|(begin, (_, (_, end)))| begin..*end).collect();
    Message {
        lines,
        end: headers_end,
        headers: headers.into_iter().map(|(name, span)| (name, value(span))).collect(),
        body,
    }
}

fn classify(line: &[u8]) -> Line {
    if matches!(line[0], b' ' | b'\t') {
        return Line::Continuation;
    }
    if line.starts_with(b"From ") {
        return Line::Mailbox;
    }
    // The grammar of a header name is printable ASCII.
    let colon = line.iter().position(|&byte| byte == b':');
    match colon.filter(|&colon| line[..colon].iter().all(|byte| (33..=126).contains(byte))) {
        Some(colon) => Line::Header(colon),
        None => Line::End { is_empty: matches!(line, b"\n" | b"\r" | b"\r\n") },
    }
}

/// The byte after the line that begins at `from`. `\n`, `\r` and `\r\n` end lines.
fn line_end(bytes: &[u8], from: usize) -> usize {
    let Some(stop) = bytes[from..].iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
        return bytes.len();
    };
    let stop = from + stop;
    if bytes[stop] == b'\r' && bytes.get(stop + 1) == Some(&b'\n') { stop + 2 } else { stop + 1 }
}

/// Blanks go in front, line breaks at the end.
fn trim(value: &[u8]) -> &[u8] {
    let begin = value.iter().position(|byte| !matches!(byte, b' ' | b'\t')).unwrap_or(value.len());
    let end = value.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r')).map_or(begin, |last| last + 1);
    &value[begin..end.max(begin)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let message = parse(text.as_bytes());
        let headers: Vec<_> = message
            .headers
            .iter()
            .map(|(name, value)| format!("{name}={:?}", String::from_utf8_lossy(value)))
            .collect();
        format!("{} | {:?}", headers.join(" "), String::from_utf8_lossy(&message.body))
    }

    #[test]
    fn splits_as_python_does() {
        // The expectations were printed by email.parser.BytesParser(policy=compat32) of Python 3.11.
        for (text, expected) in [
            ("Name: a\nVersion: 1\n\nbody\n\nmore", r#"Name="a" Version="1" | "body\n\nmore""#),
            ("Name:   a  \r\nV:1\r\n\r\nx\r\n", r#"Name="a  " V="1" | "x\r\n""#),
            ("License: a\n  b\n\tc\nName: x\n", r#"License="a\n  b\n\tc" Name="x" | """#),
            ("  lost\nName: x\n", r#"Name="x" | """#),
            ("Name: x\nnot a header\nVersion: 1\n", r#"Name="x" | "not a header\nVersion: 1\n""#),
            ("From me\nName: x\n", r#"Name="x" | """#),
            ("A: 1\nFrom me\n\nx", r#"A="1" | "From me\nx""#),
            ("A: 1\nFrom me\nB: 2\n", r#"A="1" B="2" | """#),
            (": none\n cont\nName: x", r#"Name="x" | """#),
            ("N ame: x\n", r#" | "N ame: x\n""#),
            ("Empty:\nName: x\n", r#"Empty="" Name="x" | """#),
            ("A: 1\rB: 2\r\rC", r#"A="1" B="2" | "C""#),
            ("", r#" | """#),
        ] {
            assert_eq!(shown(text), expected, "{text:?}");
        }
    }
}
