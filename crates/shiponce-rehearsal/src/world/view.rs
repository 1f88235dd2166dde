//! What a test may see of a world and do to it from outside.

use jiff::Timestamp;

use super::{Exchange, LogEntry, ProjectStatus, Switches, World};
use crate::account::Publisher;
use crate::address::Index;
use crate::attestation::{self, Attestation};
use crate::fault::Lag;
use crate::oidc;

/// A stored file, as far as two worlds can be compared by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileView {
    /// The project, normalised.
    pub project: String,
    /// The version as its first upload spelled it.
    pub version: String,
    /// The file's name.
    pub filename: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Whether its release is yanked.
    pub yanked: bool,
}

impl World {
    /// Every request so far, in the order in which they were answered.
    #[must_use]
    pub fn log(&self) -> Vec<LogEntry> {
        self.state().log.clone()
    }

    /// Every request to GitHub so far with its answer, in the order in which they were answered; none unless
    /// [`WorldConfig::keep_exchanges`](crate::WorldConfig) asks for it.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.state().exchanges.clone()
    }

    /// How many uploads have been sent to an index, whatever became of them.
    #[must_use]
    pub fn writes(&self, index: Index) -> usize {
        self.state().log.iter().filter(|e| e.is_write && e.index == Some(index)).count()
    }

    /// Every file of an index, ordered by project, version and name.
    #[must_use]
    pub fn files(&self, index: Index) -> Vec<FileView> {
        let state = self.state();
        let mut files: Vec<FileView> = state
            .index_ref(index)
            .projects
            .iter()
            .flat_map(|(key, project)| project.files().map(move |pair| (key, pair)))
            .map(|(key, (release, file))| FileView {
                project: key.clone(),
                version: release.text.clone(),
                filename: file.filename.clone(),
                sha256: file.sha256.clone(),
                yanked: release.yanked.is_some(),
            })
            .collect();
        files.sort();
        files
    }

    /// The projects of an index, normalised. A pending publisher leaves one without files.
    #[must_use]
    pub fn projects(&self, index: Index) -> Vec<String> {
        self.state().index_ref(index).projects.keys().cloned().collect()
    }

    /// The last serial of an index: the number of changes it has seen.
    #[must_use]
    pub fn serial(&self, index: Index) -> u64 {
        self.state().index_ref(index).serial
    }

    /// The claims of a fresh identity token, as the runner would issue it for this audience.
    #[must_use]
    pub fn identity_claims(&self, audience: &str, now: Timestamp) -> serde_json::Value {
        let mut state = self.state();
        state.identities += 1;
        let now = now.saturating_add(state.offset).unwrap_or(now);
        oidc::claims(&self.config().runner, audience, state.identities, now)
    }

    /// Signs claims with the runner's key.
    #[must_use]
    pub fn sign_identity(&self, claims: &serde_json::Value) -> String {
        oidc::sign(claims)
    }

    /// Registers a trusted publisher.
    pub fn register(&self, index: Index, publisher: Publisher) {
        self.state().index(index).publishers.push(publisher);
    }

    /// Whether a project has a release here, or was named as one that will have.
    pub(crate) fn is_released_here(&self, normalized: &str) -> bool {
        self.config().released_here.contains(normalized)
            || self.state().index_ref(Index::Pypi).projects.contains_key(normalized)
    }

    /// Sets the switches of an index.
    pub fn switch(&self, index: Index, set: impl FnOnce(&mut Switches)) {
        set(&mut self.state().index(index).switches);
    }

    /// Makes the pages of an index lag behind its changes from now on.
    pub fn lag(&self, index: Index, json: Lag, simple: Lag) {
        let mut state = self.state();
        let pages = &mut state.index(index).pages;
        pages.json = json;
        pages.simple = simple;
    }

    /// Sets the status of a project. False when there is no such project.
    pub fn set_status(&self, index: Index, project: &str, status: ProjectStatus, now: Timestamp) -> bool {
        self.change(index, project, now, |p| {
            p.status = status;
            true
        })
    }

    /// Yanks a release, or takes the yank back with `None`. False when there is no such release.
    pub fn yank(
        &self,
        index: Index,
        project: &str,
        version: &str,
        why: Option<&str>,
        now: Timestamp,
    ) -> bool {
        self.change(index, project, now, |p| {
            let Some(release) = p.releases.values_mut().find(|r| r.text == version) else { return false };
            release.yanked = why.map(str::to_owned);
            true
        })
    }

    /// Deletes a file; its name stays burned. A release without files stays. False when there is no such
    /// file.
    pub fn delete_file(&self, index: Index, project: &str, filename: &str, now: Timestamp) -> bool {
        self.change(index, project, now, |p| {
            p.releases.values_mut().any(|release| {
                let before = release.files.len();
                release.files.retain(|f| f.filename != filename);
                release.files.len() < before
            })
        })
    }

    /// Gives a stored file the provenance it would have if its upload had brought this attestation; without one,
    /// takes it away. The real service does neither afterwards. False when there is no such file.
    pub fn attest(
        &self,
        index: Index,
        project: &str,
        filename: &str,
        attestation: Option<&Attestation>,
        now: Timestamp,
    ) -> bool {
        self.change(index, project, now, |p| {
            let mut files = p.releases.values_mut().flat_map(|release| &mut release.files);
            let Some(file) = files.find(|file| file.filename == filename) else { return false };
            file.provenance = attestation.map(|one| {
                let object = one.object(&file.filename, &file.sha256);
                attestation::provenance(&one.publisher(), &[object])
            });
            true
        })
    }

    /// Adds to the bytes a project has used up. False when there is no such project.
    pub fn add_project_size(&self, index: Index, project: &str, bytes: u64, now: Timestamp) -> bool {
        self.change(index, project, now, |p| {
            p.extra_bytes += bytes;
            true
        })
    }

    /// Creates an empty project owned by a person.
    pub fn create_project(&self, index: Index, project: &str, owner: &str, now: Timestamp) {
        let mut state = self.state();
        let at = now.saturating_add(state.offset).unwrap_or(now);
        let index = state.index(index);
        index.open_project(project).owners.insert(owner.to_owned());
        index.touch(project, at);
    }

    fn change(
        &self,
        index: Index,
        project: &str,
        now: Timestamp,
        change: impl FnOnce(&mut super::Project) -> bool,
    ) -> bool {
        let mut state = self.state();
        let at = now.saturating_add(state.offset).unwrap_or(now);
        let index = state.index(index);
        let key = crate::text::normalize(project);
        let changed = index.projects.get_mut(&key).is_some_and(change);
        if changed {
            index.touch(project, at);
        }
        changed
    }
}
