//! The acceptance rules: what PyPI refuses, what installers refuse, and what only looks wrong.
//!
//! One rule, one file or one line of a table. A rule reads a [`Distribution`] and says what it found; the list below
//! says what applies where.

mod archive_contents;
mod archive_structure;
mod content_type;
mod description;
mod direct_reference;
mod entry_points;
mod examine;
mod filename;
mod finding;
mod license_files;
mod local_version;
mod metadata_fields;
mod metadata_version;
mod platform_tag;
mod record;
mod sdist_layout;
mod summary;
mod wheel_tags;

use crate::distribution::Distribution;

pub use examine::{Examined, examine};
pub(crate) use finding::Report;
pub use finding::{Finding, Severity};

/// Whose rules apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruleset {
    /// Everything PyPI checks on upload, and what holds everywhere.
    Pypi,
    /// What holds everywhere: for private indexes, which take local versions and plain Linux wheels.
    Permissive,
}

/// Where a rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Everywhere,
    Pypi,
}

/// One rule.
struct Rule {
    /// Its name in findings.
    name: &'static str,
    scope: Scope,
    /// What to do about a finding, in one line.
    hint: &'static str,
    check: fn(&Distribution, &mut Report<'_>),
}

const RULES: [Rule; 25] = [
    filename::PROJECT,
    filename::VERSION,
    filename::NORMALIZED,
    filename::DIST_INFO,
    platform_tag::RULE,
    local_version::RULE,
    metadata_version::KNOWN,
    metadata_version::FIELDS,
    metadata_fields::RULE,
    summary::RULE,
    content_type::RULE,
    direct_reference::RULE,
    description::RULE,
    license_files::RULE,
    wheel_tags::TAGS,
    wheel_tags::PURELIB,
    entry_points::RULE,
    record::PRESENT,
    record::CONTENT,
    archive_structure::STREAMED,
    archive_structure::COMMENTS,
    archive_structure::SYMLINKS,
    archive_contents::RATIO,
    archive_contents::SIZE,
    sdist_layout::RULE,
];

/// Applies every rule of `ruleset`. The wheel's contents are read once, to compare them with RECORD.
#[must_use]
pub fn check(distribution: &Distribution, ruleset: Ruleset) -> Vec<Finding> {
    let file = distribution.filename.to_string();
    let mut findings = Vec::new();
    for rule in &RULES {
        if rule.scope == Scope::Everywhere || ruleset == Ruleset::Pypi {
            let mut report = Report::new(&file, rule.name, rule.hint, &mut findings);
            (rule.check)(distribution, &mut report);
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_have_distinct_names_and_a_hint_of_one_line() {
        let mut names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RULES.len());
        for rule in &RULES {
            assert!(!rule.hint.is_empty() && !rule.hint.contains('\n'), "{}", rule.name);
            assert!(rule.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.name);
        }
    }
}
