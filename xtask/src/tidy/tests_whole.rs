//! Tests run, and code is finished: nothing is ignored, expected to panic, or left for later.

use regex::Regex;

use super::source::{code_only, line_of};
use super::{Finding, tree::Tree};

const UNFINISHED: &str = r"#\[\s*(ignore|should_panic)\b|\b(todo|unimplemented)!|#!?\[\s*allow\s*\(";

/// Marks of tests that do not run or code that is not there.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Ok(unfinished) = Regex::new(UNFINISHED) else { return Vec::new() };
    let mut findings = Vec::new();
    for (path, text) in tree.under("crates/", ".rs").chain(tree.under("xtask/", ".rs")) {
        let code = code_only(text);
        for found in unfinished.find_iter(&code) {
            let message = format!("`{}`: {}", found.as_str().trim(), advice(found.as_str()));
            findings.push(Finding::new(path, line_of(&code, found.start()), message));
        }
    }
    findings
}

fn advice(mark: &str) -> &'static str {
    if mark.contains("ignore") {
        "a test that does not run proves nothing; let it fail with a sentence, or delete it"
    } else if mark.contains("should_panic") {
        "assert what is returned instead"
    } else if mark.contains("allow") {
        "write #[expect(lint, reason = \"...\")]"
    } else {
        "finish it"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_found() {
        let source = "#[ignore]\n#[ignore = \"slow\"]\n#[should_panic(expected = \"x\")]\ntodo!()\nunimplemented!()\n#[allow(dead_code)]\n#![allow(unused)]\n";
        let tree = Tree::of(&[("crates/a/tests/it/main.rs", source)]);
        let lines: Vec<_> = check(&tree).into_iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn prose_about_them_is_not() {
        let source = "// todo!() and #[ignore]\nlet x = \"#[should_panic]\"; fn latest_x() {}";
        assert_eq!(check(&Tree::of(&[("crates/a/src/lib.rs", source)])), []);
    }
}
