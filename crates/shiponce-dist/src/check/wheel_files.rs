//! Files that are in a wheel by mistake.

use super::{Family, Rule, Scope, Severity};
use std::collections::BTreeSet;

/// Bytecode is made at installation, and is of one Python only.
pub(super) static BYTECODE: Rule = Rule {
    id: "wheel-bytecode",
    title: "a wheel has no compiled bytecode",
    severity: Severity::Quality,
    source: "check-wheel-contents W001",
    family: Family::Wheels,
    scope: Scope::Everywhere,
    hint: "build from a clean checkout, or exclude `__pycache__`",
    check: |distribution, report| {
        let Some(wheel) = distribution.as_wheel() else { return };
        let is_bytecode = |name: &str| name.ends_with(".pyc") || name.ends_with(".pyo");
        let mut found = wheel.entries.iter().filter(|entry| is_bytecode(&entry.name));
        if let Some(first) = found.next() {
            let more = found.count();
            let more = if more == 0 { String::new() } else { format!(", and {more} more such files") };
            report.quality(&first.name, format!("compiled bytecode is in the wheel{more}"));
        }
    },
};

/// Folders that belong to a checkout; installed, they are importable modules that every project shares.
const COMMON: [&str; 12] =
    ["build", "ci", "data", "dist", "doc", "docs", "example", "examples", "scripts", "src", "test", "tests"];

/// What lands beside every other project's modules is meant to.
pub(super) static COMMON_TOP: Rule = Rule {
    id: "wheel-common-folder",
    title: "no folder of the checkout is installed as a module",
    severity: Severity::Quality,
    source: "check-wheel-contents W005",
    family: Family::Wheels,
    scope: Scope::Everywhere,
    hint: "exclude the folder from the packages of the build backend",
    check: |distribution, report| {
        let Some(wheel) = distribution.as_wheel() else { return };
        let tops: BTreeSet<&str> =
            wheel.entries.iter().filter_map(|entry| entry.name.split_once('/')).map(|(top, _)| top).collect();
        let own = distribution.metadata().name().normalized();
        for top in tops.into_iter().filter(|top| COMMON.contains(top) && *top != own) {
            report.quality(top, format!("`{top}` is installed as a module that every project shares"));
        }
    },
};
