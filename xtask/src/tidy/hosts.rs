//! Addresses of package registries stand in one file, so that a test or an example can never
//! reach one by accident.

use super::source::line_of;
use super::{Finding, tree::Tree};

/// The one home of the product's default addresses.
const HOME: &str = "crates/shiponce-config/src/endpoints.rs";

/// Cargo writes its own registry into the lock file.
const WRITTEN_BY_TOOLS: [&str; 1] = ["Cargo.lock"];

/// Host names in two halves: joined here, they would be findings themselves.
const HOSTS: [(&str, &str); 9] = [
    ("pypi", ".org"),
    ("pypi", ".python.org"),
    ("python", "hosted.org"),
    ("crates", ".io"),
    ("npmjs", ".org"),
    ("npmjs", ".com"),
    ("rubygems", ".org"),
    ("docker", ".io"),
    ("ghcr", ".io"),
];

/// Registry addresses outside their home.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let hosts: Vec<String> = HOSTS.iter().map(|(first, second)| format!("{first}{second}")).collect();
    let mut findings = Vec::new();
    for (path, text) in tree.all() {
        if path == HOME || WRITTEN_BY_TOOLS.contains(&path) {
            continue;
        }
        let lower = text.to_ascii_lowercase();
        for host in &hosts {
            for (at, _) in
                lower.match_indices(host.as_str()).filter(|(at, _)| is_whole(&lower, *at, host.len()))
            {
                findings.push(Finding::new(
                    path,
                    line_of(text, at),
                    format!("`{host}`: registry addresses stand only in {HOME}; write <PyPI>"),
                ));
            }
        }
    }
    findings
}

/// Whether the match is a host or the end of one, not a part of a longer word.
fn is_whole(text: &str, at: usize, length: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + length..].chars().next();
    let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    // `files.` + host ends in a longer label; `my-` + host is somebody else's name.
    (!word(before) || text[..at].ends_with("files.")) && !word(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(index: usize) -> String {
        let (first, second) = HOSTS[index];
        format!("{first}{second}")
    }

    #[test]
    fn a_registry_is_found_anywhere_but_at_home() {
        let url = format!("one\nhttps://upload.{}/legacy/\n", host(0));
        let tree = Tree::of(&[("docs/a.md", &url), (HOME, &url), ("Cargo.lock", &url)]);
        let findings = check(&tree);
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].path.as_str(), findings[0].line), ("docs/a.md", 2));
    }

    #[test]
    fn capitals_do_not_hide_it() {
        let text = host(3).to_uppercase();
        assert_eq!(check(&Tree::of(&[("a.rs", &text)])).len(), 1);
    }

    #[test]
    fn longer_names_are_other_names() {
        let text = format!("my-{0} {0}anization", host(0));
        assert_eq!(check(&Tree::of(&[("a.rs", &text)])), []);
    }
}
