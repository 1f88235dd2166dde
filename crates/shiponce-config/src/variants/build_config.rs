//! `build_config.json`: the shape in which build scripts of several variants already keep them.
//!
//! `{"builds": {NAME: {"package_name", "description", "readme_file", "flags": {}, "platforms": [], "keywords": []}}}`,
//! or the same without `builds`. A build script that meets a missing field goes on with an empty text, so here each of
//! them must be there and say something; only `flags` may be empty, for the plain variant. Further fields are other
//! tools' and are left alone, but for `env` and `aliases`.

use std::path::Path;

use super::draft::{Assignment, Draft, Keys, List, Typed};
use super::json::Node;
use crate::error::{ConfigError, Origin};
use crate::mask::{holds_password, holds_token, mask};
use crate::place::Text;
use crate::project::read_optional;
use crate::source::Source;
use crate::suggest::nearest;

/// The name of the file, in the project folder.
const BUILD_CONFIG: &str = "build_config.json";

const FIELDS: [&str; 6] = ["package_name", "description", "readme_file", "flags", "platforms", "keywords"];
const KEYS: Keys =
    Keys { table: "builds", package: "package_name", readme: "readme_file", platforms: "platforms" };

/// The variants of the file. None when there is no file, or when it holds none: other tools use the name too.
pub(crate) fn read_build_config(dir: &Path) -> Result<Vec<Draft>, ConfigError> {
    let Some(content) = read_optional(&dir.join(BUILD_CONFIG))? else { return Ok(Vec::new()) };
    let Node::Object(root) = Node::parse(&Text { name: BUILD_CONFIG.to_owned(), content })? else {
        return Ok(Vec::new());
    };
    let builds = root.iter().find_map(|(key, node)| (key == "builds").then_some(node));
    let entries = match builds {
        Some(Node::Object(builds)) => builds,
        Some(other) => {
            return Err(wrong("builds", format!("is {}, expected an object of variants", other.kind())));
        }
        None => &root,
    };
    let is_variant = |node: &Node| match node {
        Node::Object(entries) => entries.iter().any(|(key, _)| FIELDS.contains(&key.as_str())),
        _ => false,
    };
    if !entries.iter().any(|(_, node)| is_variant(node)) {
        return Ok(Vec::new());
    }
    entries.iter().map(|(name, node)| Entry::new(name, node)?.read()).collect()
}

/// One variant of the file.
struct Entry<'a> {
    name: &'a str,
    fields: &'a [(String, Node)],
}

impl<'a> Entry<'a> {
    fn new(name: &'a str, node: &'a Node) -> Result<Self, ConfigError> {
        match node {
            Node::Object(fields) => Ok(Self { name, fields }),
            other => Err(wrong(
                &format!("builds.{name}"),
                format!("is {}, expected an object with {}", other.kind(), FIELDS.join(", ")),
            )),
        }
    }

    fn read(&self) -> Result<Draft, ConfigError> {
        for field in FIELDS {
            self.require(field)?;
        }
        Ok(Draft {
            name: self.typed(self.name.to_owned()),
            keys: KEYS,
            package: self.text("package_name")?,
            readme: self.text("readme_file")?,
            description: self.text("description")?,
            keywords: self.list("keywords")?,
            platforms: self.list("platforms")?,
            env: self.assignments("env")?,
            flags: self.assignments("flags")?,
            aliases: self.list("aliases")?,
        })
    }

    fn get(&self, field: &str) -> Option<&'a Node> {
        self.fields.iter().find_map(|(key, node)| (key == field).then_some(node))
    }

    fn require(&self, field: &str) -> Result<(), ConfigError> {
        let complaint = match self.get(field) {
            Some(Node::Object(_)) if field == "flags" => return Ok(()),
            Some(node) if !node.is_empty() => return Ok(()),
            Some(_) => "is empty".to_owned(),
            None => {
                let strangers = self.fields.iter().map(|(key, _)| key.as_str());
                let strangers = strangers.filter(|key| !FIELDS.contains(key));
                match nearest(field, strangers) {
                    Some(typed) => format!("is missing; there is `{}`", mask(typed)),
                    None => "is missing".to_owned(),
                }
            }
        };
        Err(wrong(&self.key(field), complaint))
    }

    fn key(&self, field: &str) -> String {
        format!("builds.{}.{field}", mask(self.name))
    }

    fn typed<T>(&self, value: T) -> Typed<T> {
        let source = Source::Fallback(format!("{BUILD_CONFIG} builds.{}", mask(self.name)));
        Typed { value, origin: Origin::Other(source) }
    }

    fn checked(&self, field: &str, text: &str) -> Result<Typed<String>, ConfigError> {
        if holds_token(text) || holds_password(text) || text.contains('\0') {
            return Err(wrong(&self.key(field), "holds a credential or a NUL character"));
        }
        Ok(self.typed(text.to_owned()))
    }

    fn text(&self, field: &str) -> Result<Option<Typed<String>>, ConfigError> {
        match self.get(field) {
            None => Ok(None),
            Some(Node::Text(text)) => self.checked(field, text).map(Some),
            Some(other) => Err(wrong(&self.key(field), format!("is {}, expected a text", other.kind()))),
        }
    }

    fn list(&self, field: &str) -> Result<Option<List>, ConfigError> {
        let Some(node) = self.get(field) else { return Ok(None) };
        let Node::List(items) = node else {
            return Err(wrong(&self.key(field), format!("is {}, expected a list of texts", node.kind())));
        };
        let read = |item: &Node| match item {
            Node::Text(text) => self.checked(field, text),
            other => {
                Err(wrong(&self.key(field), format!("contains {}, expected a list of texts", other.kind())))
            }
        };
        let items = items.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        Ok(Some(self.typed(items)))
    }

    fn assignments(&self, field: &str) -> Result<Vec<Assignment>, ConfigError> {
        let Some(node) = self.get(field) else { return Ok(Vec::new()) };
        let Node::Object(entries) = node else {
            return Err(wrong(&self.key(field), format!("is {}, expected an object", node.kind())));
        };
        let read = |(name, node): &(String, Node)| {
            let key = format!("{field}.{name}");
            let value = match node {
                Node::Text(text) => text.clone(),
                Node::Number(number) => number.clone(),
                Node::Bool(flag) => u8::from(*flag).to_string(),
                other => {
                    let complaint = format!("is {}, expected a text, a number, true or false", other.kind());
                    return Err(wrong(&self.key(&key), complaint));
                }
            };
            Ok((self.typed(name.clone()), self.checked(&key, &value)?))
        };
        entries.iter().map(read).collect()
    }
}

/// An error about the file, which has no places: file, variant and field stand in the sentence.
fn wrong(key: &str, complaint: impl Into<String>) -> ConfigError {
    ConfigError::Invalid {
        origin: Origin::Other(Source::Fallback(BUILD_CONFIG.to_owned())),
        key: key.to_owned(),
        complaint: mask(&complaint.into()),
        hint: None,
    }
}
