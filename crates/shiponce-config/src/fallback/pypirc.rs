//! `.pypirc` in the home folder, as distutils defined it and twine reads it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use shiponce_core::redact::SecretString;

use super::{mode_of, refuse_shared};
use crate::error::ConfigError;
use crate::project::read_optional;

/// The sections of a `.pypirc` that describe servers.
#[derive(Debug, Clone)]
pub(crate) struct Pypirc {
    path: PathBuf,
    mode: Option<u32>,
    sections: BTreeMap<String, PypircSection>,
}

/// One server.
#[derive(Clone, Default)]
pub(crate) struct PypircSection {
    pub(crate) repository: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) password: Option<SecretString>,
}

impl fmt::Debug for PypircSection {
    /// A repository address may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let repository = self.repository.as_deref().map(crate::mask::mask);
        f.debug_struct("PypircSection").field("repository", &repository).finish_non_exhaustive()
    }
}

impl Pypirc {
    /// Reads the file in a home folder, if there is one.
    pub(crate) fn read(home: &Path) -> Result<Option<Self>, ConfigError> {
        let path = home.join(".pypirc");
        let Some(content) = read_optional(&path)? else { return Ok(None) };
        let mode = mode_of(&path)?;
        Ok(Some(Self { path, mode, sections: parse(&content) }))
    }

    pub(crate) fn section(&self, name: &str) -> Option<&PypircSection> {
        self.sections.get(name)
    }

    /// The names of the servers.
    pub(crate) fn names(&self) -> Vec<String> {
        self.sections.keys().cloned().collect()
    }

    /// Refuses the file when it holds a password that others can read.
    pub(crate) fn refuse_shared(&self) -> Result<(), ConfigError> {
        match self.sections.iter().find(|(_, section)| section.password.is_some()) {
            Some((name, _)) => refuse_shared(&self.path, self.mode, &format!("the password of [{name}]")),
            None => Ok(()),
        }
    }
}

/// The INI dialect of Python's `RawConfigParser`: `=` or `:`, comments on their own line, no interpolation.
fn parse(content: &str) -> BTreeMap<String, PypircSection> {
    let mut sections: BTreeMap<String, PypircSection> = BTreeMap::new();
    let mut current: Option<String> = None;
    for line in content.trim_start_matches('\u{feff}').lines() {
        // An indented line continues the value above; only `index-servers` has such values, and it is not needed.
        if line.starts_with([' ', '\t', '#', ';']) || line.trim().is_empty() {
            continue;
        }
        let line = line.trim_end();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            current = (name != "distutils").then(|| name.to_owned());
            continue;
        }
        let Some(section) = &current else { continue };
        let Some(split) = line.find(['=', ':']) else { continue };
        let value = line[split + 1..].trim().to_owned();
        let entry = sections.entry(section.clone()).or_default();
        if value.is_empty() {
            continue;
        }
        match line[..split].trim().to_ascii_lowercase().as_str() {
            "repository" => entry.repository = Some(value),
            "username" => entry.username = Some(value),
            "password" => entry.password = Some(SecretString::from(value)),
            _ => {}
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;
    use shiponce_core::redact::ExposeSecret as _;

    #[test]
    fn sections_and_passwords_with_signs() {
        let content = "[distutils]\nindex-servers =\n    pypi\n    company\n\n[pypi]\nusername = __token__\n; c\npassword: a=b:c%d\n[company]\nRepository = https://packages.example/\npassword =\n";
        let sections = parse(content);
        let pypi = &sections["pypi"];
        assert_eq!(pypi.username.as_deref(), Some("__token__"));
        assert_eq!(pypi.password.as_ref().unwrap().expose_secret(), "a=b:c%d");
        assert_eq!(sections["company"].repository.as_deref(), Some("https://packages.example/"));
        assert!(sections["company"].password.is_none());
        assert!(!sections.contains_key("distutils"));
        assert!(!format!("{sections:?}").contains("a=b"));
    }
}
