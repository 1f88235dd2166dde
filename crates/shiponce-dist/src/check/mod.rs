//! The acceptance rules: what PyPI refuses, what installers refuse, and what only looks wrong.
//!
//! One rule, one file or one line of a table. A rule reads a [`Distribution`] and says what it found; the list below
//! says what applies where.

mod archive_contents;
mod archive_structure;
mod classifiers;
mod content_type;
mod description;
mod email;
mod entry_points;
mod examine;
mod filename;
mod finding;
mod license_files;
mod licenses;
mod local_version;
mod metadata_fields;
mod metadata_version;
mod names;
mod opening;
mod place;
mod platform_tag;
mod record;
mod render;
mod requirements;
mod requires_python;
mod rule;
mod sdist_layout;
mod summary;
mod urls;
mod wheel_files;
mod wheel_tags;

use crate::distribution::Distribution;

pub use examine::{Examined, examine};
pub(crate) use finding::Report;
pub use finding::{Finding, Severity};
pub use place::{Excerpt, Place};
pub(crate) use rule::{ELSEWHERE, Scope};
pub use rule::{Family, Rule};

/// Whose rules apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruleset {
    /// Everything PyPI checks on upload, and what holds everywhere.
    Pypi,
    /// What holds everywhere: for private indexes, which take local versions and plain Linux wheels.
    Permissive,
}

static RULES: [&Rule; 41] = [
    &filename::PROJECT,
    &filename::VERSION,
    &filename::NORMALIZED,
    &filename::DIST_INFO,
    &platform_tag::RULE,
    &local_version::RULE,
    &metadata_version::KNOWN,
    &metadata_version::FIELDS,
    &metadata_fields::RULE,
    &summary::RULE,
    &content_type::RULE,
    &email::RULE,
    &urls::URL,
    &urls::PROJECT_URL,
    &classifiers::KNOWN,
    &classifiers::DEPRECATED,
    &requires_python::RULE,
    &requirements::VALID,
    &requirements::DIRECT,
    &names::DYNAMIC,
    &names::EXTRA,
    &names::IMPORT,
    &licenses::EXPRESSION,
    &licenses::TWICE,
    &licenses::PATH,
    &license_files::RULE,
    &description::RULE,
    &render::RULE,
    &wheel_tags::TAGS,
    &wheel_tags::PURELIB,
    &wheel_files::BYTECODE,
    &wheel_files::COMMON_TOP,
    &entry_points::RULE,
    &record::PRESENT,
    &record::CONTENT,
    &archive_structure::STREAMED,
    &archive_structure::COMMENTS,
    &archive_structure::SYMLINKS,
    &archive_contents::RATIO,
    &archive_contents::SIZE,
    &sdist_layout::RULE,
];

/// Every rule there is, by family and in the order in which they are applied.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    opening::RULES.into_iter().chain(RULES).chain(&crate::set::RULES)
}

/// The rule with this id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.id == id)
}

/// Applies every rule of `ruleset`. The wheel's contents are read once, to compare them with RECORD.
#[must_use]
pub fn check(distribution: &Distribution, ruleset: Ruleset) -> Vec<Finding> {
    let file = distribution.filename.to_string();
    let mut findings = Vec::new();
    for rule in RULES {
        if rule.scope == Scope::Everywhere || ruleset == Ruleset::Pypi {
            (rule.check)(distribution, &mut Report::new(&file, rule, &mut findings));
        }
    }
    for place in findings.iter_mut().filter_map(|finding| finding.place.as_mut()) {
        complete(distribution, place);
    }
    findings
}

/// Says where a header that was named stands.
fn complete(distribution: &Distribution, place: &mut Place) {
    let metadata = distribution.metadata();
    if place.entry.is_some() || crate::metadata::spec(&place.what).is_none() {
        return;
    }
    if place.line.is_none()
        && let Some((index, _)) = Place::fields(metadata, &place.what).next()
    {
        place.line = metadata.line_of(index);
    }
    place.entry = Some(distribution.metadata_member());
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn rules_have_distinct_ids_a_source_and_lines_that_are_lines() {
        let ids: BTreeSet<_> = rules().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), rules().count());
        for rule in rules() {
            for line in [rule.title, rule.source, rule.hint] {
                assert!(!line.is_empty() && !line.contains('\n'), "{}", rule.id);
            }
            assert!(rule.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
        }
    }

    #[test]
    fn every_rule_is_explained_and_nothing_else_is() {
        for rule in rules() {
            assert!(!rule.explanation().is_empty(), "{} in {}.md", rule.id, rule.family.slug());
        }
        for family in rules().map(|rule| rule.family) {
            for heading in family.page().lines().filter_map(|line| line.strip_prefix("## ")) {
                assert!(rule(heading).is_some_and(|rule| rule.family == family), "{heading}");
            }
        }
    }
}
