//! Every page is in the book, and every link leads somewhere.

use std::collections::BTreeSet;

use regex::Regex;

use super::source::line_of;
use super::{Finding, tree::Tree};

/// Pages of `docs/` that SUMMARY.md does not list.
pub(super) fn summary(tree: &Tree) -> Vec<Finding> {
    const SUMMARY: &str = "docs/SUMMARY.md";
    let Some(text) = tree.text(SUMMARY) else {
        return if tree.exists("docs") { vec![Finding::new(SUMMARY, 1, "missing")] } else { Vec::new() };
    };
    let listed: BTreeSet<String> =
        links(text).into_iter().filter_map(|(_, target)| Some(aim(SUMMARY, &target)?.0)).collect();
    tree.under("docs/", ".md")
        .filter(|(path, _)| *path != SUMMARY && !listed.contains(*path))
        .map(|(path, _)| {
            Finding::new(path, 1, format!("not linked from {SUMMARY}: it would not be in the book"))
        })
        .collect()
}

/// Links to files or headings that are not there.
pub(super) fn resolve(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.under("", ".md") {
        // A README of an example is read on a package index, where only absolute links work.
        for (line, target) in links(text) {
            let Some((file, anchor)) = aim(path, &target) else { continue };
            if !tree.exists(&file) {
                findings.push(Finding::new(
                    path,
                    line,
                    format!("`{target}` leads to {file}, which is not there"),
                ));
            } else if let (Some(anchor), Some(page)) = (anchor, tree.text(&file))
                && file.ends_with(".md")
                && !anchors(page).contains(&anchor)
            {
                findings.push(Finding::new(
                    path,
                    line,
                    format!("`{target}`: {file} has no heading #{anchor}"),
                ));
            }
        }
    }
    findings
}

/// The links of a page with their lines, outside code.
fn links(text: &str) -> Vec<(usize, String)> {
    let Ok(inline) = Regex::new(r"\]\(<?([^)\s>]+)>?(?:\s+[^)]*)?\)") else { return Vec::new() };
    let Ok(reference) = Regex::new(r"(?m)^\[[^\]]+\]:\s+(\S+)") else { return Vec::new() };
    let prose = without_code(text);
    inline
        .captures_iter(&prose)
        .chain(reference.captures_iter(&prose))
        .filter_map(|found| {
            found.get(1).map(|target| (line_of(&prose, target.start()), target.as_str().to_owned()))
        })
        .collect()
}

/// Markdown with fenced blocks and code spans blanked.
pub(super) fn without_code(text: &str) -> String {
    let mut fence = None;
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let mark = ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => {
                let mut inside = false;
                out.extend(line.chars().map(|c| {
                    if c == '`' {
                        inside = !inside;
                        return ' ';
                    }
                    if inside && c != '\n' { ' ' } else { c }
                }));
                continue;
            }
            _ => {}
        }
        out.push('\n');
    }
    out
}

/// The file (from the root) and the heading a link of `page` means; `None` for other sites.
fn aim(page: &str, target: &str) -> Option<(String, Option<String>)> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (file, anchor) = match target.split_once('#') {
        Some((file, anchor)) => (file, Some(anchor.to_owned())),
        None => (target, None),
    };
    if file.is_empty() {
        return Some((page.to_owned(), anchor));
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some((parts.join("/"), anchor))
}

/// The anchors of a page's headings, as mdBook and code hosts make them.
fn anchors(page: &str) -> BTreeSet<String> {
    let mut fenced = false;
    page.lines()
        .filter(|line| {
            fenced ^= line.trim_start().starts_with("```");
            !fenced && line.starts_with('#')
        })
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter_map(|c| match c {
                    ' ' => Some('-'),
                    c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
                    _ => None,
                })
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_outside_the_book_is_found() {
        let tree = Tree::of(&[
            ("docs/SUMMARY.md", "- [A](guides/a.md)"),
            ("docs/guides/a.md", ""),
            ("docs/guides/b.md", ""),
        ]);
        assert_eq!(
            summary(&tree),
            [Finding::new(
                "docs/guides/b.md",
                1,
                "not linked from docs/SUMMARY.md: it would not be in the book"
            )]
        );
        assert_eq!(summary(&Tree::of(&[("docs/a.md", "")])).len(), 1);
    }

    #[test]
    fn a_link_to_nowhere_is_found() {
        let text =
            "# A b\nsee [x](b.md), [y](../README.md#top-it), [z](gone.md)\n[w](#a-b) [v](#a-c)\n[u]: c.md\n";
        let tree = Tree::of(&[("docs/a.md", text), ("docs/b.md", ""), ("README.md", "# Top, it!")]);
        let found: Vec<_> =
            resolve(&tree).into_iter().map(|finding| (finding.line, finding.message)).collect();
        assert_eq!(
            found,
            [
                (2, "`gone.md` leads to docs/gone.md, which is not there".to_owned()),
                (3, "`#a-c`: docs/a.md has no heading #a-c".to_owned()),
                (4, "`c.md` leads to docs/c.md, which is not there".to_owned()),
            ]
        );
    }

    #[test]
    fn code_holds_no_links() {
        let text = "`[a](b.md)`\n```\n[c](d.md)\n```\n[e](https://example.org/f.md)\n";
        assert_eq!(resolve(&Tree::of(&[("a.md", text)])), []);
    }
}
