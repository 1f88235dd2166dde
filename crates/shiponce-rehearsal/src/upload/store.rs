//! The effect of an accepted upload.

use jiff::Timestamp;

use super::NewFile;
use crate::world::IndexState;

/// Stores a file: the project and the release come into being with their first file, the file's name is
/// taken for ever.
pub(crate) fn store(state: &mut IndexState, new: NewFile, now: Timestamp) {
    let NewFile { project: name, creator, release, file } = new;
    state.used_names.insert(file.filename.clone());
    if let Some(creator) = &creator {
        state.creations.push((creator.clone(), now));
    }
    let project = state.open_project(&name);
    // An upload under another spelling renames the project.
    project.name.clone_from(&name);
    project.owners.extend(creator);
    project.releases.entry(release.version.clone()).or_insert(release).files.push(file);
    state.touch(&name, now);
}
