//! Version 1 of the JSON that others read.
//!
//! Rules: fields may be added, never renamed or removed; a reader ignores what it does not know; a field that
//! has no value is `null`, never absent, so that `jq .receipt` always works. No `flatten` and no `untagged`:
//! both make a later field a silent change of meaning. Times are RFC 3339 in UTC with a `Z`, sizes are bytes,
//! digests are lower-case hex.

mod batch;
mod build;
mod check;
mod config;
mod error;
mod event;
mod publisher;
mod receipt;
mod release;
mod repack;
mod status;
mod tag;
mod verify;
mod versions;

pub use batch::{BatchDocument, Preflight, Success};
pub use build::{BuildDocument, BuiltFile, BuiltPackage, DifferenceRow};
pub use check::{
    ActionCode, Bump, CheckDocument, GateIssue, GateRow, GateStatus, IndexVersionRow, IndexVersionState,
    IssueExcerpt, IssuePlace, IssueSeverity, LocationState, RecommendedAction, ValidationResult,
    VersionLocation, VersionRecommendation,
};
pub use config::{ConfigDocument, ConfigRow, HostRow};
pub use error::{ErrorBody, ErrorDocument, FactRow};
pub use event::{Event, Level};
pub use publisher::{FormField, LastPublisher, PublisherRow, PublisherState, TrustedPublisherStatus};
pub use receipt::{
    PageState, Propagation, PropagationPage, Receipt, ReceiptFile, ReceiptPage, ReceiptTarget,
};
pub use release::{Action, FileRow, Outcome, ReleaseDocument, Step, StepStatus, TargetCell, TargetState};
pub use repack::{PlacedWord, RepackDocument, RepackRow};
pub use status::{StatusDocument, StatusListDocument};
pub use tag::{TagDocument, TagWord, TagsDocument};
pub use verify::{VerifyDocument, VerifyRow, VerifyStatus};
pub use versions::{IndexVersions, VersionRow, VersionsDocument};

/// Turns a document into the text that goes to stdout: pretty, UTF-8, with a newline at the end.
///
/// # Errors
/// Only when a document holds a map with keys that are not strings, which none of these types has.
pub fn to_text<T: serde::Serialize>(document: &T) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(document).map(|text| text + "\n")
}
