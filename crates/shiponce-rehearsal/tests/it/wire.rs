//! A raw HTTP/1.1 client: what stands on the wire, nothing interpreted.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// An answer as it came.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// What follows the number in the status line.
    pub(crate) reason: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }
}

/// A request to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self { method: method.to_owned(), path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn basic(self, user: &str, password: &str) -> Self {
        let value = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
        self.header("Authorization", &value)
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The bytes on the wire.
    pub(crate) fn bytes(&self, authority: &str) -> Vec<u8> {
        let mut head =
            format!("{} {} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head.extend(["Content-Length: ", &self.body.len().to_string(), "\r\n\r\n"]);
        let mut out = head.into_bytes();
        out.extend_from_slice(&self.body);
        out
    }

    /// Sends to a base URL such as `http://127.0.0.1:8080`; panics when no whole answer comes.
    pub(crate) fn send(&self, base_url: &str) -> Answer {
        let raw = self.send_raw(base_url);
        parse(&raw).unwrap_or_else(|| {
            panic!("no whole answer to {} {}: {:?}", self.method, self.path, String::from_utf8_lossy(&raw))
        })
    }

    /// Sends, and returns whatever bytes came before the connection ended.
    pub(crate) fn send_raw(&self, base_url: &str) -> Vec<u8> {
        let authority = base_url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(authority).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // The server may cut the connection while we are still writing.
        drop(stream.write_all(&self.bytes(authority)));
        let mut raw = Vec::new();
        drop(stream.read_to_end(&mut raw));
        raw
    }
}

/// Takes an answer apart; `None` when it is not whole.
pub(crate) fn parse(raw: &[u8]) -> Option<Answer> {
    let end = raw.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&raw[..end]).into_owned();
    let body = raw[end + 4..].to_vec();
    let mut lines = head.split("\r\n");
    let status_line = lines.next()?.strip_prefix("HTTP/1.")?.get(2..)?;
    let (status, reason) = status_line.split_once(' ').unwrap_or((status_line, ""));
    let headers: Vec<(String, String)> =
        lines.filter_map(|l| l.split_once(": ")).map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    let answer = Answer { status: status.parse().ok()?, reason: reason.to_owned(), headers, body };
    if answer.status == 100 {
        return parse(&answer.body);
    }
    let length: usize = answer.header("content-length").and_then(|v| v.parse().ok()).unwrap_or(0);
    (answer.body.len() >= length).then_some(answer)
}

/// An upload form under construction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form {
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) file: Option<(String, Option<String>, Vec<u8>)>,
}

const BOUNDARY: &str = "a-boundary-nobody-uses";

impl Form {
    /// The form of a wheel or sdist, complete and correct.
    pub(crate) fn of(name: &str, version: &str, filename: &str, content: &[u8]) -> Self {
        use sha2::Digest as _;
        let sdist = !filename.ends_with(".whl");
        let digest: String = sha2::Sha256::digest(content).iter().map(|b| format!("{b:02x}")).collect();
        let mut form = Self::default();
        for (key, value) in [
            (":action", "file_upload"),
            ("protocol_version", "1"),
            ("metadata_version", "2.1"),
            ("name", name),
            ("version", version),
            ("filetype", if sdist { "sdist" } else { "bdist_wheel" }),
            ("pyversion", if sdist { "source" } else { "py3" }),
            ("sha256_digest", &digest),
        ] {
            form.fields.push((key.to_owned(), value.to_owned()));
        }
        form.file =
            Some((filename.to_owned(), Some("application/octet-stream".to_owned()), content.to_vec()));
        form
    }

    /// Replaces a field.
    pub(crate) fn set(mut self, key: &str, value: &str) -> Self {
        self = self.without(key);
        self.add(key, value)
    }

    /// Adds a field, beside others of the same name.
    pub(crate) fn add(mut self, key: &str, value: &str) -> Self {
        self.fields.push((key.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn value(&self, key: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    pub(crate) fn without(mut self, key: &str) -> Self {
        self.fields.retain(|(k, _)| k != key);
        self
    }

    pub(crate) fn multipart(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for (key, value) in &self.fields {
            let part =
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{key}\"\r\n\r\n{value}\r\n");
            out.extend_from_slice(part.as_bytes());
        }
        if let Some((filename, kind, data)) = &self.file {
            let kind = kind.as_ref().map(|k| format!("Content-Type: {k}\r\n")).unwrap_or_default();
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"content\"; filename=\"{filename}\"\r\n{kind}\r\n"
            );
            out.extend_from_slice(head.as_bytes());
            out.extend_from_slice(data);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        out
    }

    /// A request that posts this form, without credentials.
    pub(crate) fn post(&self, path: &str) -> Request {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        Request::new("POST", path).header("Content-Type", &kind).body(self.multipart())
    }
}
