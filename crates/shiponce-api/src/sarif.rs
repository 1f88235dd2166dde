//! Findings in SARIF 2.1.0 (OASIS), the format that code scanning services read.
//!
//! Only what our findings need is here. GitHub refuses a result without a location, so there is always one.

use serde::Serialize;

use crate::v1::{CheckDocument, GateIssue, GateRow, IssueSeverity};

/// A log with one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Finding>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Driver {
    name: &'static str,
    version: String,
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    short_description: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_description: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Text>,
}

/// What is known about a rule beside its findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleText {
    /// What a sound file is like, in one line.
    pub title: String,
    /// Why, in Markdown.
    pub explanation: String,
    /// What to do.
    pub help: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    rule_id: String,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Text {
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
}

/// Where a finding about no file is shown.
const PROJECT_FILE: &str = "pyproject.toml";

impl Log {
    /// The findings of gates. `version` is that of the program; `describe` tells about the rules it knows.
    #[must_use]
    pub fn of_check(
        document: &CheckDocument,
        version: &str,
        describe: &dyn Fn(&str) -> Option<RuleText>,
    ) -> Self {
        let mut rules: Vec<Rule> = Vec::new();
        let mut results = Vec::new();
        for (gate, issue) in document.gates.iter().flat_map(|gate| gate.issues.iter().map(move |i| (gate, i)))
        {
            let id = format!("{}/{}", gate.gate, issue.rule);
            let known = rules.iter().position(|rule| rule.id == id);
            let rule_index = known.unwrap_or_else(|| {
                rules.push(rule(id.clone(), gate, issue, describe(&issue.rule)));
                rules.len() - 1
            });
            results.push(finding(id, rule_index, issue));
        }
        let driver = Driver { name: "shiponce", version: version.to_owned(), rules };
        let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results };
        Self { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] }
    }
}

fn rule(id: String, gate: &GateRow, issue: &GateIssue, known: Option<RuleText>) -> Rule {
    let text = |text: String| Text { text };
    match known {
        Some(known) => Rule {
            id,
            short_description: text(known.title),
            full_description: Some(text(known.explanation)),
            help: Some(text(known.help)),
        },
        None => Rule {
            id,
            short_description: text(format!("{} of the gate {}", issue.rule, gate.gate)),
            full_description: None,
            help: None,
        },
    }
}

fn finding(rule_id: String, rule_index: usize, issue: &GateIssue) -> Finding {
    let path = issue.file_path.as_deref().unwrap_or(PROJECT_FILE);
    let fix = issue.fix_suggestion.as_deref().map(|fix| format!(" ({fix})")).unwrap_or_default();
    Finding {
        rule_id,
        rule_index,
        level: match issue.severity {
            IssueSeverity::Error => "error",
            IssueSeverity::Warning => "warning",
            IssueSeverity::Note => "note",
        },
        message: Text { text: format!("{}{fix}", issue.message) },
        locations: [Location {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation { uri: uri(path), uri_base_id: "%SRCROOT%" },
                region: Region { start_line: issue.line_number.unwrap_or(1).max(1) },
            },
        }],
    }
}

/// A path as a URI reference (RFC 3986): everything but unreserved characters and `/` is escaped.
fn uri(path: &str) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for byte in path.trim_start_matches("./").replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::GateStatus;

    fn issue(path: Option<&str>, line: Option<u32>, severity: IssueSeverity) -> GateIssue {
        GateIssue {
            file_path: path.map(str::to_owned),
            line_number: line,
            issue_type: "version-mismatch".to_owned(),
            severity,
            message: "src/demo says 1.1".to_owned(),
            fix_suggestion: Some("set it to 1.0".to_owned()),
            rule: "version-mismatch".to_owned(),
            place: None,
        }
    }

    #[test]
    fn a_log_of_findings() {
        let log = |issues| {
            let gate =
                GateRow { gate: "version".to_owned(), status: GateStatus::Fail, issues, validation: None };
            Log::of_check(
                &CheckDocument { gates: vec![gate], publisher: None, error: None },
                "0.1.0",
                &|_| None,
            )
        };
        let first = issue(Some("./src/größe demo/__init__.py"), Some(3), IssueSeverity::Error);
        let second = issue(None, None, IssueSeverity::Note);
        let both = serde_json::to_value(log(vec![first.clone(), second])).unwrap();
        let shown = &both["runs"][0]["results"][1];
        assert_eq!((&shown["level"], &shown["ruleIndex"]), (&"note".into(), &0.into()));
        let place = &shown["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "pyproject.toml");
        let log = log(vec![first]);
        insta::assert_snapshot!(serde_json::to_string_pretty(&log).unwrap(), @r#"
        {
          "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
          "version": "2.1.0",
          "runs": [
            {
              "tool": {
                "driver": {
                  "name": "shiponce",
                  "version": "0.1.0",
                  "rules": [
                    {
                      "id": "version/version-mismatch",
                      "shortDescription": {
                        "text": "version-mismatch of the gate version"
                      }
                    }
                  ]
                }
              },
              "columnKind": "unicodeCodePoints",
              "results": [
                {
                  "ruleId": "version/version-mismatch",
                  "ruleIndex": 0,
                  "level": "error",
                  "message": {
                    "text": "src/demo says 1.1 (set it to 1.0)"
                  },
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "src/gr%C3%B6%C3%9Fe%20demo/__init__.py",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "startLine": 3
                        }
                      }
                    }
                  ]
                }
              ]
            }
          ]
        }
        "#);
    }
}
