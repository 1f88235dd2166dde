//! Which crate may use which: a crate uses only crates of lower floors.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::Finding;
use crate::process;

/// The floors, lowest first. A new crate gets its place here and in ARCHITECTURE.md.
const FLOORS: [(&str, u32); 18] = [
    ("shiponce-core", 0),
    ("shiponce-api", 1),
    ("shiponce-io", 1),
    ("shiponce-config", 2),
    ("shiponce-dist", 2),
    ("shiponce-index", 2),
    ("shiponce-forge", 2),
    ("shiponce-store", 2),
    ("shiponce-ledger", 2),
    ("shiponce-workflow", 2),
    ("shiponce-forensics", 2),
    ("shiponce-gates", 3),
    ("shiponce-engine", 4),
    ("shiponce-server", 5),
    ("shiponce", 6),
    // The world beside the house: it uses nothing of ours, so that it cannot share our mistakes.
    (WORLD, 0),
    // Beside both: it holds what they say to each other against the real service's own description.
    (CHECKER, 0),
    (TASKS, 7),
];

const WORLD: &str = "shiponce-rehearsal";
const CHECKER: &str = "shiponce-openapi";
const BINARY: &str = "shiponce";
const TASKS: &str = "xtask";

/// A workspace member and the members it uses.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) manifest: String,
    pub(super) uses: Vec<Use>,
}

/// One edge of the graph.
#[derive(Debug)]
pub(super) struct Use {
    pub(super) name: String,
    pub(super) only_in_tests: bool,
}

/// The workspace as cargo sees it.
pub(super) fn packages() -> Result<Vec<Package>> {
    let text = process::output(process::cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    read(&text).context("cannot read what `cargo metadata` prints")
}

fn read(text: &str) -> Result<Vec<Package>> {
    let metadata: Value = serde_json::from_str(text)?;
    let root = metadata["workspace_root"].as_str().context("no workspace_root")?;
    let members = metadata["packages"].as_array().context("no packages")?;
    let field = |value: &Value, key: &str| value[key].as_str().map(str::to_owned);
    members
        .iter()
        .map(|package| {
            let manifest = field(package, "manifest_path").context("a package without manifest_path")?;
            let uses = package["dependencies"]
                .as_array()
                .context("a package without dependencies")?
                .iter()
                // Members are the dependencies that come from a path.
                .filter(|dependency| dependency["path"].is_string())
                .filter_map(|dependency| {
                    Some(Use { name: field(dependency, "name")?, only_in_tests: dependency["kind"] == "dev" })
                })
                .collect();
            Ok(Package {
                name: field(package, "name").context("a package without a name")?,
                manifest: manifest.trim_start_matches(root).trim_start_matches('/').to_owned(),
                uses,
            })
        })
        .collect()
}

fn floor(name: &str) -> Option<u32> {
    FLOORS.iter().find(|(known, _)| *known == name).map(|(_, floor)| *floor)
}

/// Edges that go up, sideways, or into the world.
pub(super) fn check(packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in packages {
        let mut say = |message: String| findings.push(Finding::new(package.manifest.clone(), 1, message));
        let Some(own) = floor(&package.name) else {
            say(format!(
                "`{}` has no floor: give it one in xtask/src/tidy/floors.rs and in ARCHITECTURE.md",
                package.name
            ));
            continue;
        };
        for used in &package.uses {
            if let Some(why) = forbidden(&package.name, own, used) {
                say(format!("`{}` may not use `{}`: {why}", package.name, used.name));
            }
        }
    }
    findings
}

fn forbidden(user: &str, own: u32, used: &Use) -> Option<String> {
    if user == TASKS {
        return None;
    }
    if used.name == CHECKER {
        return (!used.only_in_tests).then(|| "only tests check exchanges".to_owned());
    }
    if user == WORLD || user == CHECKER {
        return Some(
            "the world uses no crate of ours, so product and test cannot share a mistake".to_owned(),
        );
    }
    if used.name == TASKS {
        return Some("tasks are used by nobody".to_owned());
    }
    if used.name == WORLD {
        return (user != BINARY && !used.only_in_tests)
            .then(|| "only tests and the binary join the product with the world".to_owned());
    }
    let other = floor(&used.name)?;
    (other >= own).then(|| format!("it lives on floor {other}, not below floor {own}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(name: &str, uses: &[(&str, bool)]) -> Vec<String> {
        let package = Package {
            name: name.to_owned(),
            manifest: format!("crates/{name}/Cargo.toml"),
            uses: uses
                .iter()
                .map(|(name, only_in_tests)| Use { name: (*name).to_owned(), only_in_tests: *only_in_tests })
                .collect(),
        };
        check(&[package]).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn down_is_allowed() {
        assert!(
            findings("shiponce-engine", &[("shiponce-core", false), ("shiponce-index", false)]).is_empty()
        );
        assert!(
            findings("shiponce", &[("shiponce-rehearsal", false), ("shiponce-engine", false)]).is_empty()
        );
        assert!(findings("shiponce-index", &[("shiponce-rehearsal", true)]).is_empty());
        assert!(findings("xtask", &[("shiponce-dist", true), ("shiponce-rehearsal", false)]).is_empty());
    }

    #[test]
    fn up_and_sideways_are_not() {
        assert_eq!(
            findings("shiponce-core", &[("shiponce-io", false)]),
            ["`shiponce-core` may not use `shiponce-io`: it lives on floor 1, not below floor 0"]
        );
        assert_eq!(findings("shiponce-index", &[("shiponce-dist", false)]).len(), 1);
        assert_eq!(findings("shiponce-index", &[("shiponce-dist", true)]).len(), 1);
    }

    #[test]
    fn product_and_world_stay_apart() {
        assert_eq!(findings("shiponce-engine", &[("shiponce-rehearsal", false)]).len(), 1);
        assert_eq!(findings("shiponce-rehearsal", &[("shiponce-core", true)]).len(), 1);
        assert_eq!(findings("shiponce-core", &[("xtask", true)]).len(), 1);
        assert!(findings("shiponce-rehearsal", &[("shiponce-openapi", true)]).is_empty());
        assert_eq!(findings("shiponce-rehearsal", &[("shiponce-openapi", false)]).len(), 1);
        assert_eq!(findings("shiponce-openapi", &[("shiponce-core", true)]).len(), 1);
    }

    #[test]
    fn a_new_crate_needs_a_floor() {
        assert!(findings("shiponce-novelty", &[])[0].starts_with("`shiponce-novelty` has no floor"));
    }

    #[test]
    fn cargo_is_understood() {
        let text = r#"{"workspace_root":"/w","packages":[{"name":"a","manifest_path":"/w/crates/a/Cargo.toml","dependencies":[
            {"name":"b","path":"/w/crates/b","kind":null},{"name":"c","path":"/w/crates/c","kind":"dev"},{"name":"serde","kind":null}]}]}"#;
        let packages = read(text).unwrap();
        assert_eq!(packages[0].manifest, "crates/a/Cargo.toml");
        let uses: Vec<_> =
            packages[0].uses.iter().map(|used| (used.name.as_str(), used.only_in_tests)).collect();
        assert_eq!(uses, [("b", false), ("c", true)]);
        assert!(read("{}").is_err());
    }
}
