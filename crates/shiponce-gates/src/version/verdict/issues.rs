//! One finding for every source that says something else, or nothing.

use shiponce_api::v1::{GateIssue, IssueSeverity};

use super::super::location::{Location, Reading};
use super::{Question, Truth};

/// A finding about no file.
pub(super) fn note(kind: &str, message: String) -> GateIssue {
    issue(kind, IssueSeverity::Note, message)
}

/// A finding whose rule is its kind.
pub(super) fn issue(kind: &str, severity: IssueSeverity, message: String) -> GateIssue {
    GateIssue {
        file_path: None,
        line_number: None,
        issue_type: kind.to_owned(),
        severity,
        message,
        fix_suggestion: None,
        rule: kind.to_owned(),
        place: None,
    }
}

/// What the places, the built files and the tag disagree about.
pub(super) fn of_sources(question: &Question<'_>, truth: Option<&Truth<'_>>) -> Vec<GateIssue> {
    let mut issues: Vec<GateIssue> =
        question.locations.iter().filter_map(|location| of_location(location, truth)).collect();
    let Some(truth) = truth else { return issues };
    for built in question.built.iter().filter(|built| built.version != *truth.version) {
        let message =
            format!("{} is version {}, {} is {}", built.file, built.version, truth.place, truth.version);
        let mut found = issue("version-mismatch", IssueSeverity::Error, message);
        found.file_path = Some(built.file.clone());
        issues.push(found);
    }
    if let Some((tag, version)) = question.tag
        && version != truth.version
    {
        let message = format!("the tag {tag} says {version}, {} says {}", truth.place, truth.version);
        let mut found = issue("tag-mismatch", IssueSeverity::Error, message);
        found.file_path =
            Some(truth.location.map_or_else(|| truth.place.clone(), |location| location.file.clone()));
        found.line_number = truth.location.and_then(|location| location.line);
        found.fix_suggestion = Some("a tag is never moved: use the next version".to_owned());
        issues.push(found);
    }
    issues
}

fn of_location(location: &Location, truth: Option<&Truth<'_>>) -> Option<GateIssue> {
    let place = location.place();
    let (kind, severity, message, fix) = match (&location.reading, truth) {
        (Reading::Version { text, version }, Some(truth)) if version != truth.version => (
            "version-mismatch",
            IssueSeverity::Error,
            format!("{place} says {text}, {} says {}", truth.place, truth.version),
            Some(format!("set it to {}", truth.version)),
        ),
        (Reading::NotAVersion(text), _) => (
            "not-a-version",
            if location.declared { IssueSeverity::Error } else { IssueSeverity::Warning },
            format!("{place} says `{text}`, which is not a PEP 440 version"),
            truth.map(|truth| format!("set it to {}", truth.version)),
        ),
        (Reading::Missing(why), _) => (
            "version-file",
            IssueSeverity::Error,
            format!("{place}: {why}"),
            Some("correct the entry of [gates] version-files".to_owned()),
        ),
        _ => return None,
    };
    let mut found = issue(kind, severity, message);
    found.file_path = Some(location.file.clone());
    found.line_number = location.line;
    found.fix_suggestion = fix;
    Some(found)
}
