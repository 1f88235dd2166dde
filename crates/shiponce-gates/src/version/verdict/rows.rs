//! Places and indexes as others read them.

use shiponce_api::v1::{IndexVersionRow, IndexVersionState, LocationState, VersionLocation};

use super::super::location::{Location, Reading};
use super::{IndexState, Published};

pub(super) fn location(location: &Location) -> VersionLocation {
    let (state, detail) = match &location.reading {
        Reading::Version { .. } => (LocationState::Read, None),
        Reading::NotAVersion(_) => (LocationState::NotAVersion, None),
        Reading::AfterBuild(why) => (LocationState::KnownAfterBuild, Some(why.clone())),
        Reading::FromTag => (LocationState::FromTag, None),
        Reading::Missing(why) => (LocationState::Missing, Some(why.clone())),
    };
    VersionLocation {
        file_path: location.file.clone(),
        line_number: location.line,
        text: location.text().map(ToOwned::to_owned),
        version: location.version().map(ToString::to_string),
        source: location.source.clone(),
        state,
        detail,
    }
}

pub(super) fn index(published: &Published) -> IndexVersionRow {
    let (state, files, next, reason) = match &published.state {
        IndexState::Free => (IndexVersionState::Free, 0, None, None),
        IndexState::SameContent { files } => (IndexVersionState::SameContent, *files, None, None),
        IndexState::OtherContent { files, next } => {
            (IndexVersionState::OtherContent, *files, Some(next), None)
        }
        IndexState::Published { files, next } => (IndexVersionState::Published, *files, Some(next), None),
        IndexState::Unobserved { why } => (IndexVersionState::Unobserved, 0, None, Some(why.clone())),
    };
    IndexVersionRow {
        index: published.index.clone(),
        state,
        files,
        next_free: next.map(ToString::to_string),
        reason,
    }
}
