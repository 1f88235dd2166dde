//! A metadata file with another version or another long description; every other byte stays.

use super::{Field, Metadata, MetadataError, version_of};
use crate::message;
use shiponce_core::Version;
use std::ops::Range;

/// The first metadata version in which the body is the description and `Description-Content-Type` exists.
const DESCRIPTION_SINCE: &str = "2.1";

/// What is to change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edit<'a> {
    pub(crate) version: Option<&'a Version>,
    /// The long description and its content type.
    pub(crate) description: Option<(&'a str, &'a str)>,
}

/// Why a metadata file cannot be edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// It cannot be read.
    #[error("the metadata cannot be used")]
    Metadata(#[source] MetadataError),
    /// A reader would see more change than was asked for: a field that occurs twice, or lines that are no fields.
    #[error("the metadata cannot be changed without changing what it says elsewhere")]
    Entangled,
}

/// The edited bytes, and whether `Metadata-Version` had to be raised.
pub(crate) fn edited(bytes: &[u8], edit: Edit<'_>) -> Result<(Vec<u8>, bool), EditError> {
    let before = Metadata::parse(bytes).map_err(EditError::Metadata)?;
    let message = message::parse(bytes);
    let raise = edit.description.is_some() && version_of(before.metadata_version()) < (2, 1);
    let mut new = Vec::with_capacity(bytes.len() + 64);
    let mut at = 0;
    for ((name, _), line) in message.headers.iter().zip(&message.lines) {
        let replacement = match name.to_ascii_lowercase().as_str() {
            "version" => edit.version.map(|version| Some(format!("Version: {version}"))),
            "metadata-version" if raise => Some(Some(format!("Metadata-Version: {DESCRIPTION_SINCE}"))),
            "description" | "description-content-type" if edit.description.is_some() => Some(None),
            _ => None,
        };
        if let Some(replacement) = replacement {
            new.extend_from_slice(&bytes[at..line.start]);
            if let Some(text) = replacement {
                new.extend_from_slice(text.as_bytes());
                new.extend_from_slice(line_break(bytes, line));
            }
            at = line.end;
        }
    }
    match edit.description {
        None => new.extend_from_slice(&bytes[at..]),
        Some((text, content_type)) => {
            new.extend_from_slice(&bytes[at..message.end]);
            if !new.ends_with(b"\n") {
                new.push(b'\n');
            }
            new.extend_from_slice(format!("Description-Content-Type: {content_type}\n\n{text}").as_bytes());
        }
    }
    let after = Metadata::parse(&new).map_err(EditError::Metadata)?;
    if says_only_what_was_asked(&before, &after, edit, raise) {
        Ok((new, raise))
    } else {
        Err(EditError::Entangled)
    }
}

fn line_break<'a>(bytes: &'a [u8], line: &Range<usize>) -> &'a [u8] {
    let line = &bytes[line.clone()];
    if line.ends_with(b"\r\n") {
        b"\r\n"
    } else if line.ends_with(b"\r") {
        b"\r"
    } else {
        b"\n"
    }
}

/// Compares what a reader sees before and after.
fn says_only_what_was_asked(before: &Metadata, after: &Metadata, edit: Edit<'_>, raised: bool) -> bool {
    let touched = |field: &&Field| {
        let is = |name: &str| field.name.eq_ignore_ascii_case(name);
        (edit.version.is_some() && is("Version"))
            || (raised && is("Metadata-Version"))
            || (edit.description.is_some() && (is("Description") || is("Description-Content-Type")))
    };
    let rest = |metadata: &Metadata| -> Vec<Field> {
        metadata.fields.iter().filter(|field| !touched(field)).cloned().collect()
    };
    let version = edit.version.unwrap_or(before.version()).to_string() == after.version().to_string();
    let once = |name: &str| after.get_all(name).count() == 1;
    let description = match edit.description {
        None => before.description() == after.description(),
        Some((text, content_type)) => {
            after.description() == Some(text) && after.description_content_type() == Some(content_type)
        }
    };
    version && once("Version") && once("Metadata-Version") && description && rest(before) == rest(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(
        text: &str,
        version: Option<&str>,
        description: Option<(&str, &str)>,
    ) -> Result<String, EditError> {
        let version = version.map(|version| version.parse().unwrap());
        let edit = Edit { version: version.as_ref(), description };
        edited(text.as_bytes(), edit).map(|(bytes, _)| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn only_the_version_line_changes() {
        let text = "Metadata-Version: 2.4\r\nName: demo\r\nversion : x\r\n";
        assert_eq!(
            edit(text, Some("1.0.post1"), None),
            Err(EditError::Metadata(MetadataError::Missing("Version")))
        );
        let text = "Metadata-Version: 2.4\r\nName: demo\r\nversion:  1.0\r\nLicense: a\n  Version: 9\n\nVersion: 1.0\n";
        assert_eq!(
            edit(text, Some("1.0.post1"), None).unwrap(),
            "Metadata-Version: 2.4\r\nName: demo\r\nVersion: 1.0.post1\r\nLicense: a\n  Version: 9\n\nVersion: 1.0\n"
        );
        assert_eq!(
            edit("Metadata-Version: 2.4\nName: demo\nVersion: 1.0", Some("2"), None).unwrap(),
            "Metadata-Version: 2.4\nName: demo\nVersion: 2\n"
        );
    }

    #[test]
    fn a_new_description_replaces_field_body_and_type() {
        let text = "Metadata-Version: 1.2\nName: demo\nDescription: old\n        more\nDescription-Content-Type: text/plain\nVersion: 1.0\n";
        let new = edit(text, None, Some(("# New\n", "text/markdown"))).unwrap();
        assert_eq!(
            new,
            "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nDescription-Content-Type: text/markdown\n\n# New\n"
        );
        let text = "Metadata-Version: 2.4\nName: demo\nVersion: 1.0\n\nold body\n";
        let new = edit(text, Some("1.0.dev1"), Some(("body", "text/x-rst"))).unwrap();
        assert_eq!(
            new,
            "Metadata-Version: 2.4\nName: demo\nVersion: 1.0.dev1\nDescription-Content-Type: text/x-rst\n\nbody"
        );
    }

    #[test]
    fn what_cannot_be_changed_alone_is_refused() {
        let twice = "Metadata-Version: 2.4\nName: demo\nVersion: 1.0\nVersion: 1.0\n";
        assert_eq!(edit(twice, Some("2"), None), Err(EditError::Entangled));
    }
}
