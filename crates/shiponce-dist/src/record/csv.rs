//! The CSV dialect of RECORD: comma, double quotes doubled inside quotes, any line ending.

use super::{Record, RecordError, Row};

pub(super) fn parse(text: &str) -> Result<Record, RecordError> {
    let mut rows = Vec::new();
    let mut rest = text;
    let mut line = 1;
    while !rest.is_empty() {
        let begin = line;
        let (columns, after) = row(rest, &mut line)?;
        rest = after;
        match columns.as_slice() {
            [only] if only.is_empty() => {}
            [path, hash, size] => {
                rows.push(Row { path: path.clone(), hash: hash.clone(), size: size.clone(), line: begin });
            }
            other => return Err(RecordError::Columns { line: begin, found: other.len() }),
        }
    }
    Ok(Record { rows })
}

/// What [`parse`] reads as these rows.
pub(super) fn write(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        let path = if row.path.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", row.path.replace('"', "\"\""))
        } else {
            row.path.clone()
        };
        text.extend([path.as_str(), ",", &row.hash, ",", &row.size, "\n"]);
    }
    text
}

/// One logical row; a quoted column may contain line breaks.
fn row<'a>(text: &'a str, line: &mut usize) -> Result<(Vec<String>, &'a str), RecordError> {
    let begin = *line;
    let mut columns = vec![String::new()];
    let mut quoted = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\n' || (c == '\r' && !matches!(chars.peek(), Some((_, '\n')))) {
            *line += 1;
        }
        let Some(column) = columns.last_mut() else { break };
        match c {
            '"' if quoted && matches!(chars.peek(), Some((_, '"'))) => {
                column.push('"');
                chars.next();
            }
            '"' if quoted => quoted = false,
            '"' if column.is_empty() => quoted = true,
            ',' if !quoted => columns.push(String::new()),
            '\r' if !quoted && matches!(chars.peek(), Some((_, '\n'))) => {}
            '\n' | '\r' if !quoted => return Ok((columns, &text[at + 1..])),
            other => column.push(other),
        }
    }
    if quoted { Err(RecordError::Quote { line: begin }) } else { Ok((columns, "")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(text: &str) -> Vec<(String, String, String, usize)> {
        parse(text).unwrap().rows.into_iter().map(|r| (r.path, r.hash, r.size, r.line)).collect()
    }

    #[test]
    fn reads_what_wheel_builders_write() {
        let text =
            "a.py,sha256=x,3\r\n\"b,c.py\",sha256=y,\n\n\"say \"\"hi\"\".py\",,\n\"two\nlines\",,\nz,,";
        let rows = columns(text);
        let paths: Vec<_> = rows.iter().map(|row| (row.0.as_str(), row.3)).collect();
        assert_eq!(paths, [("a.py", 1), ("b,c.py", 2), ("say \"hi\".py", 4), ("two\nlines", 5), ("z", 7)]);
        assert_eq!(rows[0].1, "sha256=x");
        assert_eq!(rows[0].2, "3");
        assert!(columns("").is_empty());
    }

    #[test]
    fn writes_what_it_reads() {
        let text = "a.py,sha256=x,3\n\"b,c.py\",sha256=y,4\n\"say \"\"hi\"\".py\",,\nz,,\n";
        assert_eq!(write(&parse(text).unwrap().rows), text);
    }

    #[test]
    fn refuses_other_shapes_with_the_line() {
        let error = |text: &str| parse(text).unwrap_err().to_string();
        assert_eq!(error("a,b,c\nd,e\n"), "line 2 of RECORD has 2 columns, not path, digest and size");
        assert_eq!(error("a,b,c,d"), "line 1 of RECORD has 4 columns, not path, digest and size");
        assert_eq!(error("\"a,b,c"), "line 1 of RECORD has a quote that does not end");
        assert_eq!(Record::parse(b"\xff,,").unwrap_err(), RecordError::NotUtf8);
    }
}
