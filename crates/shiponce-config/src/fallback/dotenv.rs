//! `.env` of the project: only known names are taken from it, and nothing is ever executed or expanded.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use shiponce_core::redact::SecretString;

use super::{mode_of, refuse_shared};
use crate::error::ConfigError;
use crate::project::read_optional;

/// The known variables of a `.env`.
#[derive(Debug, Clone)]
pub(crate) struct Dotenv {
    path: PathBuf,
    mode: Option<u32>,
    values: BTreeMap<String, SecretString>,
}

impl Dotenv {
    /// Reads the variables that `known` accepts. `None` when there is no file or nothing known in it.
    pub(crate) fn read(dir: &Path, known: impl Fn(&str) -> bool) -> Result<Option<Self>, ConfigError> {
        let path = dir.join(".env");
        let Some(content) = read_optional(&path)? else { return Ok(None) };
        let values = parse(&content, known);
        if values.is_empty() {
            return Ok(None);
        }
        let mode = mode_of(&path)?;
        Ok(Some(Self { path, mode, values }))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&SecretString> {
        self.values.get(name)
    }

    /// Refuses the file when it holds a secret that others can read. Addresses are no secrets.
    pub(crate) fn refuse_shared(&self, is_secret: impl Fn(&str) -> bool) -> Result<(), ConfigError> {
        match self.values.keys().find(|name| is_secret(name)) {
            Some(name) => refuse_shared(&self.path, self.mode, name),
            None => Ok(()),
        }
    }
}

fn parse(content: &str, known: impl Fn(&str) -> bool) -> BTreeMap<String, SecretString> {
    let mut values = BTreeMap::new();
    for line in content.trim_start_matches('\u{feff}').lines() {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=') else { continue };
        let name = name.trim();
        if !name.starts_with('#') && known(name) {
            values.insert(name.to_owned(), SecretString::from(unquote(value.trim())));
        }
    }
    values
}

/// Quotes are removed and a comment after an unquoted value is cut; there are no escapes and no expansion.
fn unquote(value: &str) -> String {
    for quote in ['"', '\''] {
        if let Some(rest) = value.strip_prefix(quote)
            && let Some((inside, _)) = rest.split_once(quote)
        {
            return inside.to_owned();
        }
    }
    value.split(" #").next().unwrap_or(value).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shiponce_core::redact::ExposeSecret as _;

    #[test]
    fn only_known_names_and_no_shell() {
        let content = "\u{feff}# A=1\nexport A = \"x y\" # c\nB='$(id)'\nC=plain # comment\nD=$A\nE\nF=never\r\n A=last\n";
        let values = parse(content, |name| "ABCD".contains(name));
        let shown: Vec<String> =
            values.iter().map(|(name, value)| format!("{name}={}", value.expose_secret())).collect();
        assert_eq!(shown, ["A=last", "B=$(id)", "C=plain", "D=$A"]);
    }
}
