//! Licence expressions (PEP 639).

use super::place::Place;
use super::{Family, Rule, Scope, Severity};
use crate::field::license_problem;

/// `License-Expression` is an SPDX expression.
pub(super) static EXPRESSION: Rule = Rule {
    id: "license-expression",
    title: "the licence expression is one of SPDX",
    severity: Severity::Rejected,
    source: "PEP 639; `packaging.metadata`: `… is invalid for 'license-expression'`",
    family: Family::Licences,
    scope: Scope::Everywhere,
    hint: "write SPDX identifiers such as `MIT OR Apache-2.0`; own licences are called `LicenseRef-…`",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        for (index, value) in Place::sent(metadata, "License-Expression") {
            if let Some(problem) = license_problem(value) {
                let place = Place::field(metadata, index, value);
                report.rejected(place, format!("`{value}` is no licence expression: {problem}"));
            }
        }
    },
};

/// The licence is stated once.
pub(super) static TWICE: Rule = Rule {
    id: "license-twice",
    title: "the old licence field does not stand beside the expression",
    severity: Severity::Rejected,
    source: "PEP 639; the upload view: `License is deprecated when License-Expression is present`",
    family: Family::Licences,
    scope: Scope::Pypi,
    hint: "remove the licence text, and the licence classifiers, where `license` is an expression",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        if Place::sent(metadata, "License-Expression").next().is_none() {
            return;
        }
        if let Some((index, _)) = Place::sent(metadata, "License").next() {
            let message = "`License` stands beside `License-Expression`";
            report.rejected(Place::field(metadata, index, ""), message);
        }
        let is_licence = |value: &str| value.starts_with("License ::");
        if let Some((index, _)) = Place::sent(metadata, "Classifier").find(|(_, value)| is_licence(value)) {
            let message = "a licence classifier stands beside `License-Expression`; PEP 639 wants it gone";
            report.warned(Place::field(metadata, index, ""), message);
        }
    },
};

/// Paths of licence files are plain.
pub(super) static PATH: Rule = Rule {
    id: "license-file-path",
    title: "`License-File` is a plain relative path",
    severity: Severity::Rejected,
    source: "PEP 639; `packaging.metadata`: `… is invalid for 'license-file'`",
    family: Family::Licences,
    scope: Scope::Everywhere,
    hint: "keep licence files below the project's folder, and update the build backend",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        for (index, value) in Place::sent(metadata, "License-File") {
            let drive =
                value.as_bytes().get(1) == Some(&b':') && value.starts_with(|c: char| c.is_alphabetic());
            let problem = if value.contains("..") {
                "leaves its folder"
            } else if value.contains('*') {
                "is a pattern, not a path"
            } else if value.starts_with('/') || value.starts_with('\\') || drive {
                "is absolute"
            } else if value.contains('\\') {
                "has a backslash"
            } else {
                continue;
            };
            let place = Place::field(metadata, index, value);
            report.rejected(place, format!("the path `{value}` {problem}"));
        }
    },
};
