//! A claim names its test, and the test exists.
//!
//! Tables of `docs/` whose last column is headed `NAME` promise something per row: `cargo xtask test NAME` runs the
//! tests that show it. A name that no test contains would run nothing. A crate's name in the same cell says where the
//! names after it are; before it, and without one, they are the binary's or anybody's.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::source::code_only;
use super::{Finding, tree::Tree};

/// What a row says whose claim has no test because it has no code yet.
const LATER: &str = "not in this version";

/// Rows that name no test, and names that no test has.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let tests = Tests::of(tree);
    let Ok(span) = Regex::new("`([^`]+)`") else { return Vec::new() };
    let mut findings = Vec::new();
    for (path, text) in tree.under("docs/", ".md") {
        for (line, row) in rows(text) {
            let Some(cell) = row.last() else { continue };
            let mut place = None;
            let mut names = 0;
            for name in span.captures_iter(cell).filter_map(|found| found.get(1)).map(|name| name.as_str()) {
                if tests.by_crate.contains_key(name) {
                    place = Some(name);
                    continue;
                }
                names += 1;
                if !tests.any(place, name) {
                    let place = place.map_or(String::new(), |place| format!(" of {place}"));
                    findings.push(Finding::new(
                        path,
                        line,
                        format!("no test{place} has `{name}` in its name"),
                    ));
                }
            }
            if names == 0 && !row.iter().any(|cell| cell.contains(LATER)) {
                findings.push(Finding::new(
                    path,
                    line,
                    format!("names no test; a row without one says `{LATER}`"),
                ));
            }
        }
    }
    findings
}

/// The rows of the tables whose last column is headed `NAME`, with their lines.
fn rows(text: &str) -> Vec<(usize, Vec<String>)> {
    let mut rows = Vec::new();
    let (mut inside, mut named) = (false, false);
    for (number, line) in text.lines().enumerate() {
        let cells = cells(line);
        if cells.is_empty() {
            inside = false;
        } else if !inside {
            (inside, named) = (true, cells.last().is_some_and(|cell| cell == "NAME"));
        } else if named && !cells.iter().all(|cell| cell.chars().all(|c| matches!(c, '-' | ':'))) {
            rows.push((number + 1, cells));
        }
    }
    rows
}

/// The cells of a table's line; none for other lines. `\|` is no border.
fn cells(line: &str) -> Vec<String> {
    let inner = line.trim().strip_prefix('|').and_then(|line| line.strip_suffix('|'));
    let Some(inner) = inner else { return Vec::new() };
    inner.replace("\\|", "\u{0}").split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect()
}

/// The full names of all tests.
#[derive(Debug)]
struct Tests {
    by_crate: BTreeMap<String, BTreeSet<String>>,
}

impl Tests {
    fn of(tree: &Tree) -> Self {
        let mut by_crate = BTreeMap::<String, BTreeSet<String>>::new();
        for (path, text) in tree.under("crates/", ".rs").chain(tree.under("xtask/", ".rs")) {
            let Some((home, module)) = module(path) else { continue };
            let found = names(&code_only(text)).into_iter();
            let found = found.map(|name| if module.is_empty() { name } else { format!("{module}::{name}") });
            by_crate.entry(home).or_default().extend(found);
        }
        Self { by_crate }
    }

    fn any(&self, place: Option<&str>, name: &str) -> bool {
        let crates =
            self.by_crate.iter().filter(|(home, _)| place.is_none_or(|place| place == home.as_str()));
        crates.flat_map(|(_, tests)| tests).any(|test| test.contains(name))
    }
}

/// The crate of a file and the module it is: `crates/a/src/b/mod.rs` is `b` of `a`, `crates/a/tests/it/c.rs` is `c`.
fn module(path: &str) -> Option<(String, String)> {
    let (home, rest) = match path.strip_prefix("crates/") {
        Some(path) => path.split_once('/')?,
        None => path.split_once('/')?,
    };
    let rest = rest.strip_prefix("src/").or_else(|| rest.strip_prefix("tests/it/"))?.strip_suffix(".rs")?;
    let mut parts: Vec<&str> = rest.split('/').collect();
    if matches!(parts.last(), Some(&("mod" | "lib" | "main"))) {
        parts.pop();
    }
    Some((home.to_owned(), parts.join("::")))
}

/// The tests of a file, each below the modules that stand in the file around it.
fn names(code: &str) -> Vec<String> {
    let Ok(token) = Regex::new(r"\bmod\s+(\w+)\s*\{|(#\[(?:tokio::)?test\b)|\bfn\s+(\w+)|([{}])") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let (mut depth, mut test) = (0_usize, false);
    let mut modules: Vec<(usize, &str)> = Vec::new();
    for token in token.captures_iter(code) {
        if let Some(module) = token.get(1) {
            modules.push((depth, module.as_str()));
            depth += 1;
        } else if token.get(2).is_some() {
            test = true;
        } else if let Some(name) = token.get(3) {
            if test {
                let mut path: Vec<&str> = modules.iter().map(|(_, module)| *module).collect();
                path.push(name.as_str());
                found.push(path.join("::"));
            }
            test = false;
        } else if token.get(4).is_some_and(|brace| brace.as_str() == "{") {
            depth += 1;
        } else {
            depth = depth.saturating_sub(1);
            modules.retain(|(outside, _)| *outside < depth);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: &str = "fn helper() {}\n#[cfg(test)]\nmod tests {\n    proptest! {\n        #[test]\n        fn holds(a: u8) { if a == 0 {} }\n    }\n}\n";
    const WHOLE: &str =
        "#[test]\nfn a_file_is_sent_once() {}\nfn no_test() {}\n// #[test]\n// fn a_dream() {}\n";

    fn found(page: &str) -> Vec<(usize, String)> {
        let tree = Tree::of(&[
            ("crates/core/src/decide/mod.rs", UNIT),
            ("crates/app/tests/it/crash/publish.rs", WHOLE),
            ("docs/a.md", page),
        ]);
        check(&tree).into_iter().map(|finding| (finding.line, finding.message)).collect()
    }

    #[test]
    fn names_of_tests_and_parts_of_them_are_fine() {
        let page = "|claim|NAME|\n|---|---|\n|a|`holds`, `crash::publish`|\n|b|`core` `decide::tests::holds`|\n|c|not in this version|\n";
        assert_eq!(found(page), []);
    }

    #[test]
    fn names_that_no_test_has_are_found() {
        let page = "| claim | NAME |\n|:--|--:|\n| `x` \\| | `helper` |\n| y | `core` `crash::publish` |\n| z | `a_dream` |\n| later | |\n\n| claim | test |\n|---|---|\n| v | `w` |\n";
        let expected = [
            (3, "no test has `helper` in its name"),
            (4, "no test of core has `crash::publish` in its name"),
            (5, "no test has `a_dream` in its name"),
            (6, "names no test; a row without one says `not in this version`"),
        ];
        assert_eq!(found(page), expected.map(|(line, message)| (line, message.to_owned())));
    }

    #[test]
    fn a_module_that_ends_leaves_the_names_after_it_alone() {
        assert_eq!(
            names("mod a { mod b { #[test] fn c() {} } #[test] fn d() {} } #[test] fn e() {}"),
            ["a::b::c", "a::d", "e"]
        );
    }
}
