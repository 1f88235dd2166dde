//! From a path to findings: a file that cannot be opened as a distribution is a finding too.

use super::finding::Report;
use super::{Finding, Ruleset, check};
use crate::distribution::{DistError, Distribution, OpenOptions};
use crate::sdist::SdistError;
use crate::tar::TarError;
use crate::wheel::WheelError;
use crate::zip::ZipError;
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
    let Some((rule, hint)) = rule_of(&error) else { return Err(error) };
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        message = format!("{message}: {cause}");
        source = cause.source();
    }
    let mut findings = Vec::new();
    Report::new(&file, rule, hint, &mut findings).rejected("", message);
    Ok(Examined { distribution: None, findings })
}

/// The rule that an unsound file breaks; `None` when the file could not be read.
fn rule_of(error: &DistError) -> Option<(&'static str, &'static str)> {
    const ARCHIVE: (&str, &str) = ("archive-unsound", "build the file again with a current build backend");
    match error {
        DistError::NoName(_) | DistError::Open(_) | DistError::Hash { .. } => None,
        DistError::Filename { .. } => {
            Some(("filename", "do not rename distributions; keep the name the build backend gave"))
        }
        DistError::Wheel(WheelError::Open(_)) | DistError::Sdist(SdistError::Open(_)) => None,
        DistError::Wheel(WheelError::Zip { source, .. })
        | DistError::Sdist(SdistError::Zip { source, .. }) => {
            (!matches!(source, ZipError::Read { .. })).then_some(ARCHIVE)
        }
        DistError::Sdist(SdistError::Tar { source: TarError::Read(source), .. })
            if source.raw_os_error().is_some() =>
        {
            None
        }
        DistError::Sdist(SdistError::Tar { .. }) => Some(ARCHIVE),
        DistError::Wheel(_) => Some(("wheel-unsound", "build the wheel again with a current build backend")),
        DistError::Sdist(_) => Some(("sdist-unsound", "build the sdist again with a current build backend")),
    }
}
