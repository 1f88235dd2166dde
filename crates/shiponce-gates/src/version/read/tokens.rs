//! Python source as tokens, as far as finding a literal needs it: strings, comments and brackets are understood, so
//! a version inside a comment or a docstring is never taken for one.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name or keyword.
    Name,
    /// A string literal whose value is the text between its quotes.
    Text,
    /// A number.
    Number,
    /// An operator or bracket.
    Op,
    /// The end of a statement.
    Newline,
    /// A string that is bytes, formatted or has escapes: its value is not its text.
    Opaque,
}

/// One token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token<'t> {
    pub(crate) kind: Kind,
    pub(crate) text: &'t str,
    pub(crate) line: u32,
    /// How many brackets are open around it; a bracket itself counts as outside.
    pub(crate) depth: u32,
    /// Whether it stands in the first column.
    pub(crate) at_margin: bool,
}

impl Token<'_> {
    pub(crate) fn is_op(&self, text: &str) -> bool {
        self.kind == Kind::Op && self.text == text
    }

    pub(crate) fn is_name(&self, text: &str) -> bool {
        self.kind == Kind::Name && self.text == text
    }
}

struct Lexer<'t> {
    source: &'t str,
    at: usize,
    line: u32,
    line_start: usize,
    depth: u32,
    tokens: Vec<Token<'t>>,
}

/// The tokens of a source. Text that is no Python gives some tokens and never an error.
pub(crate) fn tokens(source: &str) -> Vec<Token<'_>> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut lexer = Lexer { source, at: 0, line: 1, line_start: 0, depth: 0, tokens: Vec::new() };
    while let Some(byte) = lexer.byte(0) {
        lexer.step(byte);
    }
    let end = lexer.at;
    lexer.push(Kind::Newline, end, end);
    lexer.tokens
}

fn in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

impl<'t> Lexer<'t> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.source.as_bytes().get(self.at + ahead).copied()
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        let text = self.source.get(start..end).unwrap_or_default();
        let at_margin = start == self.line_start;
        self.tokens.push(Token { kind, text, line: self.line, depth: self.depth, at_margin });
    }

    fn end_line(&mut self) {
        self.at += 1;
        self.line += 1;
        self.line_start = self.at;
    }

    fn step(&mut self, byte: u8) {
        match byte {
            b'\n' => {
                if self.depth == 0 {
                    self.push(Kind::Newline, self.at, self.at);
                }
                self.end_line();
            }
            b'#' => self.at += self.source[self.at..].find('\n').unwrap_or(self.source.len() - self.at),
            b'\\' => {
                self.at += 1;
                if self.byte(0) == Some(b'\r') {
                    self.at += 1;
                }
                if self.byte(0) == Some(b'\n') {
                    self.end_line();
                }
            }
            b'\'' | b'"' => self.string(self.at, ""),
            _ if byte.is_ascii_digit() => self.word(Kind::Number, |byte| in_name(byte) || byte == b'.'),
            _ if in_name(byte) => self.name(),
            _ if byte.is_ascii_whitespace() || byte.is_ascii_control() => self.at += 1,
            _ => self.operator(byte),
        }
    }

    fn word(&mut self, kind: Kind, inside: impl Fn(u8) -> bool) {
        let start = self.at;
        while self.byte(0).is_some_and(&inside) {
            self.at += 1;
        }
        self.push(kind, start, self.at);
    }

    fn name(&mut self) {
        let start = self.at;
        let mut end = start;
        while self.source.as_bytes().get(end).copied().is_some_and(in_name) {
            end += 1;
        }
        let prefix = &self.source[start..end];
        let quoted = matches!(self.source.as_bytes().get(end), Some(b'\'' | b'"'));
        if quoted && prefix.len() <= 2 && prefix.bytes().all(|byte| b"rRbBuUfFtT".contains(&byte)) {
            self.at = end;
            self.string(start, prefix);
        } else {
            self.word(Kind::Name, in_name);
        }
    }

    /// A string whose quotes begin here; `start` is where its prefix begins.
    fn string(&mut self, start: usize, prefix: &str) {
        let rest = &self.source[self.at..];
        let quote = &rest[..1];
        let triple = quote.repeat(3);
        let quotes = if rest.starts_with(&triple) { triple } else { quote.to_owned() };
        let (line, line_start) = (self.line, self.line_start);
        self.at += quotes.len();
        let begin = self.at;
        let mut plain = prefix.bytes().all(|byte| b"rRuU".contains(&byte));
        loop {
            match self.byte(0) {
                None => break,
                Some(b'\n') if quotes.len() == 1 => break,
                Some(b'\n') => self.end_line(),
                Some(b'\\') => {
                    plain = false;
                    self.at += 1;
                    match self.byte(0) {
                        Some(b'\n') => self.end_line(),
                        Some(_) => self.at += 1,
                        None => {}
                    }
                }
                Some(_) if self.source.as_bytes()[self.at..].starts_with(quotes.as_bytes()) => break,
                Some(_) => self.at += 1,
            }
        }
        let text = self.source.get(begin..self.at).unwrap_or_default();
        if self.byte(0).is_some_and(|byte| byte != b'\n') {
            self.at += quotes.len();
        }
        let kind = if plain { Kind::Text } else { Kind::Opaque };
        let at_margin = start == line_start;
        self.tokens.push(Token { kind, text, line, depth: self.depth, at_margin });
    }

    fn operator(&mut self, byte: u8) {
        let start = self.at;
        // `==`, `+=`, `:=` and the like are no assignments of a literal.
        let two = self.byte(1) == Some(b'=') && b"=!<>:+-*/%&|^@".contains(&byte);
        self.at += if two { 2 } else { 1 };
        if b")]}".contains(&byte) {
            self.depth = self.depth.saturating_sub(1);
        }
        self.push(Kind::Op, start, self.at);
        if b"([{".contains(&byte) {
            self.depth += 1;
        }
    }
}
