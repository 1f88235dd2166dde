//! An entry of `[gates] version-files`: a file that states the version, or one that only seems to.

use std::fmt;
use std::path::{Component, Path};

/// A file of the project, as `path` or `path#key`; with `!` before it, a file that does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionFile {
    /// Relative to the project.
    pub path: String,
    /// Where in the file: a dotted key, `section.key`, a variable or a property. `None`: what the kind of file
    /// usually says.
    pub key: Option<String>,
    /// Whether the file is left out instead of read.
    pub leave_out: bool,
}

impl VersionFile {
    /// Reads an entry. The complaint begins with a verb.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (leave_out, rest) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let (path, key) = match rest.split_once('#') {
            Some((_, "")) => return Err("ends with `#` and names no key".to_owned()),
            Some((path, key)) => (path, Some(key.to_owned())),
            None => (rest, None),
        };
        if leave_out && key.is_some() {
            return Err("leaves out a key; only whole files can be left out".to_owned());
        }
        let inside = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
        if path.is_empty() || path.contains('\\') || !Path::new(path).components().all(inside) {
            return Err("is not a path inside the project".to_owned());
        }
        Ok(Self { path: path.trim_start_matches("./").to_owned(), key, leave_out })
    }
}

impl fmt::Display for VersionFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.leave_out { "!" } else { "" })?;
        f.write_str(&self.path)?;
        self.key.as_ref().map_or(Ok(()), |key| write!(f, "#{key}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries() {
        let read = |text: &str| match VersionFile::parse(text) {
            Ok(file) => format!("{file} ({})", file.path),
            Err(complaint) => complaint,
        };
        let entries =
            ["VERSION", "./a/b.toml#tool.x", "!rust/Cargo.toml", "", "!", "a#", "!a#b", "../a", "/a", "a\\b"];
        let lines: Vec<String> = entries.iter().map(|text| format!("{text}: {}", read(text))).collect();
        insta::assert_snapshot!(lines.join("\n"), @"
        VERSION: VERSION (VERSION)
        ./a/b.toml#tool.x: a/b.toml#tool.x (a/b.toml)
        !rust/Cargo.toml: !rust/Cargo.toml (rust/Cargo.toml)
        : is not a path inside the project
        !: is not a path inside the project
        a#: ends with `#` and names no key
        !a#b: leaves out a key; only whole files can be left out
        ../a: is not a path inside the project
        /a: is not a path inside the project
        a\\b: is not a path inside the project
        ");
    }
}
