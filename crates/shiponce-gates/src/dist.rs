//! The dist gate: files against the rules of their formats and of the index.

use std::path::PathBuf;

use shiponce_api::v1::{GateIssue, GateRow, GateStatus, IssueSeverity};
use shiponce_dist::{Distribution, Finding, Ruleset, Severity, check, check_set};

/// Opens every file and holds it against the rules.
#[must_use]
pub fn check_dist(paths: &[PathBuf], rules: Ruleset) -> GateRow {
    let mut issues = Vec::new();
    let mut files = Vec::new();
    for path in paths {
        match Distribution::open(path) {
            Ok(file) => {
                issues.extend(check(&file, rules).into_iter().map(|finding| issue(path.display(), finding)));
                files.push(file);
            }
            Err(error) => issues.push(unreadable(path, &error)),
        }
    }
    issues.extend(check_set(&files).into_iter().map(|finding| {
        let path = files.iter().find(|file| file.filename.to_string() == finding.file);
        let shown = path.map_or_else(|| finding.file.clone(), |file| file.path.display().to_string());
        issue(shown, finding)
    }));
    issues.sort_by_key(|issue| issue.severity);
    let failed = issues.iter().any(|issue| issue.severity == IssueSeverity::Error);
    let status = if failed { GateStatus::Fail } else { GateStatus::Pass };
    GateRow { gate: "dist".to_owned(), status, issues, validation: None }
}

fn issue(path: impl std::fmt::Display, finding: Finding) -> GateIssue {
    let place = finding.place.map(|place| format!("{place}: ")).unwrap_or_default();
    GateIssue {
        file_path: Some(path.to_string()),
        line_number: None,
        issue_type: finding.rule.to_owned(),
        severity: match finding.severity {
            Severity::Rejected => IssueSeverity::Error,
            Severity::Warned => IssueSeverity::Warning,
            Severity::Quality => IssueSeverity::Note,
        },
        message: format!("{}: {place}{}", finding.file, finding.message),
        fix_suggestion: Some(finding.hint.to_owned()),
        rule: finding.rule.to_owned(),
    }
}

fn unreadable(path: &std::path::Path, error: &dyn std::error::Error) -> GateIssue {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        message = format!("{message}: {cause}");
        source = cause.source();
    }
    GateIssue {
        file_path: Some(path.display().to_string()),
        line_number: None,
        issue_type: "unreadable".to_owned(),
        severity: IssueSeverity::Error,
        message,
        fix_suggestion: Some("build the file again".to_owned()),
        rule: "unreadable".to_owned(),
    }
}
