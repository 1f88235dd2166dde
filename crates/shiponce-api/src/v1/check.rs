//! `check`: what the gates say.

use serde::{Deserialize, Serialize};

use super::{ErrorBody, TrustedPublisherStatus};

/// The document of `check --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckDocument {
    /// The gates that ran, in order.
    pub gates: Vec<GateRow>,
    /// What the gate `publisher` looked at; `null` when it did not run.
    pub publisher: Option<TrustedPublisherStatus>,
    /// Why the command ended early; `null` when every gate that was asked for ran.
    pub error: Option<ErrorBody>,
}

/// One gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateRow {
    /// Its name: `version`, `dist` or `publisher`.
    pub gate: String,
    /// How it ended.
    pub status: GateStatus,
    /// What it found, worst first.
    pub issues: Vec<GateIssue>,
    /// What the version gate compared; `null` for other gates.
    pub validation: Option<ValidationResult>,
}

/// How a gate ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GateStatus {
    /// Nothing that stops a release was found.
    Pass,
    /// Something that stops a release was found.
    Fail,
    /// The gate could not see what it has to judge. This never counts as a pass.
    Unknown,
    /// There is nothing here that the gate could look at, as there is no identity outside CI. No pass and no failure.
    UnverifiableHere,
}

/// One finding of a gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateIssue {
    /// The file it is about, relative to the project where it lies inside.
    pub file_path: Option<String>,
    /// The line, counted from 1.
    pub line_number: Option<u32>,
    /// What kind of finding it is, such as `version-mismatch`.
    pub issue_type: String,
    /// How bad it is.
    pub severity: IssueSeverity,
    /// What is wrong, with the values.
    pub message: String,
    /// What to do.
    pub fix_suggestion: Option<String>,
    /// The rule that found it.
    pub rule: String,
    /// Where inside the file it is; left out when the file as a whole is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<IssuePlace>,
}

/// A place inside a file that is an archive.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuePlace {
    /// The member of the archive.
    pub entry: Option<String>,
    /// The line of the member, counted from 1.
    pub line: Option<u32>,
    /// The byte of the archive, of tar files unpacked.
    pub byte: Option<u64>,
    /// The text that is wrong.
    pub excerpt: Option<IssueExcerpt>,
}

/// A line of text and the part of it that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueExcerpt {
    /// The line.
    pub text: String,
    /// The first character of the part, counted from 1.
    pub from_column: u32,
    /// The character after the part, counted from 1.
    pub to_column: u32,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IssueSeverity {
    /// It stops a release.
    Error,
    /// It is probably not meant.
    Warning,
    /// Good to know.
    Note,
}

/// What the version gate compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidationResult {
    /// Whether every source that states a version states the same one (PEP 440), and at least one could be read.
    pub is_synchronized: bool,
    /// The version of the tag, as the tag spells it; `null` without a tag.
    pub git_version: Option<String>,
    /// The version of the package, as its first source spells it; `null` when it is known only after the build.
    pub package_version: Option<String>,
    /// What is wrong; `null` when nothing is.
    pub error_message: Option<String>,
    /// Whether an index has this version with other content; `null` when that is not known.
    pub pypi_conflict: Option<bool>,
    /// What to do next.
    pub recommended_action: RecommendedAction,
    /// The version that the changes since the last release call for; `null` when nothing can be said.
    pub recommendation: Option<VersionRecommendation>,
    /// Every place that states a version, the one the build uses first.
    pub locations: Vec<VersionLocation>,
    /// What each index that was asked has of this version.
    pub indexes: Vec<IndexVersionRow>,
}

/// The version that the changes since the last release call for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRecommendation {
    /// Which part of the version rises.
    pub bump: Bump,
    /// The version.
    pub version: String,
    /// The tag of the last release.
    pub since: String,
    /// How many commits came after it.
    pub changes: u64,
    /// How many of them break their users.
    pub breaking: u64,
    /// How many of them add something.
    pub features: u64,
}

/// A part of a version that rises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bump {
    /// The first number.
    Major,
    /// The second number.
    Minor,
    /// The third number.
    Patch,
}

/// What to do next: a stable code and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecommendedAction {
    /// The stable code.
    pub code: ActionCode,
    /// One sentence with the values.
    pub text: String,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionCode {
    /// Nothing: go on.
    None,
    /// Make the places that state the version equal.
    SynchronizeVersions,
    /// Use the next version: the tag names another one, and a tag is never moved.
    FixTag,
    /// Use the next free version: this one is on an index.
    UseNextVersion,
    /// Build, and check the built files: the version is known only then.
    BuildFirst,
    /// Look again: an index could not be read.
    LookAgain,
}

/// A place that states a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionLocation {
    /// The file, relative to the project.
    pub file_path: String,
    /// The line, counted from 1.
    pub line_number: Option<u32>,
    /// The text as written.
    pub text: Option<String>,
    /// The version, as PEP 440 normalises it; `null` when the text is none, or nothing can be read.
    pub version: Option<String>,
    /// How it was found, such as `[project] version`.
    pub source: String,
    /// What is known about it.
    pub state: LocationState,
    /// One sentence when there is more to say.
    pub detail: Option<String>,
}

/// What is known about a place that states a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LocationState {
    /// It was read.
    Read,
    /// The text is no PEP 440 version.
    NotAVersion,
    /// It is computed by the build.
    KnownAfterBuild,
    /// The version is the tag's: there is nothing to compare.
    FromTag,
    /// A file that was named for the gate lacks it.
    Missing,
}

/// What an index has of the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexVersionRow {
    /// The index.
    pub index: String,
    /// What it has.
    pub state: IndexVersionState,
    /// How many files of this version it has.
    pub files: u64,
    /// The next version that is free there; `null` when this one is.
    pub next_free: Option<String>,
    /// Why it could not be read.
    pub reason: Option<String>,
}

/// What an index has of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IndexVersionState {
    /// Nothing.
    Free,
    /// Files of it, all with the content at hand.
    SameContent,
    /// Files of it, at least one with other content.
    OtherContent,
    /// Files of it, and nothing at hand to compare them with.
    Published,
    /// The index could not be read.
    Unobserved,
}
