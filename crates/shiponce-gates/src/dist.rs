//! The dist gate: files against the rules of their formats and of the index.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use shiponce_api::v1::{GateIssue, GateRow, GateStatus, IssueExcerpt, IssuePlace, IssueSeverity};
use shiponce_dist::check::Place;
use shiponce_dist::{Examined, Finding, OpenOptions, Ruleset, Severity, check_set, examine};

/// Opens every file and holds it against the rules. Files are looked at side by side, on every processor.
#[must_use]
pub fn check_dist(paths: &[PathBuf], rules: Ruleset) -> GateRow {
    let mut issues = Vec::new();
    let mut files = Vec::new();
    for (path, looked) in paths.iter().zip(look(paths, rules)) {
        match looked {
            Ok(examined) => {
                issues.extend(examined.findings.into_iter().map(|finding| issue(path.display(), finding)));
                files.extend(examined.distribution);
            }
            Err(unreadable) => issues.push(unreadable),
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

/// What every file gives, in the order of the paths.
fn look(paths: &[PathBuf], rules: Ruleset) -> Vec<Result<Examined, GateIssue>> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = paths.get(index) else { return };
            let looked =
                examine(path, OpenOptions::default(), rules).map_err(|error| unreadable(path, &error));
            done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(index, looked);
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(paths.len());
    std::thread::scope(|scope| {
        for _ in 1..workers {
            scope.spawn(work);
        }
        work();
    });
    done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).into_values().collect()
}

fn issue(path: impl std::fmt::Display, finding: Finding) -> GateIssue {
    let words = finding.place.as_ref().map(|place| place.what.as_str()).filter(|words| !words.is_empty());
    let words = words.map(|words| format!("{words}: ")).unwrap_or_default();
    GateIssue {
        file_path: Some(path.to_string()),
        line_number: None,
        issue_type: finding.rule.to_owned(),
        severity: match finding.severity {
            Severity::Rejected => IssueSeverity::Error,
            Severity::Warned => IssueSeverity::Warning,
            Severity::Quality => IssueSeverity::Note,
        },
        message: format!("{}: {words}{}", finding.file, finding.message),
        fix_suggestion: Some(finding.hint.to_owned()),
        rule: finding.rule.to_owned(),
        place: finding.place.map(place),
    }
}

fn place(place: Place) -> IssuePlace {
    let excerpt = place.excerpt.map(|excerpt| IssueExcerpt {
        text: excerpt.text,
        from_column: u32::try_from(excerpt.from + 1).unwrap_or(u32::MAX),
        to_column: u32::try_from(excerpt.to + 1).unwrap_or(u32::MAX),
    });
    IssuePlace { entry: place.entry, line: place.line, byte: place.byte, excerpt }
}

fn unreadable(path: &Path, error: &dyn std::error::Error) -> GateIssue {
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
        place: None,
    }
}
