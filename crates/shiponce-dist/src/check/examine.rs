//! From a path to findings: a file that cannot be opened as a distribution is a finding too.

use super::finding::Report;
use super::opening::rule_of;
use super::{Finding, Ruleset, check};
use crate::distribution::{DistError, Distribution, OpenOptions};
use std::error::Error as _;
use std::path::Path;

/// A file that was looked at.
#[derive(Debug)]
pub struct Examined {
    /// The distribution, when the file is one.
    pub distribution: Option<Distribution>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// Opens the file at `path` and applies the rules. What makes a file unsound becomes a finding, so that one look
/// at many files lists everything.
///
/// # Errors
/// [`DistError`] when the file cannot be read at all.
pub fn examine(path: &Path, options: OpenOptions<'_>, ruleset: Ruleset) -> Result<Examined, DistError> {
    let error = match Distribution::open_with(path, options) {
        Ok(distribution) => {
            let findings = check(&distribution, ruleset);
            return Ok(Examined { distribution: Some(distribution), findings });
        }
        Err(error) => error,
    };
    let Some((rule, place)) = rule_of(&error) else { return Err(error) };
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        message = format!("{message}: {cause}");
        source = cause.source();
    }
    let mut findings = Vec::new();
    Report::new(&file, rule, &mut findings).rejected(place, message);
    Ok(Examined { distribution: None, findings })
}
