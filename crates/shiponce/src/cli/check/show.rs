//! What the gates found, for people, for programs and for GitHub Actions.

use super::Format;
use shiponce_api::sarif::{Log, RuleText};
use shiponce_api::v1::{
    ActionCode, Bump, CheckDocument, GateIssue, GateRow, GateStatus, IssueExcerpt, IssueSeverity,
    ValidationResult, VersionRecommendation, to_text,
};
use shiponce_api::{ErrorCode, Problem};

/// The text for stdout.
pub(super) fn render(document: &CheckDocument, format: Format) -> Result<String, Problem> {
    match format {
        Format::Text => {
            let gates: String = document.gates.iter().map(text).collect();
            let publisher = document.publisher.as_ref().map(super::publisher::text);
            Ok(gates + &publisher.map(|text| printable_lines(&text)).unwrap_or_default())
        }
        Format::Json => to_text(document).map_err(|error| Problem::from_error(ErrorCode::Internal, &error)),
        Format::Sarif => {
            let log = Log::of_check(document, env!("CARGO_PKG_VERSION"), &about);
            to_text(&log).map_err(|error| Problem::from_error(ErrorCode::Internal, &error))
        }
        Format::Github => Ok(document.gates.iter().flat_map(|gate| &gate.issues).map(annotation).collect()),
    }
}

/// What the catalogue of rules says about a rule.
fn about(id: &str) -> Option<RuleText> {
    let rule = shiponce_dist::check::rule(id)?;
    Some(RuleText {
        title: rule.title.to_owned(),
        explanation: rule.explanation().to_owned(),
        help: rule.hint.to_owned(),
    })
}

fn text(gate: &GateRow) -> String {
    let status = match gate.status {
        GateStatus::Pass => "pass",
        GateStatus::Fail => "fail",
        GateStatus::Unknown => "unknown",
        GateStatus::UnverifiableHere => "unverifiable here",
    };
    let mut text = format!("{}: {status}\n", gate.gate);
    if let Some(validation) = &gate.validation {
        text.push_str(&places(validation));
    }
    for issue in &gate.issues {
        text.push_str(&format!("  {}: {}\n", word(issue.severity), printable(&issue.message)));
        text.push_str(&shown_place(issue));
        // The advice of the version gate stands at its end, once.
        if let (Some(fix), None) = (&issue.fix_suggestion, &gate.validation) {
            text.push_str(&format!("    do: {fix}\n"));
        }
    }
    if let Some(validation) = &gate.validation
        && validation.recommended_action.code != ActionCode::None
    {
        text.push_str(&format!("do: {}\n", validation.recommended_action.text));
    }
    text
}

/// Where in the file it is: the member with its line, the byte, and the text with what is wrong underlined.
fn shown_place(issue: &GateIssue) -> String {
    let Some(place) = &issue.place else { return String::new() };
    let line = place.line.map(|line| format!(":{line}")).unwrap_or_default();
    let mut at = place.entry.as_ref().map(|entry| format!("{entry}{line}")).unwrap_or_default();
    if let Some(byte) = place.byte {
        at.push_str(&format!("{}byte {byte}", if at.is_empty() { "" } else { ", " }));
    }
    let mut text = if at.is_empty() { String::new() } else { format!("    at {}\n", printable(&at)) };
    if let Some(excerpt) = &place.excerpt {
        text.push_str(&underlined(excerpt));
    }
    text
}

fn underlined(excerpt: &IssueExcerpt) -> String {
    let (from, to) = (excerpt.from_column.max(1), excerpt.to_column.max(2));
    let blanks = " ".repeat(from as usize - 1);
    let carets = "^".repeat(to.saturating_sub(from).max(1) as usize);
    format!("      | {}\n      | {blanks}{carets}\n", printable(&excerpt.text))
}

fn places(validation: &ValidationResult) -> String {
    let mut text = String::new();
    for location in &validation.locations {
        let line = location.line_number.map(|line| format!(":{line}")).unwrap_or_default();
        let said = match (&location.text, &location.detail) {
            (Some(version), _) => format!("says {version}"),
            (None, Some(detail)) => detail.clone(),
            (None, None) => "takes the version from the tag".to_owned(),
        };
        text.push_str(&printable(&format!("  {}{line} {said} ({})", location.file_path, location.source)));
        text.push('\n');
    }
    if let Some(version) = &validation.git_version {
        text.push_str(&format!("  the tag says {version}\n"));
    }
    if let Some(found) = &validation.recommendation {
        text.push_str(&printable(&format!("  {}", recommended(found))));
        text.push('\n');
    }
    text
}

fn recommended(found: &VersionRecommendation) -> String {
    let word = match found.bump {
        Bump::Major => "MAJOR",
        Bump::Minor => "MINOR",
        Bump::Patch => "PATCH",
    };
    let commits =
        if found.changes == 1 { "1 commit".to_owned() } else { format!("{} commits", found.changes) };
    let mut what = vec![commits];
    for (count, kind) in [(found.breaking, "breaking"), (found.features, "with a feature")] {
        if count > 0 {
            what.push(format!("{count} {kind}"));
        }
    }
    format!("since {}: {}; {word}: {}", found.since, what.join(", "), found.version)
}

/// A workflow command: properties and data have their own escapes.
fn annotation(issue: &GateIssue) -> String {
    let mut properties = Vec::new();
    if let Some(path) = &issue.file_path {
        properties.push(format!("file={}", escaped(path, true)));
    }
    if let Some(line) = issue.line_number {
        properties.push(format!("line={line}"));
    }
    properties.push(format!("title={}", escaped(&issue.rule, true)));
    let level = match issue.severity {
        IssueSeverity::Note => "notice",
        severity => word(severity),
    };
    let fix = issue.fix_suggestion.as_deref().map(|fix| format!(" ({fix})")).unwrap_or_default();
    let message = escaped(&format!("{}{fix}", issue.message), false);
    format!("::{level} {}::{message}\n", properties.join(","))
}

fn escaped(text: &str, property: bool) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    if property { text.replace(':', "%3A").replace(',', "%2C") } else { text }
}

fn word(severity: IssueSeverity) -> &'static str {
    match severity {
        IssueSeverity::Error => "error",
        IssueSeverity::Warning => "warning",
        IssueSeverity::Note => "note",
    }
}

fn printable_lines(text: &str) -> String {
    text.lines().map(|line| printable(line) + "\n").collect()
}

/// Texts of project files must not steer the terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
