//! Reads one TOML table key by key, and then knows which keys nobody asked for.
//!
//! A derived deserializer would be shorter, but it loses the place of values, has no suggestion for a mistyped
//! key, and quotes values, which may be secrets, in its own messages.

use std::cell::RefCell;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{ConfigError, Origin};
use crate::mask::{holds_password, holds_token, mask};
use crate::place::{At, Place, Text};
use crate::suggest::nearest;

/// A key the user chose and its value.
pub(crate) type Entry = (At<String>, At<String>);

/// A table, its name for messages, and the keys that were asked for so far.
pub(crate) struct Table<'a> {
    text: &'a Text,
    /// The whole path of the table in its file, for naming the table.
    section: String,
    /// The path below the table that configures shiponce, for naming keys.
    prefix: String,
    table: &'a DeTable<'a>,
    at: Place,
    asked: RefCell<Vec<&'static str>>,
}

/// Parses a file, without interpreting it.
pub(crate) fn parse(text: &Text) -> Result<Spanned<DeTable<'_>>, ConfigError> {
    DeTable::parse(&text.content).map_err(|error| ConfigError::Syntax {
        at: Box::new(text.place(error.span().unwrap_or(0..0))),
        message: mask(&error.message().replace('\n', ", ")),
    })
}

impl<'a> Table<'a> {
    /// The whole file.
    pub(crate) fn root(text: &'a Text, table: &'a Spanned<DeTable<'a>>) -> Self {
        Self::new(text, String::new(), String::new(), table.get_ref(), text.place(0..0))
    }

    fn new(text: &'a Text, section: String, prefix: String, table: &'a DeTable<'a>, at: Place) -> Self {
        Self { text, section, prefix, table, at, asked: RefCell::default() }
    }

    /// The same table, named as if it stood at the top: `[tool.shiponce.index.x]` reads as `index.x`.
    pub(crate) fn into_root(mut self) -> Self {
        self.prefix.clear();
        self
    }

    /// Where the table begins.
    pub(crate) fn at(&self) -> &Place {
        &self.at
    }

    /// The dotted name of a key of this table.
    pub(crate) fn path(&self, key: &str) -> String {
        mask(&join(&self.prefix, key))
    }

    fn get(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(key);
        self.table.get(key)
    }

    /// An error about a value of this table.
    pub(crate) fn invalid(&self, key: &str, at: &Place, complaint: impl Into<String>) -> ConfigError {
        ConfigError::Invalid {
            origin: Origin::from(at),
            key: self.path(key),
            complaint: mask(&complaint.into()),
            hint: None,
        }
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) -> ConfigError {
        let found = value.get_ref().type_str();
        self.invalid(key, &self.text.place(value.span()), format!("is {}, expected {wanted}", article(found)))
    }

    fn string_of(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        wanted: &str,
    ) -> Result<At<String>, ConfigError> {
        let text = value.get_ref().as_str().ok_or_else(|| self.wrong_type(key, value, wanted))?;
        if text.contains('\0') {
            return Err(self.invalid(key, &self.text.place(value.span()), "contains a NUL character"));
        }
        let at = self.text.place(value.span());
        // Whatever stands in a configuration file ends up in a repository, in logs and in `config show`.
        if holds_token(text) {
            return Err(self.invalid(
                key,
                &at,
                "holds an API token, which has no place in a configuration file",
            ));
        }
        if holds_password(text) {
            let url = mask(text);
            return Err(ConfigError::SecretInUrl { origin: Origin::from(&at), key: self.path(key), url });
        }
        Ok(At { value: text.to_owned(), at })
    }

    /// A list of texts of another tool, with passwords of URLs masked.
    pub(crate) fn masked_strings(&self, key: &'static str) -> Vec<String> {
        let items = self.get(key).and_then(|value| value.get_ref().as_array());
        items.into_iter().flatten().filter_map(|item| item.get_ref().as_str()).map(mask).collect()
    }

    /// Every text in every list of a table of another tool, with passwords of URLs masked.
    pub(crate) fn every_text(&self) -> Vec<String> {
        let lists = self.table.iter().filter_map(|(_, value)| value.get_ref().as_array());
        lists.flatten().filter_map(|item| item.get_ref().as_str()).map(mask).collect()
    }

    /// A text.
    pub(crate) fn string(&self, key: &'static str) -> Result<Option<At<String>>, ConfigError> {
        self.get(key).map(|value| self.string_of(key, value, "a text")).transpose()
    }

    /// Yes or no.
    pub(crate) fn boolean(&self, key: &'static str) -> Result<Option<At<bool>>, ConfigError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let flag = value.get_ref().as_bool().ok_or_else(|| self.wrong_type(key, value, "true or false"))?;
        Ok(Some(At { value: flag, at: self.text.place(value.span()) }))
    }

    /// A whole number that is not negative.
    pub(crate) fn number(&self, key: &'static str) -> Result<Option<At<u64>>, ConfigError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let wanted = "a whole number";
        let integer = value.get_ref().as_integer().ok_or_else(|| self.wrong_type(key, value, wanted))?;
        let at = self.text.place(value.span());
        let number = u64::from_str_radix(integer.as_str(), integer.radix())
            .map_err(|_| self.invalid(key, &at, "is not a whole number in range"))?;
        Ok(Some(At { value: number, at }))
    }

    /// A list of texts.
    pub(crate) fn strings(&self, key: &'static str) -> Result<Option<At<Vec<At<String>>>>, ConfigError> {
        self.get(key).map(|value| self.strings_of(key, value)).transpose()
    }

    fn strings_of(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<At<Vec<At<String>>>, ConfigError> {
        let wanted = "a list of texts";
        let array = value.get_ref().as_array().ok_or_else(|| self.wrong_type(key, value, wanted))?;
        let items = array.iter().map(|item| self.string_of(key, item, wanted)).collect::<Result<_, _>>()?;
        Ok(At { value: items, at: self.text.place(value.span()) })
    }

    /// A text, or a list of texts.
    pub(crate) fn one_or_more(&self, key: &'static str) -> Result<Option<At<Vec<At<String>>>>, ConfigError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        if value.get_ref().is_str() {
            let one = self.string_of(key, value, "a text or a list of texts")?;
            return Ok(Some(At { at: one.at.clone(), value: vec![one] }));
        }
        self.strings_of(key, value).map(Some)
    }

    /// A list of commands, each a list of arguments.
    pub(crate) fn commands(&self, key: &'static str) -> Result<Option<At<Vec<Vec<String>>>>, ConfigError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let wanted = "a list of commands, each a list of texts";
        let array = value.get_ref().as_array().ok_or_else(|| self.wrong_type(key, value, wanted))?;
        let mut commands = Vec::new();
        for item in array {
            if !item.get_ref().is_array() {
                return Err(self.wrong_type(key, item, wanted));
            }
            commands.push(self.strings_of(key, item)?.value.into_iter().map(|arg| arg.value).collect());
        }
        Ok(Some(At { value: commands, at: self.text.place(value.span()) }))
    }

    /// A command as a list of arguments with at least one.
    pub(crate) fn command(&self, key: &'static str) -> Result<Option<At<Vec<String>>>, ConfigError> {
        let Some(list) = self.strings(key)? else { return Ok(None) };
        if list.value.first().is_none_or(|program| program.value.is_empty()) {
            return Err(self.invalid(key, &list.at, "is an empty command"));
        }
        Ok(Some(At { value: list.value.into_iter().map(|item| item.value).collect(), at: list.at }))
    }

    /// Whether a key holds a table, where it may hold something else, too.
    pub(crate) fn holds_table(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(|value| value.get_ref().is_table())
    }

    /// A table with known keys.
    pub(crate) fn table(&self, key: &'static str) -> Result<Option<Self>, ConfigError> {
        self.get(key).map(|value| self.table_of(key, key, value)).transpose()
    }

    fn table_of(&self, key: &str, path: &str, value: &'a Spanned<DeValue<'a>>) -> Result<Self, ConfigError> {
        let table = value.get_ref().as_table().ok_or_else(|| self.wrong_type(key, value, "a table"))?;
        let section = join(&self.section, path);
        Ok(Self::new(self.text, section, self.path(path), table, self.text.place(value.span())))
    }

    /// The tables of a list of tables (`[[tool.uv.index]]`).
    pub(crate) fn tables(&self, key: &'static str) -> Result<Vec<Self>, ConfigError> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let array =
            value.get_ref().as_array().ok_or_else(|| self.wrong_type(key, value, "a list of tables"))?;
        array.iter().map(|item| self.table_of(key, key, item)).collect()
    }

    /// The tables of a table whose keys are names the user chose.
    pub(crate) fn named_tables(&self, key: &'static str) -> Result<Vec<(At<String>, Self)>, ConfigError> {
        let Some(outer) = self.table(key)? else { return Ok(Vec::new()) };
        let mut tables = Vec::new();
        for (name, value) in outer.table {
            let at = self.text.place_of_key(name.span());
            let path = format!("{key}.{}", name.get_ref());
            let table = self.table_of(&path, &path, value)?;
            tables.push((At { value: name.get_ref().to_string(), at }, table));
        }
        tables.sort_by_key(|(name, _)| (name.at.line, name.at.column));
        Ok(tables)
    }

    /// The texts of a table whose keys are names the user chose.
    pub(crate) fn named_strings(&self, key: &'static str) -> Result<Vec<Entry>, ConfigError> {
        let Some(outer) = self.table(key)? else { return Ok(Vec::new()) };
        let mut strings = Vec::new();
        for (name, value) in outer.table {
            let at = self.text.place_of_key(name.span());
            let path = format!("{key}.{}", name.get_ref());
            let text = self.string_of(&path, value, "a text")?;
            strings.push((At { value: name.get_ref().to_string(), at }, text));
        }
        Ok(strings)
    }

    /// Like [`Self::named_strings`], where a number, `true` (1) or `false` (0) is a text too.
    pub(crate) fn named_words(&self, key: &'static str) -> Result<Vec<Entry>, ConfigError> {
        let Some(outer) = self.table(key)? else { return Ok(Vec::new()) };
        let mut words = Vec::new();
        for (name, value) in outer.table {
            let path = format!("{key}.{}", name.get_ref());
            let at = self.text.place(value.span());
            let word = match value.get_ref() {
                DeValue::Boolean(flag) => At { value: u8::from(*flag).to_string(), at },
                DeValue::Integer(number) => At { value: number.to_string(), at },
                DeValue::Float(number) => At { value: number.to_string(), at },
                _ => self.string_of(&path, value, "a text, a number, true or false")?,
            };
            let name_at = self.text.place_of_key(name.span());
            words.push((At { value: name.get_ref().to_string(), at: name_at }, word));
        }
        Ok(words)
    }

    /// Refuses the keys nobody asked for.
    pub(crate) fn finish(self) -> Result<(), ConfigError> {
        let asked = self.asked.into_inner();
        let stranger = self.table.iter().find(|(key, _)| !asked.contains(&key.get_ref().as_ref()));
        let Some((key, _)) = stranger else { return Ok(()) };
        let typed = key.get_ref().as_ref();
        let table = match self.section.as_str() {
            "" => self.text.name.clone(),
            section => format!("[{}]", mask(section)),
        };
        Err(ConfigError::UnknownKey {
            at: Box::new(self.text.place_of_key(key.span())),
            table,
            key: mask(typed),
            nearest: nearest(typed, asked.iter().copied()).map(str::to_owned),
            known: asked,
        })
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn article(type_name: &str) -> String {
    match type_name {
        "string" => "a text".to_owned(),
        "boolean" => "true or false".to_owned(),
        "array" => "a list".to_owned(),
        "integer" => "a whole number".to_owned(),
        other => format!("a {other}"),
    }
}
