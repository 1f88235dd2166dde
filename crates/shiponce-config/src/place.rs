//! Places in configuration files: line, column and the lines shown under a message.

use std::fmt;
use std::ops::Range;

use crate::mask::{holds_secret, may_show_line};

/// A place in a file, with what is shown of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file as it is named to the user.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted in characters from 1.
    pub column: usize,
    /// The line and a marker under the place, free of secrets; empty when the line itself may be one.
    pub excerpt: Vec<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A value with the place it was typed at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct At<T> {
    /// The value.
    pub(crate) value: T,
    /// Where it stands.
    pub(crate) at: Place,
}

/// The text of a file and the name it is shown under.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) name: String,
    pub(crate) content: String,
}

impl Text {
    /// The place of a byte range. Ranges outside the text are moved inside it.
    pub(crate) fn place(&self, span: Range<usize>) -> Place {
        self.describe(span, false)
    }

    /// The place of a key whose value must not be shown.
    pub(crate) fn place_of_key(&self, span: Range<usize>) -> Place {
        self.describe(span, true)
    }

    fn describe(&self, span: Range<usize>, hide_value: bool) -> Place {
        let start = floor_boundary(&self.content, span.start);
        let end = floor_boundary(&self.content, span.end.max(start));
        let before = &self.content[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_end = self.content[start..].find('\n').map_or(self.content.len(), |at| start + at);
        let whole = &self.content[line_start..line_end];
        let column = before[line_start..].chars().count();
        let width = self.content[start..end.min(line_end)].chars().count().max(1);
        let line = before.matches('\n').count() + 1;
        let shown = if hide_value {
            let key = &self.content[line_start..end.min(line_end)];
            Some(format!("{key}{}", if whole.contains('=') { " = …" } else { "" }))
        } else {
            may_show_line(whole).then(|| whole.to_owned())
        };
        let excerpt = shown
            .filter(|text| !holds_secret(text))
            .map_or_else(Vec::new, |text| frame(line, text.trim_end(), column, width));
        Place { file: self.name.clone(), line, column: column + 1, excerpt }
    }
}

/// The longest line that is shown; a file on one line would fill the screen.
const WIDTH_MAX: usize = 160;

fn frame(line: usize, text: &str, column: usize, width: usize) -> Vec<String> {
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    let shown = text.chars().count();
    if shown > WIDTH_MAX {
        return Vec::new();
    }
    let marker = "^".repeat(width.min(shown.saturating_sub(column)).max(1));
    vec![format!(" {number} | {text}"), format!(" {margin} | {}{marker}", " ".repeat(column))]
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::Text;

    fn shown(content: &str, needle: &str) -> String {
        let text = Text { name: "shiponce.toml".to_owned(), content: content.to_owned() };
        let start = content.find(needle).unwrap();
        let place = text.place(start..start + needle.len());
        format!("{place}\n{}", place.excerpt.join("\n"))
    }

    #[test]
    fn the_marker_stands_under_the_characters_and_not_under_the_bytes() {
        insta::assert_snapshot!(shown("a = 1\nä = \"öß\" # x\n", "\"öß\""), @r#"
        shiponce.toml:2:5
         2 | ä = "öß" # x
           |     ^^^^
        "#);
    }

    #[test]
    fn a_range_beyond_the_end_is_the_end() {
        let text = Text { name: "x".to_owned(), content: "é".to_owned() };
        assert_eq!(text.place(1..99).to_string(), "x:1:1");
        assert_eq!(text.place(99..120).to_string(), "x:1:2");
        assert!(Text { name: "x".to_owned(), content: "y".repeat(1000) }.place(3..4).excerpt.is_empty());
    }
}
