//! Whether a description renders.
//!
//! The server renders reStructuredText with warnings as errors. A whole reStructuredText parser is not
//! worth having here; these are its most common complaints, and only those that are certain.

use super::form::Form;
use crate::address::Addresses;
use crate::answer::Refusal;

const DIRECTIVES: [&str; 45] = [
    "admonition",
    "attention",
    "caution",
    "class",
    "code",
    "code-block",
    "compound",
    "container",
    "contents",
    "csv-table",
    "danger",
    "date",
    "default-role",
    "epigraph",
    "error",
    "figure",
    "footer",
    "header",
    "highlights",
    "hint",
    "image",
    "important",
    "line-block",
    "list-table",
    "math",
    "meta",
    "note",
    "parsed-literal",
    "pull-quote",
    "replace",
    "restructuredtext-test-directive",
    "role",
    "rst-class",
    "rubric",
    "section-numbering",
    "sectnum",
    "sidebar",
    "sourcecode",
    "table",
    "target-notes",
    "tip",
    "title",
    "topic",
    "unicode",
    "warning",
];

pub(super) fn check(form: &Form, addresses: &Addresses) -> Result<(), Refusal> {
    let Some(text) = form.one("description").filter(|t| *t != "UNKNOWN") else { return Ok(()) };
    let kind = form.one("description_content_type");
    let rst = kind.is_none_or(|k| k.trim_start().to_ascii_lowercase().starts_with("text/x-rst"));
    if !rst || renders(text) {
        return Ok(());
    }
    let how = match kind {
        Some(_) => "for 'text/x-rst'",
        None => "in the default format of reStructuredText",
    };
    let help = addresses.help("description-content-type");
    Err(Refusal::bad(format!("The description failed to render {how}. See {help} for more information.")))
}

fn renders(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.iter().enumerate().all(|(at, line)| !short_underline(&lines, at) && !unknown_directive(line))
}

/// A section title longer than the line under it.
fn short_underline(lines: &[&str], at: usize) -> bool {
    let line = lines[at];
    let Some(mark) = line.chars().next().filter(char::is_ascii_punctuation) else { return false };
    // Shorter ones are taken for text.
    if line.len() < 4 || !line.chars().all(|c| c == mark) || at == 0 {
        return false;
    }
    let title = lines[at - 1];
    let starts_paragraph = at == 1 || lines[at - 2].is_empty();
    let is_text = title.chars().next().is_some_and(char::is_alphanumeric);
    is_text && starts_paragraph && title.chars().count() > line.len()
}

fn unknown_directive(line: &str) -> bool {
    let Some(name) = line.strip_prefix(".. ").and_then(|rest| rest.split_once("::")).map(|(name, _)| name)
    else {
        return false;
    };
    let word = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    word && !DIRECTIVES.contains(&name.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::renders;

    /// Each verdict is what `readme_renderer` gives.
    #[test]
    fn verdicts_are_docutils_own() {
        for (text, good) in [
            ("Heading\n=======\n\nText.\n", true),
            ("Heading\n====\n", false),
            ("Heading\n===\n", true),
            (".. toctree::\n", false),
            (".. raw:: html\n\n   x\n", false),
            (".. code-block:: python\n\n   x\n", true),
            (".. a comment: nothing\n", true),
            ("Some table\n\n====  ====\na     b\n====  ====\n", true),
        ] {
            assert_eq!(renders(text), good, "{text:?}");
        }
    }
}
