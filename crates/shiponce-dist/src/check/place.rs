//! Where in a file a finding is.

use crate::metadata::{Field, Metadata};
use std::fmt;

/// A place inside a file: an entry, a line of it, a byte, or a header of the metadata.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The place in words: a member, a header, a member with its line.
    pub what: String,
    /// The member of the archive, where it is known.
    pub entry: Option<String>,
    /// The line of the member, from 1.
    pub line: Option<u32>,
    /// The byte of the archive; for tar files of the unpacked archive.
    pub byte: Option<u64>,
    /// The text that is wrong, with what is around it.
    pub excerpt: Option<Excerpt>,
}

/// A line of text and the part of it that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The line.
    pub text: String,
    /// First character of the part, from 0.
    pub from: usize,
    /// The character after the part.
    pub to: usize,
}

/// Characters of a line that are shown.
const SHOWN: usize = 120;

impl Place {
    /// The header `fields[index]` of the metadata; `part` is what is wrong in its value, all of it when it is empty.
    pub(crate) fn field(metadata: &Metadata, index: usize, part: &str) -> Self {
        let Some(field) = metadata.fields().get(index) else { return Self::default() };
        Self {
            what: field.name.clone(),
            line: metadata.line_of(index),
            excerpt: Some(excerpt(field, part)),
            ..Self::default()
        }
    }

    /// Every header called `name` with its value.
    pub(crate) fn fields<'a>(
        metadata: &'a Metadata,
        name: &'a str,
    ) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
        let named = |(_, field): &(usize, &Field)| field.name.eq_ignore_ascii_case(name);
        let fields = metadata.fields().iter().enumerate().filter(named);
        fields.map(|(index, field)| (index, field.value.as_str()))
    }

    /// The headers called `name` that say something; `UNKNOWN` is what old tools write for nothing, and the index drops it.
    pub(crate) fn sent<'a>(
        metadata: &'a Metadata,
        name: &'a str,
    ) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
        Self::fields(metadata, name)
            .filter(|(_, value)| !value.trim().is_empty() && value.trim() != "UNKNOWN")
    }

    /// The line of a member.
    pub(crate) fn line(entry: &str, line: usize) -> Self {
        Self {
            what: format!("{entry} line {line}"),
            entry: Some(entry.to_owned()),
            line: u32::try_from(line).ok(),
            ..Self::default()
        }
    }

    /// A byte of the archive, in words of the message.
    pub(crate) fn byte(offset: u64) -> Self {
        Self { byte: Some(offset), ..Self::default() }
    }

    /// Whether it says nothing.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The first line of a header with the wrong part in it.
fn excerpt(field: &Field, part: &str) -> Excerpt {
    let value = field.value.lines().next().unwrap_or_default();
    let text: String = format!("{}: {value}", field.name).chars().take(SHOWN).collect();
    let length = text.chars().count();
    let begin = field.name.chars().count() + 2;
    let found = if part.is_empty() { None } else { value.find(part) };
    let from = begin + found.map_or(0, |at| value[..at].chars().count());
    let to = found.map_or(length, |_| from + part.chars().count());
    Excerpt { text, from: from.min(length), to: to.clamp(from.min(length), length) }
}

impl From<&str> for Place {
    fn from(what: &str) -> Self {
        Self { what: what.to_owned(), ..Self::default() }
    }
}

impl From<&String> for Place {
    fn from(what: &String) -> Self {
        Self::from(what.as_str())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}
