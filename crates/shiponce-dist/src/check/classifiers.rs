//! Classifiers.

use super::place::Place;
use super::{Family, Rule, Scope, Severity};
use crate::field::{Classifier, classifier, list_version};

/// Every classifier is on the list.
pub(super) static KNOWN: Rule = Rule {
    id: "classifier",
    title: "every classifier is on the list of the index",
    severity: Severity::Rejected,
    source: "the `trove-classifiers` package; the upload view: `… is not a valid classifier`",
    family: Family::Metadata,
    scope: Scope::Pypi,
    hint: "take the classifier from the index's list, or remove it",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        for (index, value) in Place::sent(metadata, "Classifier") {
            if let Classifier::Unknown(alike) = classifier(value) {
                let list = list_version();
                let alike = alike.map(|name| format!("; `{name}` is")).unwrap_or_default();
                let place = Place::field(metadata, index, value);
                report.rejected(place, format!("`{value}` is not a classifier of {list}{alike}"));
            }
        }
    },
};

/// No classifier was replaced by others.
pub(super) static DEPRECATED: Rule = Rule {
    id: "classifier-deprecated",
    title: "no classifier is deprecated",
    severity: Severity::Rejected,
    source: "the `trove-classifiers` package; the upload view: `The classifier … has been deprecated`",
    family: Family::Metadata,
    scope: Scope::Pypi,
    hint: "use what replaces the classifier, or remove it",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        for (index, value) in Place::sent(metadata, "Classifier") {
            if let Classifier::Deprecated(new) = classifier(value) {
                let new: Vec<String> = new.iter().map(|name| format!("`{name}`")).collect();
                let new = if new.is_empty() { "nothing".to_owned() } else { new.join(" or ") };
                let place = Place::field(metadata, index, value);
                report.rejected(place, format!("`{value}` was replaced by {new}"));
            }
        }
    },
};
