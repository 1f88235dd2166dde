//! The form as multipart/form-data (RFC 7578) with a length known beforehand.

use std::fmt::Write as _;
use std::io::{self, Cursor, Read};
use std::sync::Arc;

use bytes::Bytes;
use shiponce_core::form::UploadForm;
use shiponce_io::http::{BodySource, Progress};

/// A form around a file. It can be opened again and then gives the identical bytes: nothing in it is random.
#[derive(Debug)]
pub(crate) struct Multipart {
    boundary: String,
    head: Bytes,
    file: Arc<dyn BodySource>,
    tail: Bytes,
}

impl Multipart {
    pub(crate) fn new(form: &UploadForm, file: Arc<dyn BodySource>) -> Self {
        let fields = form.fields();
        let boundary = boundary(form, &fields);
        let mut head = String::new();
        for (name, value) in &fields {
            let name = quoted(name);
            push(
                &mut head,
                format_args!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n"),
            );
            push(&mut head, format_args!("{value}\r\n"));
        }
        let filename = quoted(&form.filename);
        push(
            &mut head,
            format_args!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"content\"; filename=\"{filename}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            ),
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        Self { boundary, head: head.into(), file, tail: tail.into() }
    }

    pub(crate) fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// Turns progress of the body into progress of the file.
    pub(crate) fn file_progress(&self, tell: Progress) -> Progress {
        let (before, length) = (self.head.len() as u64, self.file.length());
        Arc::new(move |sent| tell(sent.saturating_sub(before).min(length)))
    }
}

impl BodySource for Multipart {
    fn length(&self) -> u64 {
        self.head.len() as u64 + self.file.length() + self.tail.len() as u64
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let head = Cursor::new(self.head.clone());
        let tail = Cursor::new(self.tail.clone());
        Ok(Box::new(head.chain(self.file.open()?).chain(tail)))
    }
}

fn push(head: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = head.write_fmt(text);
}

/// A boundary out of the file's own digest: the same for every attempt, and no file can contain its own SHA-256 except
/// by breaking it. The small fields are searched, because they may well name the digest. RFC 2046 allows 70 characters.
fn boundary(form: &UploadForm, fields: &[(&str, String)]) -> String {
    let digest = &form.sha256.to_string()[..40];
    let mut boundary = format!("shiponce-{digest}");
    let taken = |boundary: &str| {
        form.filename.contains(boundary)
            || fields.iter().any(|(name, value)| name.contains(boundary) || value.contains(boundary))
    };
    let mut number = 0_u32;
    while taken(&boundary) {
        number += 1;
        boundary = format!("shiponce-{number}-{digest}");
    }
    boundary
}

/// A name inside quotes, escaped as browsers do it (WHATWG HTML, multipart/form-data encoding).
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use shiponce_core::{Blake2b256, Sha256};

    #[derive(Debug)]
    struct Memory(&'static [u8]);

    impl BodySource for Memory {
        fn length(&self) -> u64 {
            self.0.len() as u64
        }

        fn open(&self) -> io::Result<Box<dyn Read + Send>> {
            Ok(Box::new(self.0))
        }
    }

    fn form(filename: &str, description: &str) -> UploadForm {
        UploadForm {
            filename: filename.to_owned(),
            filetype: "sdist",
            pyversion: "source".to_owned(),
            metadata: vec![
                ("name".to_owned(), "demo".to_owned()),
                ("description".to_owned(), description.to_owned()),
            ],
            sha256: Sha256([0xab; 32]),
            blake2b: Blake2b256([1; 32]),
            md5: None,
            attestations: None,
        }
    }

    fn sent(body: &Multipart) -> String {
        let mut text = String::new();
        body.open().unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn writes_fields_first_and_the_file_last() {
        let body = Multipart::new(&form("demo-1.0.tar.gz", "two\nlines"), Arc::new(Memory(b"BYTES")));
        let text = sent(&body);
        assert_eq!(body.length(), text.len() as u64);
        let rule = "shiponce-abababababababababababababababababababab";
        assert_eq!(body.content_type(), format!("multipart/form-data; boundary={rule}"));
        assert!(text.starts_with(&format!(
            "--{rule}\r\nContent-Disposition: form-data; name=\":action\"\r\n\r\nfile_upload\r\n--{rule}\r\n"
        )));
        assert!(text.contains("name=\"description\"\r\n\r\ntwo\nlines\r\n"), "{text}");
        assert!(text.ends_with(&format!(
            "--{rule}\r\nContent-Disposition: form-data; name=\"content\"; filename=\"demo-1.0.tar.gz\"\r\n\
             Content-Type: application/octet-stream\r\n\r\nBYTES\r\n--{rule}--\r\n"
        )));
        assert_eq!(sent(&body), text, "a second attempt sends the identical bytes");
    }

    #[test]
    fn a_field_that_holds_the_boundary_gets_another_one() {
        let taken = "--shiponce-abababababababababababababababababababab and shiponce-1-abababababababababababababababababababab";
        let body = Multipart::new(&form("demo-1.0.tar.gz", taken), Arc::new(Memory(b"")));
        assert!(body.boundary.starts_with("shiponce-2-"), "{}", body.boundary);
        assert_eq!(sent(&body).matches(&format!("--{}", body.boundary)).count(), 10);
    }

    #[test]
    fn progress_counts_the_files_bytes() {
        let body = Multipart::new(&form("demo-1.0.tar.gz", ""), Arc::new(Memory(b"BYTES")));
        let told = Arc::new(std::sync::Mutex::new(Vec::new()));
        let sink = Arc::clone(&told);
        let progress = body.file_progress(Arc::new(move |sent| sink.lock().unwrap().push(sent)));
        let head = body.head.len() as u64;
        for sent in [0, head, head + 2, head + 5, body.length()] {
            progress(sent);
        }
        assert_eq!(*told.lock().unwrap(), [0, 0, 2, 5, 5]);
    }

    proptest! {
        #[test]
        fn no_name_or_value_breaks_the_frame(filename in any::<String>(), description in any::<String>()) {
            let body = Multipart::new(&form(&filename, &description), Arc::new(Memory(b"")));
            let text = sent(&body);
            prop_assert_eq!(text.matches(&format!("--{}", body.boundary)).count(), 10);
            prop_assert_eq!(body.length(), text.len() as u64);
            let line = text.lines().find(|line| line.contains("name=\"content\"")).unwrap();
            prop_assert!(line.ends_with('"'), "{}", line);
        }
    }
}
