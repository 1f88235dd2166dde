//! The files of the repository, in memory.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use fs_err as fs;

/// Every file by its path from the root, with `/` between folders. Files that are not text are
/// there with an empty content.
#[derive(Debug, Default)]
pub(super) struct Tree {
    files: BTreeMap<String, String>,
}

/// Folders that hold what tools make, not what people write.
const MADE: [&str; 6] = [".git", "target", "__pycache__", "dist", "build", "corpus"];

impl Tree {
    /// Reads everything below `root` that people write.
    pub(super) fn load(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        tree.read(root, "")?;
        Ok(tree)
    }

    /// A made-up tree.
    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }

    fn read(&mut self, dir: &Path, prefix: &str) -> Result<()> {
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            let kind = entry.file_type()?;
            if kind.is_dir() {
                // `docs/book` is mdbook's default output; a crate may well have a module `build`.
                let made = MADE.contains(&name.as_str()) && !path.contains("/src/")
                    || name.ends_with(".egg-info")
                    || path == "docs/book";
                if !made {
                    self.read(&entry.path(), &format!("{path}/"))?;
                }
            } else if kind.is_file() {
                let text = String::from_utf8(fs::read(entry.path())?).unwrap_or_default();
                self.files.insert(path, text);
            }
        }
        Ok(())
    }

    /// Every file below `folder` (such as `crates/`) whose name ends in `suffix`.
    pub(super) fn under<'a>(
        &'a self,
        folder: &'a str,
        suffix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.starts_with(folder) && path.ends_with(suffix))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Every file.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.under("", "")
    }

    /// One file's text.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Whether this is a file, or a folder with files in it.
    pub(super) fn exists(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        path.is_empty()
            || self.files.contains_key(path)
            || self.files.range(folder.clone()..).next().is_some_and(|(first, _)| first.starts_with(&folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tools_make_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        for path in
            ["target/debug/a.rs", ".git/config", "docs/book/a.md", "docs/a.md", "crates/x/src/build/mod.rs"]
        {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let tree = Tree::load(dir.path()).unwrap();
        let paths: Vec<_> = tree.all().map(|(path, _)| path).collect();
        assert_eq!(paths, ["crates/x/src/build/mod.rs", "docs/a.md"]);
    }

    #[test]
    fn folders_exist_when_they_hold_files() {
        let tree = Tree::of(&[("docs/guides/a.md", ""), ("docs-old.md", "")]);
        assert!(tree.exists("docs/guides/"));
        assert!(tree.exists("docs"));
        assert!(tree.exists("docs/guides/a.md"));
        assert!(!tree.exists("docs/gui"));
        assert!(!tree.exists("doc"));
    }
}
