//! What a rule found.

use super::Rule;
use super::place::Place;
use std::fmt;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Works, and could be better.
    Quality,
    /// Accepted, and probably not meant.
    Warned,
    /// The index or installers refuse the file: it must not be released.
    Rejected,
}

/// One finding about one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The file name.
    pub file: String,
    /// What is wrong: a lower-case fragment.
    pub message: String,
    /// The member, field, line or byte it is about.
    pub place: Option<Place>,
    /// What to do, in one line.
    pub hint: &'static str,
}

impl Finding {
    /// Whether the file must not be released.
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        self.severity == Severity::Rejected
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file)?;
        if let Some(place) = self.place.as_ref().filter(|place| !place.what.is_empty()) {
            write!(f, "{place}: ")?;
        }
        write!(f, "{} [{}]", self.message, self.rule)
    }
}

/// Where a rule puts its findings.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    file: &'a str,
    rule: &'static Rule,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(file: &'a str, rule: &'static Rule, findings: &'a mut Vec<Finding>) -> Self {
        Self { file, rule, findings }
    }

    pub(crate) fn rejected(&mut self, place: impl Into<Place>, message: impl Into<String>) {
        self.add(Severity::Rejected, place.into(), message.into());
    }

    pub(crate) fn warned(&mut self, place: impl Into<Place>, message: impl Into<String>) {
        self.add(Severity::Warned, place.into(), message.into());
    }

    pub(crate) fn quality(&mut self, place: impl Into<Place>, message: impl Into<String>) {
        self.add(Severity::Quality, place.into(), message.into());
    }

    fn add(&mut self, severity: Severity, place: Place, message: String) {
        self.findings.push(Finding {
            rule: self.rule.id,
            severity,
            file: self.file.to_owned(),
            message,
            place: (!place.is_empty()).then_some(place),
            hint: self.rule.hint,
        });
    }
}
