//! Words in angle brackets vanish from a rendered page: a browser takes them for tags.

use regex::Regex;

use super::links::without_code;
use super::source::line_of;
use super::{Finding, tree::Tree};

/// Tags outside code in Markdown; addresses such as `<https://example.org>` are links.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Ok(tag) = Regex::new(r"</?[A-Za-z][^<>@:]*>") else { return Vec::new() };
    let mut findings = Vec::new();
    for (path, text) in tree.under("", ".md") {
        let prose = without_code(text);
        for found in tag.find_iter(&prose) {
            let message = format!("`{}` would not be shown: put it into backticks", found.as_str());
            findings.push(Finding::new(path, line_of(&prose, found.start()), message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_would_vanish_is_found() {
        let tree = Tree::of(&[("a.md", "one\nupload to <Index> now\n")]);
        assert_eq!(
            check(&tree),
            [Finding::new("a.md", 2, "`<Index>` would not be shown: put it into backticks")]
        );
    }

    #[test]
    fn code_links_and_comparisons_are_fine() {
        let text = "`<name>` 1 < 2 > 1 <https://example.org/a> <a@example.org>\n\n```\n<tag>\n```\n";
        assert_eq!(check(&Tree::of(&[("a.md", text)])), []);
    }
}
