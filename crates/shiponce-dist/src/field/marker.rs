//! Environment markers (PEP 508): `python_version < "3.9" and extra == "x"`.

/// The variables that markers may ask about, dotted old spellings included.
const VARIABLES: [&str; 20] = [
    "python_version",
    "python_full_version",
    "os_name",
    "os.name",
    "sys_platform",
    "sys.platform",
    "platform_release",
    "platform_system",
    "platform_version",
    "platform.version",
    "platform_machine",
    "platform.machine",
    "platform_python_implementation",
    "platform.python_implementation",
    "python_implementation",
    "implementation_name",
    "implementation_version",
    "extra",
    "extras",
    "dependency_groups",
];

/// How deep parentheses may nest.
const DEEPEST: usize = 64;

/// What is wrong with the text behind `;`.
pub(super) fn marker_problem(text: &str) -> Option<String> {
    let mut tokens = match tokens(text) {
        Ok(tokens) => tokens.into_iter().peekable(),
        Err(problem) => return Some(problem),
    };
    match either(&mut tokens, 0) {
        Err(problem) => Some(problem),
        Ok(()) => tokens.next().map(|token| format!("`{}` stands where the marker ends", token.shown())),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    /// `and`, `or`.
    Join,
    /// A comparison, `in`, `not in`.
    Compare,
    /// A variable or a quoted text.
    Operand,
    Other(String),
}

impl Token {
    fn shown(&self) -> &str {
        match self {
            Self::Open => "(",
            Self::Close => ")",
            Self::Join => "and",
            Self::Compare => "==",
            Self::Operand => "a value",
            Self::Other(text) => text,
        }
    }
}

type Tokens = std::iter::Peekable<std::vec::IntoIter<Token>>;

fn either(tokens: &mut Tokens, depth: usize) -> Result<(), String> {
    loop {
        if tokens.peek() == Some(&Token::Open) {
            tokens.next();
            if depth == DEEPEST {
                return Err("parentheses nest too deep".to_owned());
            }
            either(tokens, depth + 1)?;
            expect(tokens, &Token::Close, "a parenthesis is not closed")?;
        } else {
            expect(tokens, &Token::Operand, "a variable or a quoted text is missing")?;
            expect(tokens, &Token::Compare, "a comparison is missing")?;
            expect(tokens, &Token::Operand, "a variable or a quoted text is missing")?;
        }
        if tokens.peek() != Some(&Token::Join) {
            return Ok(());
        }
        tokens.next();
    }
}

fn expect(tokens: &mut Tokens, wanted: &Token, problem: &str) -> Result<(), String> {
    match tokens.next() {
        Some(token) if token == *wanted => Ok(()),
        Some(Token::Other(text)) => Err(format!("the marker has `{text}`: {problem}")),
        _ => Err(format!("the marker is incomplete: {problem}")),
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '\'' | '"' => {
                let end = rest[1..].find(first).ok_or("a quotation mark is not closed")?;
                (Token::Operand, end + 2)
            }
            '=' | '!' | '<' | '>' | '~' => comparison(rest),
            _ => word(rest),
        };
        tokens.push(token);
        rest = &rest[length..];
    }
}

fn comparison(rest: &str) -> (Token, usize) {
    let found = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"].into_iter().find(|op| rest.starts_with(op));
    found.map_or_else(|| (Token::Other(rest[..1].to_owned()), 1), |op| (Token::Compare, op.len()))
}

fn word(rest: &str) -> (Token, usize) {
    let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(rest.len());
    let end = if end == 0 { rest.chars().next().map_or(0, char::len_utf8) } else { end };
    let word = &rest[..end];
    let token = match word {
        "and" | "or" => Token::Join,
        "in" => Token::Compare,
        "not" => {
            let after = rest[end..].trim_start_matches([' ', '\t']);
            let blanks = rest.len() - end - after.len();
            let is_in = after.strip_prefix("in").is_some_and(|more| !more.starts_with(char::is_alphanumeric));
            if blanks > 0 && is_in {
                return (Token::Compare, end + blanks + 2);
            }
            Token::Other(word.to_owned())
        }
        word if VARIABLES.contains(&word) => Token::Operand,
        word => Token::Other(word.to_owned()),
    };
    (token, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers() {
        for good in [
            "python_version < '3.9'",
            "extra == 'x' and (os_name == \"nt\" or sys.platform != 'win32')",
            " 'linux' in sys_platform",
            "platform_machine not  in 'x86 arm'",
            "((extra=='a'))",
            "python_version~='3.9'or'a'=='a'",
            "'a' == 'b'",
        ] {
            assert_eq!(marker_problem(good), None, "{good}");
        }
        for bad in [
            "",
            "python_version",
            "'x'",
            "extra = 'x'",
            "extra == x",
            "extra == 'x' and",
            "(extra == 'x'",
            "extra == 'x')",
            "extra == 'x",
            "unknown == 'x'",
            "extra notin 'x'",
            "extra not 'x'",
            "extra == 'x' extra == 'y'",
            "()",
        ] {
            assert!(marker_problem(bad).is_some(), "{bad}");
        }
        assert!(marker_problem(&"(".repeat(100_000)).is_some());
    }
}
