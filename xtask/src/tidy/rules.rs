//! A section per rule of `check dist`, and no section without a rule.

use std::collections::BTreeMap;

use regex::Regex;

use super::source::line_of;
use super::{Finding, tree::Tree};

/// Where rules are declared: `id: "RULE"` or `rule("RULE", ...)`.
const SOURCES: &str = "crates/shiponce-dist/src/";

/// Where they are explained, under `## RULE`.
const PAGES: &str = "docs/rules/";

/// Rules without a section, and sections without a rule.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Ok(declared) = Regex::new(r#"(?m)(?:^\s*id: |\brule\(\s*)"([a-z][a-z0-9-]*)","#) else {
        return vec![Finding::new(SOURCES, 1, "the pattern of rules is wrong")];
    };
    let mut rules = BTreeMap::new();
    for (path, text) in tree.under(SOURCES, ".rs") {
        for id in declared.captures_iter(text).filter_map(|found| found.get(1)) {
            rules.insert(id.as_str().to_owned(), (path.to_owned(), line_of(text, id.start())));
        }
    }
    let mut findings = Vec::new();
    let mut explained = Vec::new();
    for (path, text) in tree.under(PAGES, ".md") {
        for (index, heading) in
            text.lines().enumerate().filter_map(|(i, l)| Some((i, l.strip_prefix("## ")?)))
        {
            explained.push(heading.to_owned());
            if !rules.contains_key(heading) {
                findings.push(Finding::new(path, index + 1, format!("no rule `{heading}` in {SOURCES}")));
            }
        }
    }
    for (id, (path, line)) in &rules {
        if !explained.contains(id) {
            findings.push(Finding::new(path.clone(), *line, format!("`{id}` has no section in {PAGES}")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_and_sections_match() {
        let source =
            ("crates/shiponce-dist/src/check/a.rs", "Rule {\n    id: \"one\",\n}\nrule(\n  \"two\",\n");
        let messages = |page: &'static str| -> Vec<String> {
            let tree = Tree::of(&[source, ("docs/rules/names.md", page)]);
            check(&tree).into_iter().map(|finding| finding.message).collect()
        };
        assert_eq!(messages("# Names\n\n## one\n\n## two\n"), Vec::<String>::new());
        assert_eq!(
            messages("## two\n\n## three\n"),
            ["no rule `three` in crates/shiponce-dist/src/", "`one` has no section in docs/rules/"]
        );
    }
}
