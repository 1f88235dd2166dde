//! No paths of somebody's machine, and nothing that points outside the repository.

use regex::Regex;

use super::source::line_of;
use super::{Finding, tree::Tree};

/// The people whose machines documentation and tests show.
const MADE_UP: [&str; 2] = ["/home/ana/", "/home/me/"];

/// Each pattern in pieces that are not findings themselves.
fn patterns() -> Vec<(Regex, &'static str)> {
    let start = r#"(?:^|[\s"'`(=\[<])"#;
    [
        (format!("{start}/{}/", "root"), "a path of one machine"),
        (format!("{start}/{}/", "work"), "a path of one machine"),
        (format!(r"{start}/{}/[a-z][\w-]*/", "home"), "a path of one machine"),
        (format!("{start}/{}/[A-Z]", "Users"), "a path of one machine"),
        (format!("{}/shared", r"\.\."), "a path outside the repository"),
    ]
    .into_iter()
    .filter_map(|(pattern, why)| Some((Regex::new(&format!("(?m){pattern}")).ok()?, why)))
    .collect()
}

/// Paths that mean nothing on another machine.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let patterns = patterns();
    let mut findings = Vec::new();
    for (path, text) in tree.all() {
        for (pattern, why) in &patterns {
            for found in pattern.find_iter(text) {
                let shown = found.as_str().trim_start();
                if MADE_UP.iter().any(|home| shown.ends_with(home)) {
                    continue;
                }
                findings.push(Finding::new(path, line_of(text, found.end()), format!("`{shown}`: {why}")));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_a_regex() {
        assert_eq!(patterns().len(), 5);
    }

    #[test]
    fn machine_paths_are_found() {
        for path in ["root", "work", "home/ann", "Users/Ann"] {
            let text = format!("one\nsee `/{path}/x`\n");
            let findings = check(&Tree::of(&[("docs/a.md", &text)]));
            assert_eq!(findings.len(), 1, "{path}");
            assert_eq!(findings[0].line, 2);
        }
        let text = format!("../{}/notes", "shared");
        assert_eq!(check(&Tree::of(&[("a.md", &text)])).len(), 1);
    }

    #[test]
    fn other_paths_are_not() {
        let text =
            "`/home/ana/demo` https://example.org/root/ /tmp/x /etc/hosts docs/work/ ~/work/ crates/root/src";
        assert_eq!(check(&Tree::of(&[("a.md", text)])), []);
    }
}
