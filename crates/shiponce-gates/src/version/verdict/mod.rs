//! The comparison: what the places say, what the tag says, what the built files say, what the indexes have.

use shiponce_api::v1::{
    ActionCode, GateIssue, GateRow, GateStatus, IssueSeverity, RecommendedAction, ValidationResult,
};
use shiponce_core::Version;

use super::location::{Location, Reading};
use super::recommend::{Changes, recommend};

mod indexes;
mod issues;
mod rows;

/// What is compared.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The tag and the version it names, when there is one.
    pub tag: Option<(&'a str, &'a Version)>,
    /// Every place that states the version, the one the build uses first.
    pub locations: &'a [Location],
    /// The built files. When there are any, their metadata is the authority.
    pub built: &'a [Built],
    /// What the indexes have of the version; `None` when none was asked.
    pub published: Option<&'a [Published]>,
}

/// A built file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// Its name.
    pub file: String,
    /// The version in its metadata.
    pub version: Version,
}

/// What an index has of the version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The index, as people call it.
    pub index: String,
    /// What it has.
    pub state: IndexState,
}

/// What an index has of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexState {
    /// Nothing.
    Free,
    /// Files with the content at hand.
    SameContent {
        /// How many.
        files: u64,
    },
    /// Files, at least one with other content than the one at hand.
    OtherContent {
        /// How many.
        files: u64,
        /// The next version that is free.
        next: Version,
    },
    /// Files, and nothing at hand to compare them with.
    Published {
        /// How many.
        files: u64,
        /// The next version that is free.
        next: Version,
    },
    /// The index could not be read.
    Unobserved {
        /// Why.
        why: String,
    },
}

/// What the gate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The gate, as others read it.
    pub row: GateRow,
    /// The version of the project, as far as it is known.
    pub version: Option<Version>,
}

/// The source all others are compared with.
struct Truth<'a> {
    version: &'a Version,
    /// `pyproject.toml:3`, or what else says it.
    place: String,
    location: Option<&'a Location>,
}

impl Question<'_> {
    fn truth(&self) -> Option<Truth<'_>> {
        if let Some(built) = self.built.first() {
            return Some(Truth { version: &built.version, place: built.file.clone(), location: None });
        }
        let by_tag = matches!(self.locations.first().map(|first| &first.reading), Some(Reading::FromTag));
        let stated = self.locations.iter().find_map(|location| {
            let version = location.version()?;
            Some(Truth { version, place: location.place(), location: Some(location) })
        });
        let tagged =
            self.tag.map(|(tag, version)| Truth { version, place: format!("the tag {tag}"), location: None });
        if by_tag { tagged.or(stated) } else { stated.or(tagged) }
    }

    /// What cannot be judged here, when something cannot.
    fn unknown(&self) -> Option<String> {
        if !self.built.is_empty() {
            return None;
        }
        match self.locations.first().map(|first| (&first.reading, first.place())) {
            None => Some("no file states the version: known after build".to_owned()),
            Some((Reading::AfterBuild(why), place)) => {
                Some(format!("{place}: not readable here: known after build ({why})"))
            }
            Some((Reading::FromTag, place)) if self.tag.is_none() => {
                Some(format!("{place}: the version is the tag's, and there is no tag"))
            }
            Some(_) => None,
        }
    }
}

impl Verdict {
    /// Adds which version the changes since the last release call for. A version that is below it and not released
    /// yet is told to be too low; that is probably a mistake and stops nothing.
    pub fn recommend(&mut self, changes: &Changes<'_>) {
        let Some(found) = recommend(changes) else { return };
        let wanted: Option<Version> = found.version.parse().ok();
        if let (Some(version), Some(wanted)) = (&self.version, &wanted)
            && version > changes.version
            && version < wanted
            && version.is_plain()
        {
            let why = if found.breaking > 0 { "break their users" } else { "add something" };
            let message =
                format!("{version} is too low: changes since {} {why} and call for {wanted}", changes.tag);
            let low = issues::issue("version-too-low", IssueSeverity::Warning, message);
            self.row.issues.push(GateIssue { fix_suggestion: Some(format!("set it to {wanted}")), ..low });
            self.row.issues.sort_by_key(|issue| issue.severity);
        }
        if let Some(validation) = &mut self.row.validation {
            validation.recommendation = Some(found);
        }
    }
}

/// Compares all sources of the version with PEP 440 equality.
#[must_use]
pub fn validate_version_sync(question: &Question<'_>) -> Verdict {
    let truth = question.truth();
    let mut issues = issues::of_sources(question, truth.as_ref());
    let synchronized = !issues.iter().any(|issue| issue.severity == IssueSeverity::Error);
    let unknown = question.unknown();
    issues.extend(indexes::issues(question, truth.as_ref().map(|truth| truth.version)));
    if let Some(message) = &unknown {
        issues.push(issues::note("known-after-build", message.clone()));
    }
    issues.sort_by_key(|issue| issue.severity);
    let failed = issues.iter().find(|issue| issue.severity == IssueSeverity::Error);
    let status = match failed {
        Some(_) => GateStatus::Fail,
        None if unknown.is_some() || indexes::unread(question) => GateStatus::Unknown,
        None => GateStatus::Pass,
    };
    let first = question.locations.iter().find(|location| location.version().is_some());
    let by_tag = matches!(question.locations.first().map(|first| &first.reading), Some(Reading::FromTag));
    let package_version = match question.built.first() {
        Some(built) => Some(built.version.to_string()),
        None if by_tag => question.tag.map(|(_, version)| version.to_string()),
        // What is found by its name alone is not the package's version when the build computes it.
        None if unknown.is_some() => None,
        None => first.and_then(Location::text).map(ToOwned::to_owned),
    };
    let validation = ValidationResult {
        is_synchronized: synchronized && unknown.is_none(),
        git_version: question.tag.map(|(_, version)| version.to_string()),
        package_version,
        error_message: failed.map(|issue| issue.message.clone()).or_else(|| unknown.clone()),
        pypi_conflict: indexes::conflict(question),
        recommended_action: action(question, &issues, unknown.is_some()),
        recommendation: None,
        locations: question.locations.iter().map(rows::location).collect(),
        indexes: question.published.unwrap_or_default().iter().map(rows::index).collect(),
    };
    let version = truth.filter(|_| unknown.is_none()).map(|truth| truth.version.clone());
    let row = GateRow { gate: "version".to_owned(), status, issues, validation: Some(validation) };
    Verdict { row, version }
}

fn action(question: &Question<'_>, issues: &[GateIssue], unknown: bool) -> RecommendedAction {
    let errors = || issues.iter().filter(|issue| issue.severity == IssueSeverity::Error);
    let has = |kind: &str| errors().any(|issue| issue.issue_type == kind);
    let (code, text) = if has("version-mismatch") || has("not-a-version") || has("version-file") {
        (
            ActionCode::SynchronizeVersions,
            "make the places that state the version equal, and commit".to_owned(),
        )
    } else if has("tag-mismatch") {
        let next = question.tag.map(|(_, version)| version.next_free(&[]).to_string()).unwrap_or_default();
        let text =
            format!("a tag is never moved: set the version to {next} or later, commit, and tag that commit");
        (ActionCode::FixTag, text)
    } else if let Some(text) = indexes::use_next(question) {
        (ActionCode::UseNextVersion, text)
    } else if unknown {
        (ActionCode::BuildFirst, "build, and check the files: --dist-dir DIR".to_owned())
    } else if indexes::unread(question) {
        (ActionCode::LookAgain, "check again when the index answers, or with --offline".to_owned())
    } else {
        (ActionCode::None, "nothing to do".to_owned())
    };
    RecommendedAction { code, text }
}
