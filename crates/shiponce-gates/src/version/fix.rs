//! Makes the places that state the version equal: what would change, line by line.
//!
//! A place is only changed where the version stands on its line exactly once, as it was read, so that nothing else on
//! the line is touched. Everything else is said and left to a person. Nothing is written here.

use std::collections::BTreeMap;

use shiponce_core::Version;

use super::folder::{Folder, ReadError};
use super::location::{Location, Reading};

/// What a repair would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fixes {
    /// The lines that change.
    pub lines: Vec<ChangedLine>,
    /// The new text of every file with such a line, by its path.
    pub files: BTreeMap<String, String>,
    /// What is left to a person: the place and the reason.
    pub left: Vec<(String, String)>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedLine {
    /// The file, relative to the project.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The line as it is, without its end.
    pub before: String,
    /// The line as it would be.
    pub after: String,
}

/// Plans how every place would state `version`.
///
/// # Errors
/// [`ReadError`] when a file cannot be read.
pub fn plan_fixes(
    root: &std::path::Path,
    locations: &[Location],
    version: &Version,
) -> Result<Fixes, ReadError> {
    let folder = Folder { root };
    let mut fixes = Fixes::default();
    for location in locations {
        let written = match &location.reading {
            Reading::Version { text, version: stated } if stated != version => text,
            Reading::NotAVersion(text) if location.declared => text,
            Reading::Missing(why) => {
                fixes.left.push((location.place(), why.clone()));
                continue;
            }
            _ => continue,
        };
        if let Err(why) = change(&folder, location, written, version, &mut fixes)? {
            fixes.left.push((location.place(), why));
        }
    }
    Ok(fixes)
}

fn change(
    folder: &Folder<'_>,
    location: &Location,
    written: &str,
    version: &Version,
    fixes: &mut Fixes,
) -> Result<Result<(), String>, ReadError> {
    if let Some(why) = unfit(&location.file, version) {
        return Ok(Err(why));
    }
    let known = fixes.files.get(&location.file).cloned();
    let text = match known {
        Some(text) => Some(text),
        None => folder.text(&location.file)?,
    };
    let (Some(text), Some(number)) = (text, location.line) else {
        return Ok(Err("its line is not known".to_owned()));
    };
    // What was read with replacement characters would be written back with them.
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Ok(Err("the file is not UTF-8".to_owned()));
    }
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let Some(line) = usize::try_from(number).ok().and_then(|number| lines.get_mut(number.checked_sub(1)?))
    else {
        return Ok(Err("its line is gone".to_owned()));
    };
    if occurrences(line, written) != 1 {
        return Ok(Err(format!("`{written}` does not stand on its line exactly once")));
    }
    let after = line.replacen(written, &version.to_string(), 1);
    fixes.lines.push(ChangedLine {
        file: location.file.clone(),
        line: number,
        before: line.trim_end_matches(['\n', '\r']).to_owned(),
        after: after.trim_end_matches(['\n', '\r']).to_owned(),
    });
    *line = after;
    fixes.files.insert(location.file.clone(), lines.concat());
    Ok(Ok(()))
}

/// How often a version stands in a line as itself and not as a part of another one: `1.0` is not in `11.0`.
fn occurrences(line: &str, version: &str) -> usize {
    if version.is_empty() {
        return 0;
    }
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '!');
    line.match_indices(version)
        .filter(|(at, found)| !line[..*at].ends_with(part) && !line[at + found.len()..].starts_with(part))
        .count()
        // A second one inside a longer word would be what `replacen` takes first.
        .max(if line.matches(version).count() > 1 { 2 } else { 0 })
}

/// Cargo and npm read semantic versions, which PEP 440 writes differently beyond three numbers.
fn unfit(file: &str, version: &Version) -> Option<String> {
    let name = file.rsplit('/').next().unwrap_or(file);
    if name != "Cargo.toml" && name != "package.json" {
        return None;
    }
    let text = version.to_string();
    let numbers = text.split('.').filter(|part| part.bytes().all(|byte| byte.is_ascii_digit())).count();
    let semantic = numbers == 3 && text.split('.').count() == 3;
    (!semantic).then(|| format!("{version} has another spelling in {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_once_or_left() {
        assert_eq!(occurrences("version = \"1.0\"\n", "1.0"), 1);
        assert_eq!(occurrences("version = \"11.0\"\n", "1.0"), 0);
        assert_eq!(occurrences("version = \"1.0.0\"\n", "1.0"), 0);
        assert_eq!(occurrences("a = \"1.0\"  # was 1.0\n", "1.0"), 2);
        assert_eq!(occurrences("a = \"1.0\"  # not 11.0\n", "1.0"), 2);
        assert_eq!(occurrences("v1.0\n", "1.0"), 0);
    }

    #[test]
    fn semantic_versions_have_three_numbers() {
        let fits = |text: &str| unfit("rust/Cargo.toml", &text.parse().unwrap()).is_none();
        assert!(fits("1.2.3"));
        assert!(!fits("1.2") && !fits("1.2.3rc1") && !fits("1.2.3.post1") && !fits("1!1.2.3"));
        assert!(unfit("pyproject.toml", &"1.2rc1".parse().unwrap()).is_none());
    }
}
