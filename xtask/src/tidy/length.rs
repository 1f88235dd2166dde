//! Short files, short functions.

use super::{Finding, tree::Tree};

/// No source file is longer than this many lines.
const LONGEST: usize = 800;

/// No function is longer than this many lines (clippy counts them).
const LONGEST_FUNCTION: i64 = 70;

/// Files that are too long.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    sources(tree)
        .into_iter()
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(path, lines)| {
            Finding::new(
                path,
                LONGEST + 1,
                format!("{lines} lines, {LONGEST} are allowed: one concept per file"),
            )
        })
        .collect()
}

/// The lints that count functions are on, for every crate.
pub(super) fn lints(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let read = |path: &str| tree.text(path).and_then(|text| text.parse::<toml::Table>().ok());
    let threshold = read("clippy.toml").and_then(|table| table.get("too-many-lines-threshold")?.as_integer());
    if threshold.is_none_or(|lines| lines > LONGEST_FUNCTION) {
        findings.push(Finding::new(
            "clippy.toml",
            1,
            format!("too-many-lines-threshold must be {LONGEST_FUNCTION} or less"),
        ));
    }
    let clippy = read("Cargo.toml").and_then(|table| {
        table.get("workspace")?.get("lints")?.get("clippy")?.get("too_many_lines").cloned()
    });
    if clippy.is_none_or(|level| level.as_str() == Some("allow")) {
        findings.push(Finding::new(
            "Cargo.toml",
            1,
            "the lint too_many_lines must be on in [workspace.lints.clippy]",
        ));
    }
    let members = tree.under("crates/", "/Cargo.toml").chain(tree.under("xtask/", "Cargo.toml"));
    for (path, _) in members {
        let shared = read(path).and_then(|table| table.get("lints")?.get("workspace")?.as_bool());
        if shared != Some(true) {
            findings.push(Finding::new(path, 1, "must have `[lints] workspace = true`"));
        }
    }
    findings
}

/// How long files are.
pub(super) fn summary(tree: &Tree) -> String {
    let mut lengths: Vec<usize> = sources(tree).into_iter().map(|(_, lines)| lines).collect();
    lengths.sort_unstable();
    let Some(longest) = lengths.last() else { return "no source files".to_owned() };
    let at = |percent: usize| lengths[(lengths.len() - 1) * percent / 100];
    format!(
        "{} source files, {} lines; median {}, 90th percentile {}, longest {longest}",
        lengths.len(),
        lengths.iter().sum::<usize>(),
        at(50),
        at(90)
    )
}

fn sources(tree: &Tree) -> Vec<(&str, usize)> {
    tree.under("crates/", ".rs")
        .chain(tree.under("xtask/", ".rs"))
        .map(|(path, text)| (path, text.lines().count()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_found() {
        let long = "x\n".repeat(801);
        let tree = Tree::of(&[("crates/a/src/lib.rs", &long), ("crates/a/src/b.rs", &long[..1600])]);
        let findings = check(&tree);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].message, "801 lines, 800 are allowed: one concept per file");
    }

    #[test]
    fn lints_that_are_off_are_found() {
        let good = [
            ("clippy.toml", "too-many-lines-threshold = 70"),
            ("Cargo.toml", "[workspace.lints.clippy]\ntoo_many_lines = \"warn\""),
            ("crates/a/Cargo.toml", "[lints]\nworkspace = true"),
            ("xtask/Cargo.toml", "[lints]\nworkspace = true"),
        ];
        assert_eq!(lints(&Tree::of(&good)), []);
        for (path, worse) in [
            ("clippy.toml", "too-many-lines-threshold = 100"),
            ("clippy.toml", ""),
            ("Cargo.toml", "[workspace.lints.clippy]\ntoo_many_lines = \"allow\""),
            ("crates/a/Cargo.toml", "[package]\nname = \"a\""),
        ] {
            let mut files = good.to_vec();
            for file in &mut files {
                if file.0 == path {
                    file.1 = worse;
                }
            }
            let findings = lints(&Tree::of(&files));
            assert_eq!(findings.len(), 1, "{path}: {worse}");
            assert_eq!(findings[0].path, path);
        }
    }

    #[test]
    fn lengths_are_summed_up() {
        let tree = Tree::of(&[
            ("crates/a/src/lib.rs", "1\n2\n3\n"),
            ("crates/a/src/b.rs", "1\n"),
            ("xtask/src/main.rs", "1\n2\n"),
        ]);
        assert_eq!(summary(&tree), "3 source files, 6 lines; median 2, 90th percentile 2, longest 3");
    }
}
