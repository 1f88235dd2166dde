//! `members = ["packages/*"]`: from patterns to folders.

use std::path::Path;

use crate::error::{ConfigError, Origin};
use crate::place::At;
use crate::raw::RawWorkspace;

/// Files of which one makes a folder a project.
const PROJECT_FILES: [&str; 3] = ["pyproject.toml", "setup.cfg", "setup.py"];

/// The folders of the members, relative to `root`, with `/`, sorted, each once.
///
/// A folder that is named must hold a project; one that only fits a pattern is passed over when it holds none, since
/// other things lie beside packages.
pub(crate) fn find_folders(root: &Path, raw: &RawWorkspace) -> Result<Vec<String>, ConfigError> {
    let patterns = raw.members.as_ref().map(|members| members.value.as_slice()).unwrap_or_default();
    let excluded = raw.exclude.as_ref().map(|exclude| exclude.value.as_slice()).unwrap_or_default();
    let mut folders = Vec::new();
    for pattern in patterns {
        let parts = split(pattern)?;
        let is_named = !parts.iter().any(|part| is_pattern(part));
        let mut found = Vec::new();
        walk(root, "", &parts, &mut found)?;
        found.retain(|folder| is_project(&root.join(folder)));
        if found.is_empty() {
            let complaint = if is_named {
                format!(
                    "names `{}`, which is no folder with a pyproject.toml, setup.cfg or setup.py",
                    pattern.value
                )
            } else {
                format!("has the pattern `{}`, which fits no folder with a project", pattern.value)
            };
            return Err(invalid("workspace.members", pattern, complaint));
        }
        folders.extend(found);
    }
    for pattern in excluded {
        let parts = split(pattern)?;
        folders.retain(|folder| !fits(&segments(folder), &parts));
    }
    folders.sort();
    folders.dedup();
    Ok(folders)
}

fn invalid(key: &str, at: &At<String>, complaint: String) -> ConfigError {
    ConfigError::Invalid { origin: Origin::from(&at.at), key: key.to_owned(), complaint, hint: None }
}

fn is_project(dir: &Path) -> bool {
    PROJECT_FILES.iter().any(|file| dir.join(file).is_file())
}

/// The parts of a pattern; none for `.`, the workspace itself.
fn split(pattern: &At<String>) -> Result<Vec<&str>, ConfigError> {
    let text = pattern.value.as_str();
    let parts = segments(text);
    if text.is_empty() || text.starts_with('/') || text.contains(['\\', ':']) || parts.contains(&"..") {
        return Err(invalid("workspace.members", pattern, "is not a path inside the workspace".to_owned()));
    }
    Ok(parts)
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty() && *part != ".").collect()
}

fn is_pattern(part: &str) -> bool {
    part.contains(['*', '?'])
}

/// Follows a pattern from folder to folder. Links are followed where they are named and not where they only fit: a
/// link to a folder above would have no end.
fn walk(root: &Path, at: &str, parts: &[&str], found: &mut Vec<String>) -> Result<(), ConfigError> {
    let Some((part, rest)) = parts.split_first() else {
        found.push(if at.is_empty() { ".".to_owned() } else { at.to_owned() });
        return Ok(());
    };
    let below = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}/{name}") };
    if !is_pattern(part) {
        let folder = below(part);
        return if root.join(&folder).is_dir() { walk(root, &folder, rest, found) } else { Ok(()) };
    }
    if *part == "**" {
        walk(root, at, rest, found)?;
    }
    let dir = root.join(at);
    let entries = fs_err::read_dir(&dir).map_err(|error| ConfigError::read(&dir, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| ConfigError::read(&dir, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        // Hidden folders hold environments and caches, which are full of other people's projects.
        if !is_folder || name.starts_with('.') {
            continue;
        }
        if *part == "**" {
            walk(root, &below(&name), parts, found)?;
        } else if fits_word(&name, part) {
            walk(root, &below(&name), rest, found)?;
        }
    }
    Ok(())
}

/// Whether a path fits a pattern as a whole.
fn fits(path: &[&str], pattern: &[&str]) -> bool {
    match (path.split_first(), pattern.split_first()) {
        (None, None) => true,
        (_, Some((&"**", rest))) => {
            fits(path, rest) || path.split_first().is_some_and(|(_, below)| fits(below, pattern))
        }
        (Some((name, below)), Some((part, rest))) => fits_word(name, part) && fits(below, rest),
        _ => false,
    }
}

/// `*` stands for any characters and `?` for one.
fn fits_word(name: &str, pattern: &str) -> bool {
    let mut chars = pattern.chars();
    match chars.next() {
        None => name.is_empty(),
        Some('*') => {
            let rest = chars.as_str();
            name.char_indices().map(|(at, _)| at).chain([name.len()]).any(|at| fits_word(&name[at..], rest))
        }
        Some(wanted) => {
            let mut name = name.chars();
            name.next().is_some_and(|c| wanted == '?' || c == wanted)
                && fits_word(name.as_str(), chars.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (name, pattern, expected) in [
            ("demo-core", "demo-*", true),
            ("demo", "demo-*", false),
            ("demo", "d?mo", true),
            ("größe", "gr??e", true),
            ("demo", "*", true),
            ("demo", "*m*o*", true),
            ("demo", "*x*", false),
        ] {
            assert_eq!(fits_word(name, pattern), expected, "{name} {pattern}");
        }
        let fits = |path: &str, pattern: &str| fits(&segments(path), &segments(pattern));
        assert!(
            fits("packages/a/b", "packages/**")
                && fits("a/b/c", "**/c")
                && fits("packages/a", "./packages/*/")
        );
        assert!(!fits("packages/a/b", "packages/*") && !fits("packages", "packages/*"));
    }
}
