//! The cache on disk: listings of existing projects, one file each.
//!
//! It saves requests and is never trusted with more: a file that is missing, damaged, of another format or of another
//! key is no entry, and a failed write is no error.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256 as Hasher};
use shiponce_core::observation::{Listing, ProjectStatus, RemoteFile, View};
use shiponce_core::{PackageName, Sha256, Timestamp};
use shiponce_io::files::{Access, private_folder, write_atomic};

use super::page::status;
use super::{Reading, Source};
use crate::index::{Index, without_userinfo};

/// Files of another number are ignored.
const FORMAT: u32 = 2;

/// The addresses and the project a listing was read from. The index is part of it: an answer of the test index must
/// never stand in for production's.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Key {
    upload: String,
    simple: Option<String>,
    json: Option<String>,
    /// The reader's user name; listings may differ by reader.
    reader: Option<String>,
    mirror: bool,
    project: String,
}

impl Key {
    pub(crate) fn of(index: &Index, project: &PackageName) -> Self {
        let shown = |url: &shiponce_core::redact::SafeUrl| without_userinfo(url.expose()).to_string();
        Self {
            upload: index.identity(),
            simple: index.simple.as_ref().map(shown),
            json: index.json.as_ref().map(shown),
            reader: index.read_auth.as_ref().map(|credential| credential.username().to_owned()),
            mirror: index.mirror,
            project: project.normalized().to_owned(),
        }
    }

    fn file_name(&self) -> String {
        let mut hasher = Hasher::new();
        for part in [Some(&self.upload), self.simple.as_ref(), self.json.as_ref(), self.reader.as_ref()] {
            hasher.update(part.map_or("", String::as_str));
            hasher.update([0]);
        }
        hasher.update([u8::from(self.mirror), 0]);
        hasher.update(&self.project);
        format!("{}.json", Sha256(hasher.finalize().into()))
    }
}

/// A folder of entries.
#[derive(Debug)]
pub(crate) struct Disk {
    folder: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    format: u32,
    key: Key,
    read_at: i64,
    etag: Option<String>,
    serial: Option<u64>,
    source: String,
    status: String,
    files: Vec<StoredFile>,
}

#[derive(Serialize, Deserialize)]
struct StoredFile {
    name: String,
    sha256: Option<String>,
    size: Option<u64>,
    uploaded_at: Option<i64>,
    yanked: Option<String>,
    url: Option<String>,
    provenance: Option<String>,
}

impl Disk {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The entry of a key, if there is a usable one.
    pub(crate) fn load(&self, key: &Key) -> Option<Reading> {
        // A folder that somebody else may write could hold a listing that makes us skip an upload.
        if !self.folder.is_dir() || private_folder(&self.folder).is_err() {
            return None;
        }
        let bytes = fs_err::read(self.path(key)).ok()?;
        let entry: Entry = serde_json::from_slice(&bytes).ok()?;
        if entry.format != FORMAT || entry.key != *key {
            return None;
        }
        let files =
            entry.files.into_iter().map(|file| remote(file).map(|file| (file.filename.clone(), file)));
        let listing = Listing {
            exists: true,
            status: status(&entry.status),
            files: files.collect::<Option<_>>()?,
            serial: entry.serial,
        };
        Some(Reading {
            view: View::Listed(listing),
            etag: entry.etag,
            serial: entry.serial,
            source: Some(Source::from_word(&entry.source)?),
            read_at: Timestamp(entry.read_at),
            from_cache: true,
        })
    }

    /// Keeps a listing. Nothing depends on it, so a full disk or a folder of somebody else only costs requests.
    pub(crate) fn store(&self, key: &Key, reading: &Reading) {
        let (Some(listing), Some(source)) = (reading.listing(), reading.source) else { return };
        let entry = Entry {
            format: FORMAT,
            key: key.clone(),
            read_at: reading.read_at.0,
            etag: reading.etag.clone(),
            serial: reading.serial,
            source: source.word().to_owned(),
            status: status_word(listing.status).to_owned(),
            files: listing.files.values().map(stored).collect(),
        };
        let Ok(bytes) = serde_json::to_vec(&entry) else { return };
        if private_folder(&self.folder).is_ok()
            && write_atomic(&self.path(key), &bytes, Access::Private).is_err()
        {
            self.remove(key);
        }
    }

    /// Drops an entry.
    pub(crate) fn remove(&self, key: &Key) {
        let path = self.path(key);
        if fs_err::remove_file(&path).is_err() {
            self.spoil(&path);
        }
    }

    /// An entry that cannot be removed must not be believed either; an empty file is no entry.
    fn spoil(&self, path: &Path) {
        if path.exists() {
            drop(write_atomic(path, b"", Access::Private));
        }
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.folder.join(key.file_name())
    }
}

fn status_word(status: ProjectStatus) -> &'static str {
    match status {
        ProjectStatus::Active => "active",
        ProjectStatus::Archived => "archived",
        ProjectStatus::Deprecated => "deprecated",
        ProjectStatus::Quarantined => "quarantined",
    }
}

fn stored(file: &RemoteFile) -> StoredFile {
    StoredFile {
        name: file.filename.clone(),
        sha256: file.sha256.map(|digest| digest.to_string()),
        size: file.size,
        uploaded_at: file.uploaded_at.map(|at| at.0),
        yanked: file.yanked.clone(),
        url: file.url.clone(),
        provenance: file.provenance.clone(),
    }
}

/// `None` for a digest that is none: the entry is damaged then.
fn remote(file: StoredFile) -> Option<RemoteFile> {
    let sha256 = match file.sha256 {
        Some(hex) => Some(hex.parse().ok()?),
        None => None,
    };
    Some(RemoteFile {
        filename: file.name,
        sha256,
        size: file.size,
        uploaded_at: file.uploaded_at.map(Timestamp),
        yanked: file.yanked,
        url: file.url,
        provenance: file.provenance,
    })
}
