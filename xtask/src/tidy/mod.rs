//! `cargo xtask tidy`: the rules of the house that no compiler checks.
//!
//! Every check is a function from a [`Tree`] (and sometimes what cargo says about the workspace)
//! to findings, so each has a test that sees it fail on a made-up tree.

mod calls;
mod codes;
mod commands;
mod floors;
mod hosts;
mod length;
mod links;
mod markup;
mod named;
mod paths;
mod rooms;
mod rules;
mod source;
mod tests_whole;
mod tree;

use anyhow::{Result, bail};

use crate::repository;
use tree::Tree;

/// Something that breaks a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    line: usize,
    message: String,
}

impl Finding {
    fn new(path: impl Into<String>, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.into(), line, message: message.into() }
    }
}

/// Checks this repository and prints every finding.
pub(crate) fn run() -> Result<()> {
    let tree = Tree::load(&repository::root())?;
    let packages = floors::packages()?;
    let findings = check(&tree, &packages);
    for finding in &findings {
        println!("{}:{}: {}", finding.path, finding.line, finding.message);
    }
    println!("tidy: {}", length::summary(&tree));
    if !findings.is_empty() {
        bail!("tidy: {} findings, listed above", findings.len());
    }
    Ok(())
}

/// Every check over one tree.
fn check(tree: &Tree, packages: &[floors::Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(floors::check(packages));
    findings.extend(length::check(tree));
    findings.extend(length::lints(tree));
    findings.extend(calls::check(tree));
    findings.extend(tests_whole::check(tree));
    findings.extend(codes::check(tree));
    findings.extend(rules::check(tree));
    findings.extend(commands::check(tree));
    findings.extend(hosts::check(tree));
    findings.extend(paths::check(tree));
    findings.extend(links::summary(tree));
    findings.extend(links::resolve(tree));
    findings.extend(markup::check(tree));
    findings.extend(named::check(tree));
    findings.extend(rooms::check(tree, packages));
    findings.sort();
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_is_tidy() {
        let tree = Tree::load(&repository::root()).unwrap();
        let packages = floors::packages().unwrap();
        let findings: Vec<String> = check(&tree, &packages)
            .iter()
            .map(|finding| format!("{}:{}: {}", finding.path, finding.line, finding.message))
            .collect();
        assert!(findings.is_empty(), "{}", findings.join("\n"));
    }
}
