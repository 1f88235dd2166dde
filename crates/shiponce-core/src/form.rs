//! The upload form of the legacy API: ordered name/value pairs around one file.

use crate::digest::{Blake2b256, Sha256};

/// What one `file_upload` request says about a file, before it is encoded as multipart.
///
/// The index trusts the form, not the archive (measured: a form that says another version than the archive is
/// accepted), so the fields are the archive's core metadata forwarded verbatim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadForm {
    /// The file's name, also the name in the `content` part.
    pub filename: String,
    /// `bdist_wheel` or `sdist`.
    pub filetype: &'static str,
    /// Python tags joined with `.` for a wheel, `source` for an sdist.
    pub pyversion: String,
    /// Core metadata in form spelling, in the order of the metadata file; repeated names repeat.
    pub metadata: Vec<(String, String)>,
    /// SHA-256 of the file.
    pub sha256: Sha256,
    /// BLAKE2b-256 of the file.
    pub blake2b: Blake2b256,
    /// MD5 in hexadecimal, only for indexes that ask for it.
    pub md5: Option<String>,
    /// The JSON list of attestations (PEP 740), only for indexes that take them.
    pub attestations: Option<String>,
}

impl UploadForm {
    /// All fields in the order they are sent; the file part comes last, after them.
    #[must_use]
    pub fn fields(&self) -> Vec<(&str, String)> {
        let mut fields = vec![
            (":action", "file_upload".to_owned()),
            ("protocol_version", "1".to_owned()),
            ("filetype", self.filetype.to_owned()),
            ("pyversion", self.pyversion.clone()),
            ("sha256_digest", self.sha256.to_string()),
            ("blake2_256_digest", self.blake2b.to_string()),
        ];
        if let Some(md5) = &self.md5 {
            fields.push(("md5_digest", md5.clone()));
        }
        if let Some(attestations) = &self.attestations {
            fields.push(("attestations", attestations.clone()));
        }
        fields.extend(self.metadata.iter().map(|(name, value)| (name.as_str(), value.clone())));
        fields
    }
}
