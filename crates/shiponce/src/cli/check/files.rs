//! The files that the arguments of `check dist` mean: files, folders, and patterns that no shell expanded.

use shiponce_api::{ErrorCode, Problem};
use shiponce_engine::files_of_folder;
use std::path::{Component, Path, PathBuf};

/// The files of every argument, in order, each once. Below a pattern only distributions count.
///
/// # Errors
/// `usage` for what means no file, `no-wheels` for a folder without distributions.
pub(super) fn expand(arguments: &[PathBuf]) -> Result<Vec<PathBuf>, Problem> {
    let mut files = Vec::new();
    for argument in arguments {
        let found = if argument.is_dir() {
            files_of_folder(argument)?
        } else if argument.exists() || !is_pattern(argument) {
            vec![argument.clone()]
        } else {
            matches(argument)?
        };
        for file in found {
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    Ok(files)
}

fn is_pattern(path: &Path) -> bool {
    path.to_str().is_some_and(|text| text.contains(['*', '?']))
}

fn matches(pattern: &Path) -> Result<Vec<PathBuf>, Problem> {
    let mut folders = vec![PathBuf::new()];
    for component in pattern.components() {
        let mut next = Vec::new();
        for folder in &folders {
            match component {
                Component::Normal(name) if is_pattern(Path::new(name)) => {
                    let wanted: Vec<char> = name.to_string_lossy().chars().collect();
                    next.extend(inside(folder, &wanted)?);
                }
                _ => next.push(folder.join(component)),
            }
        }
        folders = next;
    }
    let is_distribution = |path: &PathBuf| {
        let name = path.to_string_lossy();
        path.is_file() && [".whl", ".tar.gz", ".zip"].iter().any(|end| name.ends_with(end))
    };
    folders.retain(is_distribution);
    if folders.is_empty() {
        let message = format!("{} means no distribution", pattern.display());
        return Err(Problem::new(ErrorCode::Usage, message).hint("build first, or say where the files are"));
    }
    Ok(folders)
}

/// The entries of a folder whose names fit, sorted. What is no folder has none.
fn inside(folder: &Path, wanted: &[char]) -> Result<Vec<PathBuf>, Problem> {
    let read = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if !read.is_dir() {
        return Ok(Vec::new());
    }
    let unreadable = |error: &std::io::Error| Problem::from_error(ErrorCode::Usage, error);
    let mut found = Vec::new();
    for entry in fs_err::read_dir(read).map_err(|error| unreadable(&error))? {
        let name = entry.map_err(|error| unreadable(&error))?.file_name();
        let text: Vec<char> = name.to_string_lossy().chars().collect();
        // As in a shell, a pattern does not mean hidden files unless it says so.
        let hidden = text.first() == Some(&'.') && wanted.first() != Some(&'.');
        if !hidden && fits(&text, wanted) {
            found.push(folder.join(name));
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a name fits a pattern of `*`, any characters, and `?`, one. One step back at the last `*` is enough, so
/// the time is bounded by the product of the lengths.
fn fits(name: &[char], pattern: &[char]) -> bool {
    let (mut at, mut part) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < name.len() {
        match pattern.get(part) {
            Some('*') => {
                star = Some((part, at));
                part += 1;
            }
            Some(&wanted) if wanted == '?' || wanted == name[at] => {
                part += 1;
                at += 1;
            }
            _ => {
                let Some((begin, taken)) = star else { return false };
                star = Some((begin, taken + 1));
                part = begin + 1;
                at = taken + 1;
            }
        }
    }
    pattern[part..].iter().all(|&rest| rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_in_a_shell() {
        let fits = |name: &str, pattern: &str| {
            super::fits(&name.chars().collect::<Vec<_>>(), &pattern.chars().collect::<Vec<_>>())
        };
        for (name, pattern) in
            [("demo-1.whl", "*.whl"), ("demo-1.whl", "d?mo*1*l"), ("", "*"), ("aab", "*ab"), ("ab", "ab**")]
        {
            assert!(fits(name, pattern), "{name} {pattern}");
        }
        for (name, pattern) in [("demo.whl.x", "*.whl"), ("", "?"), ("ab", "a"), ("a", "ab"), ("b", "*a*")] {
            assert!(!fits(name, pattern), "{name} {pattern}");
        }
    }

    #[test]
    fn files_folders_and_patterns_give_each_file_once() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("one/dist");
        fs_err::create_dir_all(&inner).unwrap();
        for name in ["b-1-py3-none-any.whl", "a-1.tar.gz", "notes.txt", ".hidden-1.whl"] {
            fs_err::write(inner.join(name), "").unwrap();
        }
        let root = folder.path();
        let wheel = inner.join("b-1-py3-none-any.whl");
        let asked = [root.join("*/dist/*"), wheel.clone()];
        assert_eq!(expand(&asked).unwrap(), [inner.join("a-1.tar.gz"), wheel.clone()]);
        assert_eq!(expand(&[root.join("o?e/d*/b*")]).unwrap(), [wheel]);
        assert!(expand(&[root.join("*/none/*.whl")]).is_err());
        let missing = root.join("missing.whl");
        assert_eq!(expand(std::slice::from_ref(&missing)).unwrap(), [missing]);
    }
}
