//! A small HTML tokenizer: tags with attributes and the text between them.
//!
//! Simple pages are written by many programs, so this follows what browsers do rather than what is valid: unquoted
//! attributes, missing values, upper case, comments and raw text elements. It never fails; a broken end of the
//! document simply ends the tokens.

use std::borrow::Cow;

use super::entities::unescape;

/// One piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// `<name attribute=value …>`; the name and the attribute names are in lower case.
    Start { name: String, attributes: Vec<(String, Cow<'a, str>)> },
    /// `</name>`, in lower case.
    End(String),
    /// Text with character references resolved; the content of `<script>` and `<style>` is not among it.
    Text(Cow<'a, str>),
    /// `<!-- … -->`, without the dashes.
    Comment(&'a str),
}

impl Token<'_> {
    /// The value of an attribute; empty text when it has none.
    pub(crate) fn attribute(&self, wanted: &str) -> Option<&str> {
        match self {
            Self::Start { attributes, .. } => {
                attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_ref())
            }
            Self::End(_) | Self::Text(_) | Self::Comment(_) => None,
        }
    }
}

/// The pieces of a document, in order.
#[derive(Debug, Clone)]
pub(crate) struct Tokens<'a> {
    rest: &'a str,
    /// The element whose content is raw text, after its start tag.
    raw: Option<&'static str>,
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(document: &'a str) -> Self {
        Self { rest: document, raw: None }
    }

    fn skip_raw(&mut self, element: &str) {
        let end = find_end_tag(self.rest, element).unwrap_or(self.rest.len());
        self.rest = &self.rest[end..];
    }

    fn text(&mut self) -> Token<'a> {
        // A `<` that starts no markup is text, as in `<3`.
        let end =
            self.rest.bytes().enumerate().position(|(at, b)| b == b'<' && starts_markup(&self.rest[at..]));
        let (text, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        Token::Text(unescape(text))
    }

    /// `<!…>`, `<?…>`: a comment gives a token, the others nothing.
    fn declaration(&mut self) -> Option<Token<'a>> {
        if let Some(after) = self.rest.strip_prefix("<!--") {
            let (comment, rest) = after.split_once("-->").unwrap_or((after, ""));
            self.rest = rest;
            return Some(Token::Comment(comment));
        }
        self.rest = self.rest.split_once('>').map_or("", |(_, rest)| rest);
        None
    }

    fn end_tag(&mut self) -> Token<'a> {
        let (tag, rest) = self.rest[2..].split_once('>').unwrap_or((&self.rest[2..], ""));
        self.rest = rest;
        let name = tag.split(|c: char| c.is_ascii_whitespace() || c == '/').next().unwrap_or_default();
        Token::End(name.to_ascii_lowercase())
    }

    fn start_tag(&mut self) -> Token<'a> {
        let body = &self.rest[1..];
        let end = body.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').unwrap_or(body.len());
        let name = body[..end].to_ascii_lowercase();
        let mut scan = Scan { rest: &body[end..] };
        let mut attributes = Vec::new();
        while let Some(attribute) = scan.attribute() {
            attributes.push(attribute);
        }
        self.rest = scan.rest;
        self.raw = ["script", "style"].into_iter().find(|raw| *raw == name);
        Token::Start { name, attributes }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(element) = self.raw.take() {
            self.skip_raw(element);
        }
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if !starts_markup(self.rest) {
                return Some(self.text());
            }
            match self.rest.as_bytes().get(1) {
                Some(b'!' | b'?') => {
                    if let Some(token) = self.declaration() {
                        return Some(token);
                    }
                }
                Some(b'/') => return Some(self.end_tag()),
                _ => return Some(self.start_tag()),
            }
        }
    }
}

fn starts_markup(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first() == Some(&b'<')
        && match bytes.get(1) {
            Some(b'!' | b'?') => true,
            Some(b'/') => bytes.get(2).is_some_and(u8::is_ascii_alphabetic),
            Some(byte) => byte.is_ascii_alphabetic(),
            None => false,
        }
}

fn find_end_tag(text: &str, element: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let same = |at: usize| {
        let name = bytes.get(at + 2..at + 2 + element.len());
        bytes.get(at + 1) == Some(&b'/')
            && name.is_some_and(|name| name.eq_ignore_ascii_case(element.as_bytes()))
    };
    (0..bytes.len()).find(|at| bytes[*at] == b'<' && same(*at))
}

/// The inside of a start tag.
struct Scan<'a> {
    rest: &'a str,
}

impl<'a> Scan<'a> {
    /// The next attribute; `None` after the closing `>` or at the end of the document.
    fn attribute(&mut self) -> Option<(String, Cow<'a, str>)> {
        self.rest = self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(rest) = self.rest.strip_prefix('>') {
            self.rest = rest;
            return None;
        }
        if self.rest.is_empty() {
            return None;
        }
        // A leading `=` belongs to the name, as in browsers; otherwise this would not move forward.
        let from = usize::from(self.rest.starts_with('='));
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/');
        let end = self.rest[from..].find(ends).map_or(self.rest.len(), |at| at + from);
        let name = self.rest[..end].to_ascii_lowercase();
        self.rest = self.rest[end..].trim_start_matches(|c: char| c.is_ascii_whitespace());
        let Some(after) = self.rest.strip_prefix('=') else { return Some((name, Cow::Borrowed(""))) };
        self.rest = after.trim_start_matches(|c: char| c.is_ascii_whitespace());
        Some((name, unescape(self.value())))
    }

    fn value(&mut self) -> &'a str {
        for quote in ['"', '\''] {
            if let Some(after) = self.rest.strip_prefix(quote) {
                let (value, rest) = after.split_once(quote).unwrap_or((after, ""));
                self.rest = rest;
                return value;
            }
        }
        let end = self.rest.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(self.rest.len());
        let (value, rest) = self.rest.split_at(end);
        self.rest = rest;
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(document: &str) -> Vec<String> {
        Tokens::new(document)
            .map(|token| match &token {
                Token::Start { name, attributes } => {
                    let list = attributes.iter().map(|(name, value)| format!(" {name}={value:?}"));
                    format!("<{name}{}>", list.collect::<String>())
                }
                Token::End(name) => format!("</{name}>"),
                Token::Text(text) => format!("{text:?}"),
                Token::Comment(text) => format!("<!{text}>"),
            })
            .collect()
    }

    #[test]
    fn reads_attributes_in_every_spelling() {
        let tokens =
            shown("<A HREF=x.whl#sha256=0 data-yanked  title = 'a > b' data-r=\"&gt;=3\" / >t&amp;</a >");
        assert_eq!(
            tokens,
            ["<a href=\"x.whl#sha256=0\" data-yanked=\"\" title=\"a > b\" data-r=\">=3\">", "\"t&\"", "</a>"]
        );
    }

    #[test]
    fn comments_doctypes_and_raw_text_hide_their_content() {
        let document =
            "<!DOCTYPE html><!-- <a href=no> --><script>if (a</b) '<a href=no>'</SCRIPT><a href=yes>1 < 2 <3";
        assert_eq!(
            shown(document),
            ["<! <a href=no> >", "<script>", "</script>", "<a href=\"yes\">", "\"1 < 2 <3\""]
        );
    }

    #[test]
    fn broken_ends_end_the_document() {
        for document in
            ["<", "<a", "<a href", "<a href=", "<a href='", "<!--", "</a", "<script>", "<a =", "a<"]
        {
            assert!(shown(document).len() <= 2, "{document}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(document in any::<String>()) {
            prop_assert!(shown(&document).len() <= document.len());
        }

        #[test]
        fn never_panics_on_markup(document in "[<>/=!'\"a -]{0,60}") {
            prop_assert!(shown(&document).len() <= document.len());
        }
    }
}
