//! Uploads to a rehearsal index in memory, which judges by its own code and answers with the real texts.

use bytes::Bytes;
use jiff::Timestamp;
use shiponce_dist::{Distribution, Examined};
use shiponce_rehearsal::{Index, TokenSpec, World, WorldConfig};
use std::path::Path;

/// Fields of a form, in order; a field may occur twice.
pub(crate) type Fields = Vec<(String, String)>;

/// An index with nothing on it, and somebody who may do everything.
pub(crate) struct Pypi {
    world: World,
    token: String,
}

impl Pypi {
    pub(crate) fn new() -> Self {
        let mut config = WorldConfig::new();
        config.index(Index::Pypi);
        let token = config.token(Index::Pypi, &TokenSpec::user("alice"));
        Self { world: World::new(config), token }
    }

    /// Status and message of an upload.
    pub(crate) fn upload(&self, fields: &Fields, filename: &str, content: &[u8]) -> (u16, String) {
        let boundary = "a-boundary-nobody-uses";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part =
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.into_bytes());
        }
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"content\"; filename=\"{filename}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(content);
        body.extend(format!("\r\n--{boundary}--\r\n").into_bytes());
        let request = http::Request::post("/prod/legacy/")
            .header("Content-Type", format!("multipart/form-data; boundary={boundary}"))
            .header("Authorization", format!("Bearer {}", self.token))
            .body(Bytes::from(body))
            .unwrap();
        let answer = self.world.handle(request, Timestamp::from_second(1_800_000_000).unwrap());
        // The message stands in the status line.
        let reason = answer.extensions().get::<String>().cloned().unwrap_or_default();
        (answer.status().as_u16(), reason)
    }
}

/// The form as the product sends it; of a file that cannot be opened, what a client that does not look would send.
pub(crate) fn form(examined: &Examined, path: &Path, content: &[u8]) -> Fields {
    if let Some(file) = &examined.distribution {
        return of(file);
    }
    let filename = path.file_name().unwrap().to_str().unwrap();
    let is_wheel = filename.ends_with(".whl");
    let sha256 = shiponce_dist::hash_reader(content).unwrap().sha256.to_string();
    let (filetype, pyversion) = if is_wheel { ("bdist_wheel", "py3") } else { ("sdist", "source") };
    let fields = [
        (":action", "file_upload"),
        ("protocol_version", "1"),
        ("filetype", filetype),
        ("pyversion", pyversion),
        ("sha256_digest", &sha256),
        ("metadata_version", "2.1"),
        ("name", "demo"),
        ("version", "1.0"),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn of(file: &Distribution) -> Fields {
    file.form().fields().into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
