//! `[github] assets`: files of the project that only the page shows.

use shiponce_api::{ErrorCode, Problem};
use shiponce_core::{AssetEntry, Manifest, Sha256};
use shiponce_store::Store;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// A file that a pattern names.
#[derive(Debug, Clone)]
pub(crate) struct Extra {
    path: PathBuf,
    entry: AssetEntry,
}

/// The files that `globs` name below `project`, by their names.
///
/// # Errors
/// `config-invalid` when a pattern names nothing or an empty file, or two files have one name.
pub(crate) fn find_extras(project: &Path, globs: &[String]) -> Result<BTreeMap<String, Extra>, Problem> {
    let mut extras: BTreeMap<String, Extra> = BTreeMap::new();
    for glob in globs {
        let parts: Vec<&str> = glob.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        let mut found = Vec::new();
        walk(project, &parts, &mut found).map_err(|error| unreadable(glob, &error))?;
        found.sort();
        found.dedup();
        if found.is_empty() {
            return Err(invalid(format!("[github] assets: `{glob}` fits no file")));
        }
        for path in found {
            if !is_inside(project, &path).map_err(|error| unreadable(glob, &error))? {
                let path = path.strip_prefix(project).unwrap_or(&path).display();
                return Err(invalid(format!(
                    "[github] assets: {path} is a link to a file outside the project"
                )));
            }
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let entry = entry(&path).map_err(|error| unreadable(glob, &error))?;
            if entry.size == 0 {
                // GitHub would say so after the freeze ("size must be greater than or equal to 1").
                return Err(invalid(format!(
                    "[github] assets: {name} is empty, and GitHub takes no empty file"
                )));
            }
            let extra = Extra { path, entry };
            if extras.get(&name).is_some_and(|known| known.path != extra.path) {
                return Err(invalid(format!("[github] assets: two files are called {name}")));
            }
            extras.insert(name, extra);
        }
    }
    Ok(extras)
}

/// Puts them into a manifest that is about to be frozen.
///
/// # Errors
/// `config-invalid` when one is a file of the release by its name, and not by its bytes.
pub(crate) fn add_extras(manifest: &mut Manifest, extras: &BTreeMap<String, Extra>) -> Result<(), Problem> {
    for (name, extra) in extras {
        match manifest.files.get(name) {
            Some(file) if file.sha256 == extra.entry.sha256 => {}
            Some(_) => {
                return Err(invalid(format!(
                    "[github] assets: {name} is a file of the release with other bytes"
                )));
            }
            None => {
                manifest.assets.insert(name.clone(), extra.entry.clone());
            }
        }
    }
    Ok(())
}

/// Copies them into the store.
///
/// # Errors
/// When the disk fails.
pub(crate) fn store_extras(store: &Store, extras: &BTreeMap<String, Extra>) -> Result<(), Problem> {
    for extra in extras.values() {
        store.put_file(&extra.path, extra.entry.sha256).map_err(|error| {
            Problem::from_error(ErrorCode::LedgerUnusable, &error)
                .note("Nothing was uploaded by this run.")
                .hint("make room on the disk of the state directory, then press again")
        })?;
    }
    Ok(())
}

fn invalid(message: String) -> Problem {
    Problem::new(ErrorCode::ConfigInvalid, message)
        .note("Nothing was uploaded by this run.")
        .hint("patterns are relative to the project: *, ? and ** as in .gitignore")
}

fn unreadable(glob: &str, error: &std::io::Error) -> Problem {
    invalid(format!("[github] assets: what `{glob}` names cannot be read")).cause(error.to_string())
}

/// Whether a file lies in the project once links are followed. A link that somebody sent in a pull request must not put
/// a private file of the publishing machine on a public page.
fn is_inside(project: &Path, path: &Path) -> std::io::Result<bool> {
    Ok(fs_err::canonicalize(path)?.starts_with(fs_err::canonicalize(project)?))
}

fn entry(path: &Path) -> std::io::Result<AssetEntry> {
    use sha2::{Digest as _, Sha256 as Hasher};
    let mut file = fs_err::File::open(path)?;
    let mut hasher = Hasher::new();
    let (mut size, mut buffer) = (0, vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(AssetEntry { size, sha256: Sha256(hasher.finalize().into()) });
        }
        size += read as u64;
        hasher.update(&buffer[..read]);
    }
}

/// Follows a pattern from folder to folder. Hidden entries are found only where they are named.
fn walk(at: &Path, parts: &[&str], found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let Some((part, rest)) = parts.split_first() else { return Ok(()) };
    if !part.contains(['*', '?']) {
        return step(&at.join(part), rest, found);
    }
    if *part == "**" {
        walk(at, rest, found)?;
    }
    if !at.is_dir() {
        return Ok(());
    }
    for item in fs_err::read_dir(at)? {
        let item = item?;
        let name = item.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        if *part == "**" {
            if item.file_type()?.is_dir() {
                walk(&item.path(), parts, found)?;
            }
        } else if fits(&name, part) {
            step(&item.path(), rest, found)?;
        }
    }
    Ok(())
}

fn step(path: &Path, rest: &[&str], found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !rest.is_empty() {
        return walk(path, rest, found);
    }
    if path.is_file() {
        found.push(path.to_owned());
    }
    Ok(())
}

/// `*` stands for any characters and `?` for one.
fn fits(name: &str, pattern: &str) -> bool {
    let mut chars = pattern.chars();
    match chars.next() {
        None => name.is_empty(),
        Some('*') => {
            let rest = chars.as_str();
            name.char_indices().map(|(at, _)| at).chain([name.len()]).any(|at| fits(&name[at..], rest))
        }
        Some(wanted) => {
            let mut name = name.chars();
            name.next().is_some_and(|c| wanted == '?' || c == wanted) && fits(name.as_str(), chars.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(globs: &[&str]) -> Result<Vec<String>, String> {
        let folder = tempfile::tempdir().unwrap();
        for path in ["a.pdf", "docs/b.pdf", "docs/deep/c.pdf", ".git/d.pdf", "docs/readme.txt"] {
            let path = folder.path().join(path);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(&path, path.display().to_string()).unwrap();
        }
        fs_err::write(folder.path().join("empty.txt"), "").unwrap();
        let globs: Vec<String> = globs.iter().map(|glob| (*glob).to_owned()).collect();
        let extras = find_extras(folder.path(), &globs).map_err(|problem| problem.message)?;
        Ok(extras.into_keys().collect())
    }

    #[test]
    fn patterns_name_files_below_the_project() {
        assert_eq!(found(&["a.pdf"]).unwrap(), ["a.pdf"]);
        assert_eq!(found(&["docs/*.pdf", "a.pdf", "docs/b.pdf"]).unwrap(), ["a.pdf", "b.pdf"]);
        assert_eq!(found(&["**/*.pdf"]).unwrap(), ["a.pdf", "b.pdf", "c.pdf"], "what is hidden stays so");
        assert_eq!(found(&["**/?.pdf"]).unwrap().len(), 3);
        assert_eq!(
            found(&["empty.*"]).unwrap_err(),
            "[github] assets: empty.txt is empty, and GitHub takes no empty file"
        );
        assert_eq!(found(&["*.whl"]).unwrap_err(), "[github] assets: `*.whl` fits no file");
        assert_eq!(found(&[]).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_link_is_followed_inside_the_project_only() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("project");
        fs_err::create_dir_all(project.join("docs")).unwrap();
        fs_err::write(folder.path().join("private.txt"), "secret").unwrap();
        fs_err::write(project.join("manual.txt"), "manual").unwrap();
        let link = |to: &str, at: &str| fs_err::os::unix::fs::symlink(to, project.join(at)).unwrap();
        link("../manual.txt", "docs/inside.txt");
        let find = |glob: &str| find_extras(&project, &[glob.to_owned()]);
        assert_eq!(find("docs/*.txt").unwrap().into_keys().collect::<Vec<_>>(), ["inside.txt"]);
        link("../../private.txt", "docs/outside.txt");
        link("../..", "docs/up");
        let refused = |glob: &str| find(glob).unwrap_err().message;
        assert_eq!(
            refused("docs/*.txt"),
            "[github] assets: docs/outside.txt is a link to a file outside the project"
        );
        assert_eq!(
            refused("docs/up/*.txt"),
            "[github] assets: docs/up/private.txt is a link to a file outside the project"
        );
    }
}
