//! Whether the description renders.
//!
//! PyPI renders reStructuredText with every warning of docutils as an error. A whole parser is not worth having: here
//! are the complaints that are certain from the structure of the text, and nothing that could be wrong.

use super::place::Place;
use super::{Excerpt, Family, Rule, Scope, Severity};

/// The structure of the description is one that renders.
pub(super) static RULE: Rule = Rule {
    id: "description-render",
    title: "a description in reStructuredText renders",
    severity: Severity::Rejected,
    source: "the upload view: `The description failed to render …`; docutils with `halt_level` 2",
    family: Family::Description,
    scope: Scope::Pypi,
    hint: "mend the text, or state its format as `content-type` of `readme` in pyproject.toml",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        let Some(text) = metadata.description().filter(|text| text.trim() != "UNKNOWN") else { return };
        let kind = metadata.description_content_type();
        let is_rst = kind.is_none_or(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/x-rst"));
        if !is_rst {
            return;
        }
        let format =
            if kind.is_some() { "" } else { ", and without a content type it is read as reStructuredText" };
        for problem in problems(text) {
            let place = Place {
                what: format!("description line {}", problem.line),
                excerpt: Some(problem.excerpt),
                ..Place::default()
            };
            report.rejected(place, format!("{}{format}", problem.message));
        }
    },
};

struct Problem {
    line: usize,
    message: String,
    excerpt: Excerpt,
}

/// The directives of docutils 0.22 that are switched on, and those of `readme_renderer`.
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
    "sectnum",
    "section-numbering",
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

fn problems(text: &str) -> Vec<Problem> {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let begins = index == 0 || lines[index - 1].is_empty();
        let directive = directive(line).filter(|_| begins);
        let message = match (short_underline(&lines, index), directive) {
            (true, _) => "the line under a title is shorter than the title".to_owned(),
            (_, Some("raw")) => "the directive `raw` is switched off".to_owned(),
            (_, Some("include")) => "the directive `include` is switched off".to_owned(),
            (_, Some(name)) => format!("there is no directive `{name}`"),
            _ => continue,
        };
        let shown: String = line.chars().take(120).collect();
        let to = shown.chars().count();
        found.push(Problem { line: index + 1, message, excerpt: Excerpt { text: shown, from: 0, to } });
    }
    found
}

/// A title of a section with too short a line under it. Shorter lines than four are taken for text, and characters that
/// are wider or narrower than others are not counted.
fn short_underline(lines: &[&str], index: usize) -> bool {
    let line = lines[index];
    let Some(mark) = line.chars().next().filter(char::is_ascii_punctuation) else { return false };
    if line.len() < 4 || !line.chars().all(|c| c == mark) {
        return false;
    }
    let Some(title) = index.checked_sub(1).map(|above| lines[above]) else { return false };
    let begins = index == 1 || lines[index - 2].is_empty();
    let plain = title.is_ascii() && title.starts_with(|c: char| c.is_ascii_alphanumeric());
    begins && plain && title.len() > line.len()
}

/// The name of a directive that is not there or switched off, at the margin.
fn directive(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix(".. ")?.trim_start().split_once("::")?;
    let word = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let known = DIRECTIVES.contains(&name.to_ascii_lowercase().as_str());
    (word && !known).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certain_is_told() {
        for good in [
            "Heading\n=======\n\nText.\n",
            "Heading\n===\n",
            "Text\nlong line of text\n====\n",
            "====  ====\na     b\n====  ====\n",
            ".. code-block:: python\n\n   x\n",
            ".. a comment: nothing\n",
            ".. |name| image:: x\n",
            "Größer\n=====\n",
            "::\n\n  Heading\n  ====\n",
        ] {
            assert!(problems(good).is_empty(), "{good}");
        }
        let told =
            |text: &str| problems(text).iter().map(|p| (p.line, p.message.clone())).collect::<Vec<_>>();
        assert_eq!(
            told("Heading\n====\n"),
            [(2, "the line under a title is shorter than the title".to_owned())]
        );
        assert_eq!(told("x\n\n.. toctree::\n"), [(3, "there is no directive `toctree`".to_owned())]);
        assert_eq!(told(".. raw:: html\n"), [(1, "the directive `raw` is switched off".to_owned())]);
    }
}
