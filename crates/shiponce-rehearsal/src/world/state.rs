//! What one index holds.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;

use super::config::IndexConfig;
use crate::account::{Publisher, Purse, User};
use crate::read::PageCache;
use crate::text::normalize;
use crate::text::pep440::Version;

/// Whether a project takes uploads and shows its files (PEP 792).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProjectStatus {
    /// The usual one.
    #[default]
    Active,
    /// Closed for uploads; reading works.
    Archived,
    /// Takes uploads with a 200 and shows nothing.
    Quarantined,
}

impl ProjectStatus {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
            Self::Quarantined => "quarantined",
        }
    }
}

/// Switches an administrator of the index can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Switches {
    /// Nothing may be written.
    pub read_only: bool,
    /// No file may be uploaded.
    pub uploads_disabled: bool,
    /// No project may be created.
    pub new_projects_disabled: bool,
    /// No trusted publishing at all.
    pub oidc_disabled: bool,
    /// No trusted publishing from GitHub; the audience is still answered.
    pub github_oidc_disabled: bool,
    /// No provenance is served.
    pub attestations_disabled: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct StoredFile {
    pub(crate) filename: String,
    pub(crate) sdist: bool,
    pub(crate) pyversion: String,
    pub(crate) requires_python: Option<String>,
    pub(crate) comment: String,
    pub(crate) md5: String,
    pub(crate) sha256: String,
    pub(crate) blake2: String,
    pub(crate) content: Bytes,
    pub(crate) metadata: Option<Bytes>,
    /// The provenance object (PEP 740).
    pub(crate) provenance: Option<Value>,
    pub(crate) uploaded: Timestamp,
}

#[derive(Debug, Clone)]
pub(crate) struct Release {
    /// As the first upload spelled it.
    pub(crate) text: String,
    pub(crate) version: Version,
    pub(crate) created: Timestamp,
    /// The form fields of the first upload; later ones do not change them.
    pub(crate) metadata: Vec<(String, String)>,
    pub(crate) yanked: Option<String>,
    pub(crate) files: Vec<StoredFile>,
}

#[derive(Debug, Clone)]
pub(crate) struct Project {
    pub(crate) name: String,
    pub(crate) owners: BTreeSet<String>,
    pub(crate) status: ProjectStatus,
    pub(crate) releases: BTreeMap<Version, Release>,
    pub(crate) serial: u64,
    /// Bytes that count towards the project's limit besides those of its files.
    pub(crate) extra_bytes: u64,
}

impl Project {
    pub(crate) fn files(&self) -> impl Iterator<Item = (&Release, &StoredFile)> {
        self.releases.values().flat_map(|r| r.files.iter().map(move |f| (r, f)))
    }

    pub(crate) fn size(&self) -> u64 {
        self.files().map(|(_, f)| f.content.len() as u64).sum::<u64>() + self.extra_bytes
    }

    /// The newest release, one that is not a pre-release if there is any.
    pub(crate) fn latest(&self) -> Option<&Release> {
        let finals = self.releases.values().rev().find(|r| !r.version.is_prerelease() && r.yanked.is_none());
        finals.or_else(|| self.releases.values().next_back())
    }
}

#[derive(Debug)]
pub(crate) struct IndexState {
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) purse: Purse,
    pub(crate) publishers: Vec<Publisher>,
    pub(crate) prohibited: BTreeSet<String>,
    pub(crate) projects: BTreeMap<String, Project>,
    /// Every file name ever used. A deleted file leaves its name here.
    pub(crate) used_names: BTreeSet<String>,
    pub(crate) used_jtis: BTreeSet<String>,
    pub(crate) creations: Vec<(String, Timestamp)>,
    pub(crate) switches: Switches,
    pub(crate) serial: u64,
    pub(crate) changes: Vec<Change>,
    pub(crate) pages: PageCache,
}

/// One step of an index's serial.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) serial: u64,
    pub(crate) project: String,
    pub(crate) at: Timestamp,
}

impl IndexState {
    pub(crate) fn new(config: &IndexConfig) -> Self {
        Self {
            users: config.users.iter().map(|u| (u.name.clone(), u.clone())).collect(),
            purse: config.purse.clone(),
            publishers: config.publishers.clone(),
            prohibited: config.prohibited.clone(),
            projects: BTreeMap::new(),
            used_names: BTreeSet::new(),
            used_jtis: BTreeSet::new(),
            creations: Vec::new(),
            switches: Switches::default(),
            serial: 0,
            changes: Vec::new(),
            pages: PageCache::new(config.json_lag, config.simple_lag),
        }
    }

    pub(crate) fn project(&self, name: &str) -> Option<&Project> {
        self.projects.get(&normalize(name))
    }

    /// A live file with this name, in any project.
    pub(crate) fn file_named(&self, filename: &str) -> Option<&StoredFile> {
        self.files().find(|f| f.filename == filename)
    }

    /// A live file with these bytes, in any project under any name.
    pub(crate) fn file_with(&self, blake2: &str) -> Option<&StoredFile> {
        self.files().find(|f| f.blake2 == blake2)
    }

    fn files(&self) -> impl Iterator<Item = &StoredFile> {
        self.projects.values().flat_map(Project::files).map(|(_, file)| file)
    }

    /// Creates a project if it is not there and returns it.
    pub(crate) fn open_project(&mut self, name: &str) -> &mut Project {
        self.projects.entry(normalize(name)).or_insert_with(|| Project {
            name: name.to_owned(),
            owners: BTreeSet::new(),
            status: ProjectStatus::Active,
            releases: BTreeMap::new(),
            serial: 0,
            extra_bytes: 0,
        })
    }

    /// Counts the serial up for a project that has changed.
    pub(crate) fn touch(&mut self, project: &str, at: Timestamp) {
        self.serial += 1;
        let key = normalize(project);
        if let Some(project) = self.projects.get_mut(&key) {
            project.serial = self.serial;
        }
        self.changes.push(Change { serial: self.serial, project: key, at });
    }
}
