//! Literals in Python source: what a module assigns at its top level, and what `setup(…)` is called with.

use super::Found;
use super::tokens::{Kind, Token, tokens};

/// The value of an assignment or an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// A string, or a tuple of numbers and strings joined with dots, as setuptools joins them.
    Literal(String),
    /// A name that stands for it.
    Name(String),
    /// Something that has to be run.
    Computed,
}

/// An assignment that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assigned {
    pub(crate) line: u32,
    pub(crate) value: Value,
}

impl Assigned {
    pub(crate) fn literal(&self) -> Option<Found> {
        match &self.value {
            Value::Literal(text) => Some(Found { text: text.clone(), line: self.line }),
            Value::Name(_) | Value::Computed => None,
        }
    }
}

/// The first assignment to `name` at the top level of a module: plain, chained (`a = b = "1"`) or annotated.
/// Assignments inside `if` or `try` depend on the run and are not looked at.
pub(crate) fn assignment(source: &str, name: &str) -> Option<Assigned> {
    tokens(source).split(|token| token.kind == Kind::Newline).find_map(|statement| assigned(statement, name))
}

fn assigned(statement: &[Token<'_>], name: &str) -> Option<Assigned> {
    let first = statement.first().filter(|token| token.at_margin && token.kind == Kind::Name)?;
    let mut targets = vec![first.text];
    let mut rest = &statement[1..];
    if rest.first()?.is_op(":") {
        let equals = rest.iter().position(|token| token.depth == 0 && token.is_op("="))?;
        rest = &rest[equals..];
    }
    loop {
        let [equals, after @ ..] = rest else { return None };
        if !equals.is_op("=") {
            return None;
        }
        match after {
            [target, next, ..] if target.kind == Kind::Name && next.is_op("=") => {
                targets.push(target.text);
                rest = &after[1..];
            }
            _ => {
                let line = after.first()?.line;
                return targets.contains(&name).then(|| Assigned { line, value: value(after) });
            }
        }
    }
}

fn value(tokens: &[Token<'_>]) -> Value {
    match tokens {
        [one] if one.kind == Kind::Text => Value::Literal(one.text.to_owned()),
        [one] if one.kind == Kind::Name => Value::Name(one.text.to_owned()),
        [open, inner @ .., close]
            if (open.is_op("(") && close.is_op(")")) || (open.is_op("[") && close.is_op("]")) =>
        {
            sequence(inner)
        }
        _ => Value::Computed,
    }
}

/// `1, 2, "0rc1"` and `("1.0")`.
fn sequence(inner: &[Token<'_>]) -> Value {
    let mut parts = Vec::new();
    for (index, token) in inner.iter().enumerate() {
        match (index % 2, token.kind) {
            (0, Kind::Text | Kind::Number) => parts.push(token.text),
            (1, Kind::Op) if token.text == "," => {}
            _ => return Value::Computed,
        }
    }
    if parts.is_empty() { Value::Computed } else { Value::Literal(parts.join(".")) }
}

/// An argument of the call of `setup` in a `setup.py`. A name is followed to its assignment in the same file.
pub(crate) fn setup_argument(source: &str, argument: &str) -> Option<Assigned> {
    let tokens = tokens(source);
    let call = tokens.windows(2).position(|pair| pair[0].is_name("setup") && pair[1].is_op("("))?;
    if call > 0 && tokens[call - 1].is_name("def") {
        return None;
    }
    let outside = tokens[call + 1].depth;
    let body = &tokens[call + 2..];
    let end = body.iter().position(|token| token.depth <= outside && token.is_op(")")).unwrap_or(body.len());
    let body = &body[..end];
    let start = body
        .windows(2)
        .position(|pair| pair[0].depth == outside + 1 && pair[0].is_name(argument) && pair[1].is_op("="))?;
    let expression = &body[start + 2..];
    let end = expression
        .iter()
        .position(|token| token.depth == outside + 1 && token.is_op(","))
        .unwrap_or(expression.len());
    let line = body[start].line;
    let value = value(&expression[..end]);
    if let Value::Name(name) = &value
        && let Some(found) = assignment(source, name)
        && matches!(found.value, Value::Literal(_))
    {
        return Some(found);
    }
    Some(Assigned { line, value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(source: &str) -> String {
        match assignment(source, "__version__") {
            None => "nothing".to_owned(),
            Some(Assigned { line, value: Value::Literal(text) }) => format!("{line}: {text}"),
            Some(Assigned { line, value }) => format!("{line}: {value:?}"),
        }
    }

    #[test]
    fn assignments_of_a_module() {
        let sources = [
            "__version__ = '1.0'",
            "\u{feff}__version__='1.0'  # __version__ = '2.0'",
            "# __version__ = '2.0'\n\"\"\"\n__version__ = '3.0'\n\"\"\"\n__version__ = \"1.0\"\n",
            "__version__: str = u\"1.0\"",
            "from typing import Final\r\n__version__: Final[str] = (\r\n  '1.0'\r\n)\r\n",
            "__version__ = version = '1.0'",
            "version = __version__ = '1.0'",
            "__version__ = (1, 2, '3rc1')",
            "__version__ = [1, 2,]",
            "__version__ = '1' '.0'",
            "__version__ = '1.0'.strip()",
            "__version__ = f'1.{x}'",
            "__version__ = b'1.0'",
            "__version__ = '1.\\x30'",
            "__version__ = _v",
            "__version__ = metadata.version('x')",
            "__version__ == '1.0'",
            "if x:\n    __version__ = '1.0'\n",
            "x = ['''\n''', \"\"\"a\"b\"\"\"]\n__version__ = \\\n  '1.0'",
            "__versions__ = '1.0'",
            "__version__",
            "__version__ = ",
        ];
        let lines: Vec<String> =
            sources.iter().map(|source| format!("{source:?} -> {}", read(source))).collect();
        insta::assert_snapshot!(lines.join("\n"), @r##"
        "__version__ = '1.0'" -> 1: 1.0
        "\u{feff}__version__='1.0'  # __version__ = '2.0'" -> 1: 1.0
        "# __version__ = '2.0'\n\"\"\"\n__version__ = '3.0'\n\"\"\"\n__version__ = \"1.0\"\n" -> 5: 1.0
        "__version__: str = u\"1.0\"" -> 1: 1.0
        "from typing import Final\r\n__version__: Final[str] = (\r\n  '1.0'\r\n)\r\n" -> 2: 1.0
        "__version__ = version = '1.0'" -> 1: 1.0
        "version = __version__ = '1.0'" -> 1: 1.0
        "__version__ = (1, 2, '3rc1')" -> 1: 1.2.3rc1
        "__version__ = [1, 2,]" -> 1: 1.2
        "__version__ = '1' '.0'" -> 1: Computed
        "__version__ = '1.0'.strip()" -> 1: Computed
        "__version__ = f'1.{x}'" -> 1: Computed
        "__version__ = b'1.0'" -> 1: Computed
        "__version__ = '1.\\x30'" -> 1: Computed
        "__version__ = _v" -> 1: Name("_v")
        "__version__ = metadata.version('x')" -> 1: Computed
        "__version__ == '1.0'" -> nothing
        "if x:\n    __version__ = '1.0'\n" -> nothing
        "x = ['''\n''', \"\"\"a\"b\"\"\"]\n__version__ = \\\n  '1.0'" -> 4: 1.0
        "__versions__ = '1.0'" -> nothing
        "__version__" -> nothing
        "__version__ = " -> nothing
        "##);
    }

    #[test]
    fn arguments_of_setup() {
        let read = |source: &str| match setup_argument(source, "version") {
            Some(Assigned { line, value }) => format!("{line}: {value:?}"),
            None => "nothing".to_owned(),
        };
        let sources = [
            "setup(name='x', version='1.0')",
            "import setuptools\nsetuptools.setup(\n  options={'version': '2', 'a': dict(version='3')},\n  version = '1.0',\n)",
            "V = '1.0'\nsetup(version=V)",
            "setup(version=find('x'), name='y')",
            "setup(version=about['__version__'])",
            "def setup(version='1.0'):\n    pass",
            "setup(name='x')",
            "setup(",
        ];
        let lines: Vec<String> =
            sources.iter().map(|source| format!("{source:?} -> {}", read(source))).collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        "setup(name='x', version='1.0')" -> 1: Literal("1.0")
        "import setuptools\nsetuptools.setup(\n  options={'version': '2', 'a': dict(version='3')},\n  version = '1.0',\n)" -> 4: Literal("1.0")
        "V = '1.0'\nsetup(version=V)" -> 1: Literal("1.0")
        "setup(version=find('x'), name='y')" -> 1: Computed
        "setup(version=about['__version__'])" -> 1: Computed
        "def setup(version='1.0'):\n    pass" -> nothing
        "setup(name='x')" -> nothing
        "setup(" -> nothing
        "#);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(source in "(?s)[a-z_='\"\\\\#()\\[\\]:, 1.\n\r\té]{0,80}") {
            assignment(&source, "a");
            setup_argument(&format!("setup({source}"), "a");
        }

        #[test]
        fn a_planted_literal_is_found(before in "[a-z]{1,5} = [0-9]{1,3}\n", text in "[0-9.]{1,8}") {
            let source = format!("{before}# x\n__version__ = '{text}'\n");
            prop_assert_eq!(assignment(&source, "__version__").unwrap().literal().unwrap(), Found { text, line: 3 });
        }
    }
}
