//! The upload form of a case, right or wrong in one place.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Method, Request};
use sha2::{Digest as _, Sha256};

use super::{Subject, with_body};

const BOUNDARY: &str = "a-boundary-nobody-uses";

/// An upload form under construction.
#[derive(Debug, Clone)]
pub(super) struct Form {
    fields: Vec<(String, String)>,
    file: Option<(String, &'static str, Vec<u8>)>,
}

impl Form {
    /// The complete form of a file.
    pub(super) fn of(name: &str, version: &str, filename: &str, content: &[u8]) -> Self {
        let is_wheel = filename.ends_with(".whl");
        let digest: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
        let fields = [
            (":action", "file_upload"),
            ("protocol_version", "1"),
            ("metadata_version", "2.1"),
            ("name", name),
            ("version", version),
            ("filetype", if is_wheel { "bdist_wheel" } else { "sdist" }),
            ("pyversion", if is_wheel { "py3" } else { "source" }),
            ("sha256_digest", &digest),
        ];
        let fields = fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let file = Some((filename.to_owned(), "application/octet-stream", content.to_vec()));
        Self { fields, file }
    }

    pub(super) fn without(mut self, key: &str) -> Self {
        self.fields.retain(|(known, _)| known != key);
        self
    }

    /// Adds a field beside others of its name.
    pub(super) fn add(mut self, key: &str, value: &str) -> Self {
        self.fields.push((key.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn set(self, key: &str, value: &str) -> Self {
        self.without(key).add(key, value)
    }

    pub(super) fn without_file(mut self) -> Self {
        self.file = None;
        self
    }

    /// The content type of the file's part.
    pub(super) fn of_type(mut self, kind: &'static str) -> Self {
        self.file = self.file.map(|(name, _, data)| (name, kind, data));
        self
    }

    fn multipart(&self) -> Bytes {
        let mut out = Vec::new();
        for (key, value) in &self.fields {
            let part =
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{key}\"\r\n\r\n{value}\r\n");
            out.extend_from_slice(part.as_bytes());
        }
        if let Some((filename, kind, data)) = &self.file {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"content\"; filename=\"{filename}\"\r\n\
                 Content-Type: {kind}\r\n\r\n"
            );
            out.extend_from_slice(head.as_bytes());
            out.extend_from_slice(data);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        out.into()
    }

    /// Posted with the subject's token.
    pub(super) fn post(&self, subject: &Subject) -> Request<Bytes> {
        self.post_as(subject, &basic("__token__", &subject.token))
    }

    /// Posted with this header of authorisation, or none when it is empty.
    pub(super) fn post_as(&self, subject: &Subject, authorization: &str) -> Request<Bytes> {
        self.post_to(&format!("{}legacy/", subject.upload_root), authorization)
    }

    pub(super) fn post_to(&self, address: &str, authorization: &str) -> Request<Bytes> {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let mut headers = vec![("content-type", kind.as_str())];
        if !authorization.is_empty() {
            headers.push(("authorization", authorization));
        }
        with_body(Method::POST, address, &headers, self.multipart())
    }
}

/// A header of basic authorisation.
pub(super) fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}
