//! What the indexes add: a version that is taken, or an index that could not be read.

use shiponce_api::v1::{GateIssue, IssueSeverity};
use shiponce_core::Version;

use super::issues::{issue, note};
use super::{IndexState, Question};

/// Whether an index has the version with other content; `None` when that is not known.
pub(super) fn conflict(question: &Question<'_>) -> Option<bool> {
    let published = question.published?;
    if published.iter().any(|there| matches!(there.state, IndexState::OtherContent { .. })) {
        return Some(true);
    }
    let compared = |state: &IndexState| matches!(state, IndexState::Free | IndexState::SameContent { .. });
    (!published.is_empty() && published.iter().all(|there| compared(&there.state))).then_some(false)
}

/// Whether an index that was asked could not be read.
pub(super) fn unread(question: &Question<'_>) -> bool {
    let published = question.published.unwrap_or_default();
    published.iter().any(|there| matches!(there.state, IndexState::Unobserved { .. }))
}

/// The findings of the indexes.
pub(super) fn issues(question: &Question<'_>, version: Option<&Version>) -> Vec<GateIssue> {
    let Some(published) = question.published else {
        return vec![note("index-not-asked", "no index was asked whether the version is free".to_owned())];
    };
    let Some(version) = version else { return Vec::new() };
    let mut issues = Vec::new();
    for there in published {
        let index = &there.index;
        let (found, next) = match &there.state {
            IndexState::Free | IndexState::SameContent { .. } => continue,
            IndexState::OtherContent { files, next } => {
                let message = format!("{version} is on {index} with other content ({})", count(*files));
                (issue("version-taken", IssueSeverity::Error, message), Some(next))
            }
            IndexState::Published { files, next } => {
                let message = format!(
                    "{version} is on {index} already ({}); the build shows whether the content is the same",
                    count(*files)
                );
                (issue("version-published", IssueSeverity::Warning, message), Some(next))
            }
            IndexState::Unobserved { why } => {
                (note("index-unobserved", format!("{index} could not be read: {why}")), None)
            }
        };
        issues.push(GateIssue {
            fix_suggestion: next.map(|next| format!("the next free version is {next}")),
            ..found
        });
    }
    issues
}

fn count(files: u64) -> String {
    if files == 1 { "1 file".to_owned() } else { format!("{files} files") }
}

/// The advice when the version is taken.
pub(super) fn use_next(question: &Question<'_>) -> Option<String> {
    question.published?.iter().find_map(|there| match &there.state {
        IndexState::OtherContent { next, .. } => {
            Some(format!("release {next}: what is on {} cannot be replaced", there.index))
        }
        IndexState::Published { next, .. } => {
            Some(format!("if this is not the commit that was released, use {next}, which is free"))
        }
        _ => None,
    })
}
