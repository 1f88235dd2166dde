//! A wheel builder: sound unless told otherwise.

use super::{Item, Zip, metadata};
use base64url_digest as digest;
use std::path::{Path, PathBuf};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What goes into a wheel.
pub(crate) struct Wheel {
    pub(crate) filename: String,
    pub(crate) dist_info: String,
    pub(crate) metadata: String,
    pub(crate) wheel: Option<String>,
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// RECORD instead of the right one; `Some(None)` leaves it out.
    pub(crate) record: Option<Option<String>>,
    /// Last changes to the archive.
    pub(crate) archive: Box<dyn Fn(&mut Zip)>,
}

impl Wheel {
    /// `demo` 1.0 for any Python 3.
    pub(crate) fn demo() -> Self {
        Self::named("demo-1.0-py3-none-any.whl")
    }

    pub(crate) fn named(filename: &str) -> Self {
        let mut parts = filename.split('-');
        let (name, version) = (parts.next().unwrap(), parts.next().unwrap());
        Self {
            filename: filename.to_owned(),
            dist_info: format!("{name}-{version}.dist-info"),
            metadata: metadata(name, version),
            wheel: None,
            files: vec![("demo/__init__.py".to_owned(), b"VERSION = '1.0'\n".to_vec())],
            record: None,
            archive: Box::new(|_| {}),
        }
    }

    pub(crate) fn file(mut self, name: &str, data: impl Into<Vec<u8>>) -> Self {
        self.files.push((name.to_owned(), data.into()));
        self
    }

    pub(crate) fn metadata(mut self, text: &str) -> Self {
        text.clone_into(&mut self.metadata);
        self
    }

    /// Adds a header line in front of the description.
    pub(crate) fn header(mut self, line: &str) -> Self {
        self.metadata = self.metadata.replacen("\n\n", &format!("\n{line}\n\n"), 1);
        self
    }

    pub(crate) fn archive(mut self, change: impl Fn(&mut Zip) + 'static) -> Self {
        self.archive = Box::new(change);
        self
    }

    fn wheel_text(&self) -> String {
        let name = self.filename.trim_end_matches(".whl");
        let tags: Vec<&str> = name.rsplitn(4, '-').take(3).collect();
        let pure = tags[0] == "any";
        let mut text = format!("Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: {pure}\n");
        for python in tags[2].split('.') {
            for abi in tags[1].split('.') {
                for platform in tags[0].split('.') {
                    text.extend([format!("Tag: {python}-{abi}-{platform}\n")]);
                }
            }
        }
        text
    }

    pub(crate) fn zip(&self) -> Zip {
        let member = |name: &str| format!("{}/{name}", self.dist_info);
        let mut files = self.files.clone();
        files.push((member("METADATA"), self.metadata.clone().into_bytes()));
        files.push((member("WHEEL"), self.wheel.clone().unwrap_or_else(|| self.wheel_text()).into_bytes()));
        let rows = files.iter().map(|(name, data)| {
            let name = if name.contains(',') { format!("\"{name}\"") } else { name.clone() };
            format!("{name},sha256={},{}\n", digest(data), data.len())
        });
        let own = format!("{},,\n", member("RECORD"));
        let record = self.record.clone().unwrap_or_else(|| Some(rows.collect::<String>() + &own));
        if let Some(record) = record {
            files.push((member("RECORD"), record.into_bytes()));
        }
        let mut zip = Zip::new(files.into_iter().map(|(name, data)| Item::new(name, data)).collect());
        (self.archive)(&mut zip);
        zip
    }

    pub(crate) fn write(&self, folder: &Path) -> PathBuf {
        let path = folder.join(&self.filename);
        fs_err::write(&path, self.zip().bytes()).unwrap();
        path
    }
}

fn base64url_digest(data: &[u8]) -> String {
    use sha2::Digest as _;
    base64url(&sha2::Sha256::digest(data))
}

/// URL-safe base64 without padding, written bit by bit to be unlike the product's.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    bits.chunks(6)
        .map(|chunk| {
            let index = (0..6).fold(0, |index, place| index << 1 | chunk.get(place).copied().unwrap_or(0));
            char::from(ALPHABET[usize::from(index)])
        })
        .collect()
}
