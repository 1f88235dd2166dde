//! TOML with the line of every value, and JSON.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Found, line_at};

/// A parsed TOML file.
pub(crate) struct Toml<'t> {
    text: &'t str,
    root: DeTable<'t>,
}

impl<'t> Toml<'t> {
    /// Parses a text; `Err` is one line on what is wrong.
    pub(crate) fn parse(text: &'t str) -> Result<Self, String> {
        let root = DeTable::parse(text).map_err(|error| error.message().replace('\n', ", "))?;
        Ok(Self { text, root: root.into_inner() })
    }

    fn get(&self, path: &[&str]) -> Option<&Spanned<DeValue<'t>>> {
        let (last, tables) = path.split_last()?;
        let mut table = &self.root;
        for key in tables {
            table = table.get(*key)?.get_ref().as_table()?;
        }
        table.get(*last)
    }

    /// Whether the path leads to anything.
    pub(crate) fn has(&self, path: &[&str]) -> bool {
        self.get(path).is_some()
    }

    /// A text and its line.
    pub(crate) fn found(&self, path: &[&str]) -> Option<Found> {
        let value = self.get(path)?;
        let text = value.get_ref().as_str()?.to_owned();
        Some(Found { text, line: line_at(self.text, value.span().start) })
    }

    /// A text.
    pub(crate) fn text(&self, path: &[&str]) -> Option<&str> {
        self.get(path)?.get_ref().as_str()
    }

    /// Yes or no; no when it is not there.
    pub(crate) fn flag(&self, path: &[&str]) -> bool {
        self.get(path).and_then(|value| value.get_ref().as_bool()).unwrap_or(false)
    }

    /// The texts of a list, or the one text that stands in its place.
    pub(crate) fn texts(&self, path: &[&str]) -> Vec<&str> {
        let Some(value) = self.get(path) else { return Vec::new() };
        match value.get_ref().as_array() {
            Some(items) => items.iter().filter_map(|item| item.get_ref().as_str()).collect(),
            None => value.get_ref().as_str().into_iter().collect(),
        }
    }

    /// The line a key's value begins at.
    pub(crate) fn line(&self, path: &[&str]) -> Option<u32> {
        self.get(path).map(|value| line_at(self.text, value.span().start))
    }
}

/// A text in a JSON file by its dotted path. The line is that of the first such key and value.
pub(crate) fn json(text: &str, path: &[&str]) -> Option<Found> {
    let document: serde_json::Value = serde_json::from_str(text).ok()?;
    let value = path.iter().try_fold(&document, |value, key| value.get(key))?.as_str()?;
    let key = format!("\"{}\"", path.last()?);
    let line = (1_u32..)
        .zip(text.lines())
        .find(|(_, line)| line.contains(&key) && line.contains(value))
        .map_or(1, |(number, _)| number);
    Some(Found { text: value.to_owned(), line })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_their_lines() {
        let toml = Toml::parse("a = 1\n[b]\nc = \"x\"\nd = [\"e\", 1]\nf = true\n").unwrap();
        assert_eq!(toml.found(&["b", "c"]), Some(Found { text: "x".to_owned(), line: 3 }));
        assert_eq!(toml.texts(&["b", "d"]), ["e"]);
        assert_eq!(toml.texts(&["b", "c"]), ["x"]);
        assert!(toml.flag(&["b", "f"]) && !toml.flag(&["b", "g"]) && toml.has(&["b"]));
        assert_eq!(toml.line(&["b", "d"]), Some(4));
        assert!(toml.text(&["a"]).is_none() && toml.text(&["a", "b"]).is_none());
        assert!(Toml::parse("a = ").is_err());
    }

    #[test]
    fn json_by_path() {
        let text = "{\n \"dependencies\": {\"version\": \"9\"},\n \"version\": \"1.0\"\n}";
        assert_eq!(json(text, &["version"]), Some(Found { text: "1.0".to_owned(), line: 3 }));
        assert_eq!(json(text, &["dependencies", "version"]).unwrap().line, 2);
        assert_eq!(json("{", &["version"]), None);
    }
}
