//! What must exist in several places exists in all of them: crates in the maps, migrations in a row.

use super::floors::Package;
use super::{Finding, tree::Tree};

/// Maps that name every crate.
const MAPS: [&str; 2] = ["crates/README.md", "ARCHITECTURE.md"];

/// Crates missing from a map, names in a map without a crate, gaps in migrations.
pub(super) fn check(tree: &Tree, packages: &[Package]) -> Vec<Finding> {
    let mut findings = migrations(tree);
    for map in MAPS {
        let Some(text) = tree.text(map) else {
            findings.push(Finding::new(map, 1, "missing"));
            continue;
        };
        for package in packages {
            if !text.contains(&format!("`{}`", package.name)) {
                findings.push(Finding::new(map, 1, format!("says nothing about `{}`", package.name)));
            }
        }
        for (at, line) in text.lines().enumerate() {
            for name in line.split('`').skip(1).step_by(2).filter(|name| is_crate(name)) {
                if !packages.iter().any(|package| package.name == name) {
                    findings.push(Finding::new(
                        map,
                        at + 1,
                        format!("`{name}` is no crate of this workspace"),
                    ));
                }
            }
        }
    }
    for package in packages.iter().filter(|package| package.manifest.starts_with("crates/")) {
        if package.manifest != format!("crates/{}/Cargo.toml", package.name) {
            findings.push(Finding::new(
                package.manifest.clone(),
                1,
                format!("`{}` must live in crates/{0}", package.name),
            ));
        }
    }
    findings
}

fn is_crate(word: &str) -> bool {
    word.starts_with("shiponce-") && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// Numbered SQL files start at 1 and have no gap, so that two people who add one meet.
fn migrations(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (expected, (path, _)) in (1..).zip(tree.under("crates/shiponce-ledger/", ".sql")) {
        let name = path.rsplit('/').next().unwrap_or(path);
        let number = name.split('_').next().and_then(|digits| digits.parse::<u32>().ok());
        if number != Some(expected) {
            findings.push(Finding::new(
                path,
                1,
                format!("expected migration number {expected:04} at the start of the name"),
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, manifest: &str) -> Package {
        Package { name: name.to_owned(), manifest: manifest.to_owned(), uses: Vec::new() }
    }

    #[test]
    fn every_crate_is_in_every_map() {
        let packages = [package("shiponce-core", "crates/shiponce-core/Cargo.toml")];
        let tree =
            Tree::of(&[("crates/README.md", "`shiponce-core`"), ("ARCHITECTURE.md", "`shiponce-cor`")]);
        let found: Vec<_> = check(&tree, &packages).into_iter().map(|finding| finding.message).collect();
        assert_eq!(
            found,
            ["says nothing about `shiponce-core`", "`shiponce-cor` is no crate of this workspace"]
        );
        assert_eq!(check(&Tree::of(&[]), &[]).len(), 2);
    }

    #[test]
    fn a_crate_lives_under_its_name() {
        let packages = [package("shiponce-core", "crates/core/Cargo.toml")];
        let tree =
            Tree::of(&[("crates/README.md", "`shiponce-core`"), ("ARCHITECTURE.md", "`shiponce-core`")]);
        assert_eq!(check(&tree, &packages)[0].message, "`shiponce-core` must live in crates/shiponce-core");
    }

    #[test]
    fn migrations_have_no_gap() {
        let folder = "crates/shiponce-ledger/src/migrations";
        let path = |name: &str| format!("{folder}/{name}");
        let (one, three) = (path("0001_first.sql"), path("0003_third.sql"));
        let tree = Tree::of(&[(&one, ""), (&three, "")]);
        assert_eq!(
            migrations(&tree),
            [Finding::new(three, 1, "expected migration number 0002 at the start of the name")]
        );
    }
}
