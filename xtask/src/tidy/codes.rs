//! A page per error code, and no page without one.

use std::collections::BTreeMap;

use regex::Regex;

use super::source::line_of;
use super::{Finding, tree::Tree};

/// The table of codes: rows of `Variant "slug" Exit "title";`.
const TABLE: &str = "crates/shiponce-api/src/error_code.rs";

/// Where the pages are.
const PAGES: &str = "docs/errors/";

/// Codes without a page, pages without a code, pages that forget to name their code.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(table) = tree.text(TABLE) else {
        return vec![Finding::new(TABLE, 1, "the table of error codes is missing")];
    };
    let codes = codes(table);
    let mut findings = Vec::new();
    if codes.is_empty() {
        findings.push(Finding::new(TABLE, 1, "no rows of the form `Variant \"slug\" Exit \"title\";`"));
    }
    for (slug, line) in &codes {
        let page = format!("{PAGES}{slug}.md");
        match tree.text(&page) {
            None => findings.push(Finding::new(TABLE, *line, format!("`{slug}` has no page {page}"))),
            Some(text)
                if !text
                    .lines()
                    .next()
                    .is_some_and(|first| first.starts_with('#') && first.contains(slug.as_str())) =>
            {
                findings.push(Finding::new(
                    page,
                    1,
                    format!("must begin with a heading that names `{slug}`"),
                ));
            }
            Some(_) => {}
        }
    }
    for (path, _) in tree.under(PAGES, ".md") {
        let slug = path.trim_start_matches(PAGES).trim_end_matches(".md");
        if !codes.contains_key(slug) && !matches!(slug, "README" | "index") {
            findings.push(Finding::new(path, 1, format!("no code `{slug}` in {TABLE}")));
        }
    }
    findings
}

fn codes(table: &str) -> BTreeMap<String, usize> {
    let Ok(row) = Regex::new(r#"(?m)^\s*[A-Z]\w+\s+"([a-z][a-z0-9-]*)"\s+[A-Z]\w+\s+""#) else {
        return BTreeMap::new();
    };
    row.captures_iter(table)
        .filter_map(|found| found.get(1).map(|slug| (slug.as_str().to_owned(), line_of(table, slug.start()))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &str = "error_codes! {\n    NoProject \"no-project\" Usage \"There is none.\";\n    Usage \"usage\" Usage \"No.\";\n}\n";

    fn messages(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn codes_and_pages_match() {
        let good = [
            (TABLE, ROWS),
            ("docs/errors/no-project.md", "# no-project\n"),
            ("docs/errors/usage.md", "# `usage`\n"),
        ];
        assert_eq!(messages(&good), Vec::<String>::new());
    }

    #[test]
    fn a_code_without_a_page_is_found() {
        let found = messages(&[(TABLE, ROWS), ("docs/errors/usage.md", "# usage")]);
        assert_eq!(found, ["`no-project` has no page docs/errors/no-project.md"]);
    }

    #[test]
    fn a_page_without_a_code_is_found() {
        let found = messages(&[
            (TABLE, ROWS),
            ("docs/errors/no-project.md", "# no-project"),
            ("docs/errors/usage.md", "# something else"),
            ("docs/errors/gone.md", "# gone"),
        ]);
        assert_eq!(
            found,
            [
                "must begin with a heading that names `usage`",
                "no code `gone` in crates/shiponce-api/src/error_code.rs"
            ]
        );
    }

    #[test]
    fn an_empty_table_is_found() {
        assert_eq!(messages(&[]), ["the table of error codes is missing"]);
        assert!(messages(&[(TABLE, "")])[0].starts_with("no rows"));
    }
}
