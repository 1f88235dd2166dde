//! `[workspace]`

use std::path::Path;

use crate::error::{ConfigError, Origin};
use crate::inputs::NameOf;
use crate::raw::Raw;
use crate::source::Source;
use crate::workspace::{Member, Workspace, find_folders, read_member};

/// The members of the workspace that this folder is, if it is one.
pub(super) fn workspace(
    raw: &Raw,
    project_dir: &Path,
    name_of: Option<NameOf>,
) -> Result<Option<Workspace>, ConfigError> {
    let Some(table) = &raw.workspace else { return Ok(None) };
    let origin = Origin::from(&table.at);
    let wrong = |complaint: String, hint: Option<&str>| ConfigError::Invalid {
        origin: origin.clone(),
        key: "workspace.members".to_owned(),
        complaint,
        hint: hint.map(str::to_owned),
    };
    if table.value.members.as_ref().is_none_or(|members| members.value.is_empty()) {
        let hint = "name the folders: members = [\"packages/*\"]";
        return Err(wrong("is missing or empty".to_owned(), Some(hint)));
    }
    let mut members: Vec<Member> = Vec::new();
    for folder in find_folders(project_dir, &table.value)? {
        let Some(member) = read_member(project_dir, &folder, name_of)? else {
            let complaint = format!("has `{folder}`, whose name only a build tells");
            return Err(wrong(complaint, Some("set `package` in a shiponce.toml in that folder")));
        };
        if let Some(other) = members.iter().find(|other| other.name.value == member.name.value) {
            let complaint =
                format!("has `{}` in two folders: {} and {folder}", member.name.value, other.folder);
            return Err(wrong(complaint, None));
        }
        members.push(member);
    }
    if members.is_empty() {
        return Err(wrong("names no project that is not excluded".to_owned(), None));
    }
    Ok(Some(Workspace { members, source: Source::from(&table.at) }))
}
