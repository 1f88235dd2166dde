//! Addresses of package registries and of GitHub's API stand in one file, so that a test or an example can never
//! reach one by accident.

use super::source::line_of;
use super::{Finding, tree::Tree};

/// The one home of the product's default addresses.
const HOME: &str = "crates/shiponce-config/src/endpoints.rs";

/// Cargo writes its own registry into the lock file.
const WRITTEN_BY_TOOLS: [&str; 1] = ["Cargo.lock"];

/// Host names in two halves: joined here, they would be findings themselves.
const HOSTS: [(&str, &str); 11] = [
    ("pypi", ".org"),
    ("pypi", ".python.org"),
    ("python", "hosted.org"),
    ("crates", ".io"),
    ("npmjs", ".org"),
    ("npmjs", ".com"),
    ("rubygems", ".org"),
    ("docker", ".io"),
    ("ghcr", ".io"),
    ("api.github", ".com"),
    ("uploads.github", ".com"),
];

/// Such addresses outside their home.
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
                    format!(
                        "`{host}`: such addresses stand only in {HOME}; write <PyPI>, or an `example` host"
                    ),
                ));
            }
        }
    }
    findings
}

/// Whether the match is a host or the end of one, not a part of a longer word.
fn is_whole(text: &str, at: usize, length: usize) -> bool {
    let before = text[..at].chars().next_back();
    let mut rest = text[at + length..].chars();
    let after = rest.next();
    let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    // `files.` + host ends in a longer label; `my-` + host is somebody else's name.
    // A name that goes on behind a dot is that of another host, or of a file.
    let goes_on = after == Some('.') && word(rest.next());
    (!word(before) || text[..at].ends_with("files.")) && !word(after) && !goes_on
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
    fn capitals_and_full_stops_do_not_hide_it() {
        let text = format!("{}. {}.", host(3).to_uppercase(), host(9));
        assert_eq!(check(&Tree::of(&[("a.rs", &text)])).len(), 2);
    }

    #[test]
    fn longer_names_are_other_names() {
        let text = format!("my-{0} {0}anization {0}.example {1}.json", host(0), host(9));
        assert_eq!(check(&Tree::of(&[("a.rs", &text)])), []);
    }
}
