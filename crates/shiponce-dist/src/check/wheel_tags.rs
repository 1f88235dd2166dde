//! The WHEEL file against the file name.

use super::finding::Report;
use super::{Family, Rule, Scope, Severity};
use crate::distribution::Distribution;
use std::collections::BTreeSet;

/// The `Tag` lines are the expanded tag set of the file name (PEP 425).
pub(super) static TAGS: Rule = Rule {
    id: "wheel-tags",
    title: "WHEEL states the tags of the file name",
    severity: Severity::Rejected,
    source: "PEP 427",
    family: Family::Wheels,
    scope: Scope::Everywhere,
    hint: "rename wheels with `wheel tags`, which also rewrites WHEEL",
    check: tags,
};

fn tags(distribution: &Distribution, report: &mut Report<'_>) {
    let Some(wheel) = distribution.as_wheel() else { return };
    let expected: BTreeSet<String> = wheel.filename.tags().map(|tag| tag.to_string()).collect();
    let found: BTreeSet<String> = wheel.wheel.tags.iter().cloned().collect();
    let list =
        |tags: Vec<&String>| tags.into_iter().map(|tag| format!("`{tag}`")).collect::<Vec<_>>().join(", ");
    let missing: Vec<&String> = expected.difference(&found).collect();
    if !missing.is_empty() {
        report.rejected("WHEEL", format!("the file name says {}, WHEEL does not", list(missing)));
    }
    let extra: Vec<&String> = found.difference(&expected).collect();
    if !extra.is_empty() {
        report.rejected("WHEEL", format!("WHEEL says {}, the file name does not", list(extra)));
    }
}

/// Wheels for any platform go to the folder for pure code, others to the one for compiled code.
pub(super) static PURELIB: Rule = Rule {
    id: "wheel-purelib",
    title: "`Root-Is-Purelib` fits the tags",
    severity: Severity::Quality,
    source: "PEP 427",
    family: Family::Wheels,
    scope: Scope::Everywhere,
    hint: "let the build backend set Root-Is-Purelib from what the wheel contains",
    check: |distribution, report| {
        let Some(wheel) = distribution.as_wheel() else { return };
        if wheel.filename.is_pure() != wheel.wheel.root_is_purelib {
            let value = wheel.wheel.root_is_purelib;
            report.quality(
                "WHEEL",
                format!("`Root-Is-Purelib: {value}` does not fit the tags of the file name"),
            );
        }
    },
};
