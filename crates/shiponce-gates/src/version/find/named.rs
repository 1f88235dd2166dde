//! Files that the user names in `[gates] version-files`.

use shiponce_config::VersionFile;

use super::super::folder::ReadError;
use super::super::location::{Location, Reading};
use super::super::read::keyed::{property, yaml};
use super::super::read::python::assignment;
use super::super::read::tree::{Toml, json};
use super::super::read::{Found, ini};
use super::{Search, setuptools};

/// Adds every named file; one that is missing, or lacks its key, is a finding.
pub(super) fn add(search: &Search<'_>, found: &mut Vec<Location>) -> Result<(), ReadError> {
    for file in search.asked.version_files.iter().filter(|file| !file.leave_out) {
        let source = "[gates] version-files";
        let missing = |why: String| Location::other(&file.path, None, source, Reading::Missing(why));
        found.push(match search.folder.text(&file.path)? {
            None => missing("there is no such file".to_owned()),
            Some(text) => match lookup(file, &text)? {
                Some(version) => Location::read(&file.path, source, &version, true),
                None => missing(match &file.key {
                    Some(key) => format!("the file has no {key} that is a text"),
                    None => "the file states no version".to_owned(),
                }),
            },
        });
    }
    Ok(())
}

fn lookup(file: &VersionFile, text: &str) -> Result<Option<Found>, ReadError> {
    let (_, kind) = file.path.rsplit_once('.').unwrap_or((&file.path, ""));
    let key = file.key.as_deref();
    Ok(match (kind, key) {
        ("py", key) => assignment(text, key.unwrap_or("__version__")).and_then(|assigned| assigned.literal()),
        (_, None) => Some(setuptools::whole(text)).filter(|found| !found.text.is_empty()),
        ("toml", Some(key)) => {
            let toml =
                Toml::parse(text).map_err(|message| ReadError::Toml { file: file.path.clone(), message })?;
            toml.found(&key.split('.').collect::<Vec<_>>())
        }
        ("json", Some(key)) => json(text, &key.split('.').collect::<Vec<_>>()),
        ("cfg" | "ini", Some(key)) => {
            key.rsplit_once('.').and_then(|(section, key)| ini::value(text, section, key))
        }
        ("yaml" | "yml" | "cff", Some(key)) => yaml(text, key),
        (_, Some(key)) => property(text, key),
    })
}
