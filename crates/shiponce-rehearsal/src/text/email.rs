//! Reads the headers of METADATA and PKG-INFO files.

/// The first value of a header, compared without regard to case; continuation lines are joined with
/// newlines.
pub(crate) fn header(text: &str, name: &str) -> Option<String> {
    headers(text).into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// Every header in order, up to the first empty line.
pub(crate) fn headers(text: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = out.last_mut() {
                value.push('\n');
                value.push_str(line.trim());
            }
        } else if let Some((key, value)) = line.split_once(':') {
            out.push((key.trim().to_owned(), value.trim().to_owned()));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::header;

    #[test]
    fn headers_stop_at_the_empty_line() {
        let text = "Name: demo\nSummary: a\n  b\n\nVersion: 1";
        assert_eq!(header(text, "name").as_deref(), Some("demo"));
        assert_eq!(header(text, "Summary").as_deref(), Some("a\nb"));
        assert_eq!(header(text, "Version"), None);
    }
}
