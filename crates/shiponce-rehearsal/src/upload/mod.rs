//! The upload view, in the server's own order of checks.
//!
//! The order matters to clients: a replay of a stored file can fail with a permission or a size error
//! before the server notices that it has the file.

mod archive;
mod attestation;
mod fields;
mod filename;
mod form;
mod metadata;
mod permission;
mod platform;
mod project;
mod render;
mod store;

use bytes::Bytes;
use http::HeaderMap;
use jiff::{SignedDuration, Timestamp};

pub(crate) use self::form::{Form, urlencoded};
pub(crate) use self::project::name_problem;
pub(crate) use self::store::store;
use crate::account::authenticate;
use crate::address::Addresses;
use crate::answer::Refusal;
use crate::text::pep440::Version;
use crate::text::repr;
use crate::world::{IndexState, Release, StoredFile};

/// How long a release takes new files.
const WINDOW: SignedDuration = SignedDuration::from_hours(14 * 24);

/// An upload as the view sees it.
#[derive(Debug)]
pub(crate) struct Upload<'u> {
    pub(crate) headers: &'u HeaderMap,
    pub(crate) form: &'u Form,
    pub(crate) now: Timestamp,
    pub(crate) addresses: &'u Addresses,
    pub(crate) limits: Limits,
    /// What was there when the request arrived.
    pub(crate) sighting: Option<&'u Sighting>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) file: u64,
    pub(crate) project: u64,
    pub(crate) new_projects_per_hour: usize,
}

/// What the transaction of an upload saw when it began. When somebody else has created the project or the
/// release meanwhile, the transaction hits a unique key and dies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sighting {
    project_existed: bool,
    release_existed: bool,
}

impl Sighting {
    pub(crate) fn take(state: &IndexState, form: &Form) -> Option<Self> {
        let project = state.project(form.one("name")?);
        let version = Version::parse(form.one("version")?)?;
        let release = project.and_then(|p| p.releases.get(&version));
        Some(Self { project_existed: project.is_some(), release_existed: release.is_some() })
    }

    /// Whether this upload is about to create something.
    pub(crate) fn creates(&self) -> bool {
        !self.project_existed || !self.release_existed
    }
}

/// What an accepted upload leads to.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// The same bytes are stored under the same name: 200, and nothing happens.
    Identical,
    /// A file to store.
    New(Box<NewFile>),
}

/// A file that has passed every check.
#[derive(Debug)]
pub(crate) struct NewFile {
    pub(crate) project: String,
    /// Whoever creates the project owns it.
    pub(crate) creator: Option<String>,
    pub(crate) release: Release,
    pub(crate) file: StoredFile,
}

impl Upload<'_> {
    /// Judges the upload without changing anything.
    pub(crate) fn judge(&self, state: &IndexState) -> Result<Verdict, Refusal> {
        self.doors(state)?;
        let identity = authenticate(self.headers, &state.purse).map_err(|s| self.stranger(s))?;
        fields::protocol(self.form)?;
        let content =
            self.form.content.as_ref().ok_or_else(|| Refusal::bad("Upload payload does not have a file."))?;
        fields::check(self.form)?;
        let name = self.form.one("name").unwrap_or_default();
        let version = metadata::check(self.form)?;
        let known = state.project(name);
        if known.is_none() {
            self.new_project(state, &identity, name)?;
        }
        self.permission(state, &identity, known, name)?;
        render::check(self.form, self.addresses)?;
        self.race_for_project(known.is_some())?;
        let release = known.and_then(|p| p.releases.get(&version));
        self.race_for_release(release.is_some())?;
        self.filename(&content.filename)?;
        if content.content_type.as_deref().is_some_and(|kind| kind.starts_with("image/")) {
            return Err(Refusal::bad("Invalid distribution file."));
        }
        self.sizes(name, known, &content.data)?;
        let digests = fields::digests(self.form, &content.data)?;
        if let Some(verdict) = self.duplicate(state, &content.filename, &digests)? {
            return Ok(verdict);
        }
        self.burned(state, &content.filename)?;
        self.window(release)?;
        self.second_sdist(release)?;
        self.archive(&content.filename, &content.data)?;
        self.name_fits(&content.filename, known.map_or(name, |p| &p.name), &version)?;
        let inside = self.contents(&content.filename, &content.data)?;
        let provenance = self.attestations(state, &identity, &content.filename, &digests)?;
        let file = StoredFile {
            filename: content.filename.clone(),
            sdist: self.is_sdist(),
            pyversion: self.form.one("pyversion").unwrap_or("source").to_owned(),
            requires_python: self.form.one("requires_python").map(str::to_owned),
            comment: self.form.one("comment").unwrap_or_default().to_owned(),
            md5: digests.md5,
            sha256: digests.sha256,
            blake2: digests.blake2,
            content: content.data.clone(),
            metadata: inside.metadata,
            provenance,
            uploaded: self.now,
        };
        Ok(Verdict::New(Box::new(NewFile {
            project: name.to_owned(),
            creator: known.is_none().then(|| identity.user().map(str::to_owned)).flatten(),
            release: self.release(version),
            file,
        })))
    }

    fn is_sdist(&self) -> bool {
        self.form.one("filetype") == Some("sdist")
    }

    fn release(&self, version: Version) -> Release {
        Release {
            text: self.form.one("version").unwrap_or_default().to_owned(),
            version,
            created: self.now,
            metadata: self.form.fields.clone(),
            yanked: None,
            files: Vec::new(),
        }
    }

    fn race_for_project(&self, exists: bool) -> Result<(), Refusal> {
        let lost = exists && self.sighting.is_some_and(|s| !s.project_existed);
        if lost { Err(Refusal::Crash) } else { Ok(()) }
    }

    fn race_for_release(&self, exists: bool) -> Result<(), Refusal> {
        let lost = exists && self.sighting.is_some_and(|s| !s.release_existed);
        if lost { Err(Refusal::Crash) } else { Ok(()) }
    }

    fn sizes(&self, name: &str, known: Option<&crate::world::Project>, data: &Bytes) -> Result<(), Refusal> {
        let name = repr(known.map_or(name, |p| &p.name));
        let size = data.len() as u64;
        if size > self.limits.file {
            let limit = self.limits.file / (1024 * 1024);
            let page = self
                .addresses
                .docs("project-management/storage-limits#requesting-a-file-size-limit-increase");
            return Err(Refusal::bad(format!(
                "File too large. Limit for project {name} is {limit} MB. See {page} for more information."
            )));
        }
        if known.map_or(0, crate::world::Project::size) + size > self.limits.project {
            let limit = self.limits.project / (1024 * 1024 * 1024);
            let page = self
                .addresses
                .docs("project-management/storage-limits#requesting-a-project-size-limit-increase");
            return Err(Refusal::bad(format!(
                "Project size too large. Limit for project {name} total size is {limit} GB. See {page}"
            )));
        }
        Ok(())
    }

    /// By name or by bytes, over the whole index and without regard to the project.
    fn duplicate(
        &self,
        state: &IndexState,
        filename: &str,
        digests: &fields::Digests,
    ) -> Result<Option<Verdict>, Refusal> {
        let same_name = state.file_named(filename);
        if same_name.is_some_and(|f| f.blake2 == digests.blake2 && f.sha256 == digests.sha256) {
            return Ok(Some(Verdict::Identical));
        }
        if same_name.is_some() || state.file_with(&digests.blake2).is_some() {
            return Err(Refusal::bad(format!(
                "File already exists ({}, with blake2_256 hash {}). See {} for more information.",
                repr(filename),
                repr(&digests.blake2),
                self.addresses.help("file-name-reuse"),
            )));
        }
        Ok(None)
    }

    fn burned(&self, state: &IndexState, filename: &str) -> Result<(), Refusal> {
        if !state.used_names.contains(filename) {
            return Ok(());
        }
        Err(Refusal::bad(format!(
            "This filename was previously used by a file that has since been deleted. Use a different version. See {} for more information.",
            self.addresses.help("file-name-reuse"),
        )))
    }

    fn window(&self, release: Option<&Release>) -> Result<(), Refusal> {
        let closed = release.is_some_and(|r| self.now.duration_since(r.created) > WINDOW);
        if closed {
            return Err(Refusal::bad("Uploading new files to releases older than 14 days is not allowed."));
        }
        Ok(())
    }

    fn second_sdist(&self, release: Option<&Release>) -> Result<(), Refusal> {
        let second = self.is_sdist() && release.is_some_and(|r| r.files.iter().any(|f| f.sdist));
        if second {
            return Err(Refusal::bad("Only one sdist may be uploaded per release."));
        }
        Ok(())
    }
}
