//! The upload form: `multipart/form-data`, or the urlencoded kind that carries no file.

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// The file of an upload.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    pub(crate) filename: String,
    pub(crate) content_type: Option<String>,
    pub(crate) data: Bytes,
}

/// A form as it arrived. Nothing is copied: the file is a slice of the request's body.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form {
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) content: Option<Content>,
}

impl Form {
    pub(crate) fn parse(headers: &HeaderMap, body: &Bytes) -> Self {
        let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let lower = kind.to_ascii_lowercase();
        if lower.starts_with("multipart/form-data") {
            boundary(kind).map(|boundary| multipart(body, &boundary)).unwrap_or_default()
        } else if lower.starts_with("application/x-www-form-urlencoded") {
            Self { fields: urlencoded(body), content: None }
        } else {
            Self::default()
        }
    }

    /// Every value of a field, empty ones left out unless nothing else is there.
    pub(crate) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a field, `None` when it is missing or empty.
    pub(crate) fn one<'f>(&'f self, name: &'f str) -> Option<&'f str> {
        self.all(name).next().filter(|value| !value.is_empty())
    }
}

fn boundary(content_type: &str) -> Option<String> {
    let (_, value) = content_type.split_once("boundary=")?;
    let value = value.split(';').next()?.trim();
    Some(value.trim_matches('"').to_owned())
}

fn multipart(body: &Bytes, boundary: &str) -> Form {
    let delimiter = format!("--{boundary}");
    let closing = format!("\r\n{delimiter}");
    let mut form = Form::default();
    let Some(start) = find(body, delimiter.as_bytes()) else { return form };
    let mut at = start + delimiter.len();
    while body[at..].starts_with(b"\r\n") {
        at += 2;
        let Some(head_length) = find(&body[at..], b"\r\n\r\n") else { break };
        let head = String::from_utf8_lossy(&body[at..at + head_length]).into_owned();
        at += head_length + 4;
        // An empty part has its closing delimiter right behind the head.
        let from = at - 2;
        let Some(length) = find(&body[from..], closing.as_bytes()) else { break };
        let end = (from + length).max(at);
        add(&mut form, &head, body.slice(at..end));
        at = from + length + closing.len();
    }
    form
}

fn add(form: &mut Form, head: &str, data: Bytes) {
    let mut name = None;
    let mut filename = None;
    let mut content_type = None;
    for line in head.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        match key.trim().to_ascii_lowercase().as_str() {
            "content-disposition" => {
                name = parameter(value, "name");
                filename = parameter(value, "filename");
            }
            "content-type" => content_type = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    let Some(name) = name else { return };
    match filename {
        Some(filename) if name == "content" => form.content = Some(Content { filename, content_type, data }),
        Some(_) => {}
        None => form.fields.push((name, String::from_utf8_lossy(&data).into_owned())),
    }
}

/// A parameter of a Content-Disposition header. Clients quote it, with backslash or percent escapes.
fn parameter(header: &str, key: &str) -> Option<String> {
    for piece in header.split(';').skip(1) {
        let Some((name, value)) = piece.split_once('=') else { continue };
        if name.trim().eq_ignore_ascii_case(key) {
            let value = value.trim();
            let value = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
            return Some(value.replace("\\\"", "\"").replace("\\\\", "\\").replace("%22", "\""));
        }
    }
    None
}

pub(crate) fn urlencoded(body: &[u8]) -> Vec<(String, String)> {
    let decode = |raw: &str| {
        let spaced = raw.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    let text = String::from_utf8_lossy(body);
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        })
        .collect()
}

/// The first place of a needle. Skips quickly over bytes that are not its first.
fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut at = 0;
    while let Some(step) = haystack[at..].iter().position(|b| *b == first) {
        at += step;
        if haystack[at..].starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::HeaderMap;

    use super::Form;

    fn parse(body: &'static [u8]) -> Form {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", "multipart/form-data; boundary=xx".parse().unwrap());
        Form::parse(&headers, &Bytes::from_static(body))
    }

    #[test]
    fn fields_and_file() {
        let form = parse(
            b"--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--xx\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--xx\r\nContent-Disposition: form-data; name=\"content\"; filename=\"f.whl\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--xy\r\n\r\n--xx--\r\n",
        );
        assert_eq!(form.one("a"), Some("1"));
        assert_eq!(form.one("empty"), None);
        let content = form.content.unwrap();
        assert_eq!((content.filename.as_str(), &content.data[..]), ("f.whl", &b"\r\n--xy\r\n"[..]));
    }

    #[test]
    fn a_cut_body_gives_what_came_before() {
        let form =
            parse(b"--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--xx\r\nContent-Disp");
        assert_eq!(form.one("a"), Some("1"));
        assert!(form.content.is_none());
    }
}
