//! An error with its causes on one line.

use std::error::Error;
use std::fmt::Write as _;

use crate::text::sanitize;

/// `what failed: because: because`, for sentences that end up in a journal or on a terminal.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        if write!(text, ": {cause}").is_err() {
            break;
        }
        next = cause.source();
    }
    sanitize(&text, crate::text::SENTENCE_MAX)
}
