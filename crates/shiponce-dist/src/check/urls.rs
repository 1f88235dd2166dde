//! Addresses of project pages.

use super::place::Place;
use super::{Family, Rule, Scope, Severity};
use crate::field::url_problem;

/// `Home-page` and `Download-URL` are addresses.
pub(super) static URL: Rule = Rule {
    id: "url",
    title: "the home page and the download address are `https` or `http` addresses",
    severity: Severity::Rejected,
    source: "the upload view: `… is not a valid url`",
    family: Family::Metadata,
    scope: Scope::Pypi,
    hint: "write the whole address with `https://` in front",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        for field in ["Home-page", "Download-URL"] {
            for (index, value) in Place::sent(metadata, field) {
                if let Some(problem) = url_problem(value) {
                    let place = Place::field(metadata, index, value);
                    report.rejected(place, format!("`{value}` is no address: {problem}"));
                }
            }
        }
    },
};

/// Longest label in characters.
const LABEL_LONGEST: usize = 32;

/// `Project-URL` has a label and an address.
pub(super) static PROJECT_URL: Rule = Rule {
    id: "project-url",
    title: "every project address has a label of at most 32 characters, and is an address",
    severity: Severity::Rejected,
    source: "the upload view: `… must be 32 characters or less`, `Must have a label`, `Must have a URL`",
    family: Family::Metadata,
    scope: Scope::Pypi,
    hint: "shorten the label or mend the address under `[project.urls]` in pyproject.toml",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        for (index, value) in Place::sent(metadata, "Project-URL") {
            let (label, url) = value.split_once(',').unwrap_or((value, ""));
            let (label, url) = (label.trim(), url.trim());
            let length = label.chars().count();
            let (part, message) = if label.is_empty() {
                ("", "the address has no label".to_owned())
            } else if length > LABEL_LONGEST {
                (label, format!("the label `{label}` has {length} characters, more than {LABEL_LONGEST}"))
            } else if url.is_empty() {
                ("", format!("the label `{label}` has no address"))
            } else if let Some(problem) = url_problem(url) {
                (url, format!("`{url}` is no address: {problem}"))
            } else {
                continue;
            };
            report.rejected(Place::field(metadata, index, part), message);
        }
    },
};
