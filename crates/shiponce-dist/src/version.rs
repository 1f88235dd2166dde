//! One version, said by up to three sources.

use shiponce_core::Version;
use std::fmt;

/// Where a version was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionSource {
    /// The metadata of a built file.
    Built,
    /// `pyproject.toml`, static, or computed by the build backend.
    Pyproject,
    /// The tag.
    Tag,
}

impl fmt::Display for VersionSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Built => "built file",
            Self::Pyproject => "pyproject.toml",
            Self::Tag => "tag",
        })
    }
}

/// The sources disagree, or there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionDisagreement {
    /// Every source with what it says, in the order of trust.
    pub said: [(VersionSource, Option<Version>); 3],
}

impl fmt::Display for VersionDisagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.said.iter().any(|(_, version)| version.is_some());
        f.write_str(if known {
            "the version is not the same everywhere: "
        } else {
            "the version is unknown: "
        })?;
        for (index, (source, version)) in self.said.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            match version {
                Some(version) => write!(f, "{separator}{source} says {version}")?,
                None => write!(f, "{separator}{source} says nothing")?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for VersionDisagreement {}

/// The version of a project: of the built file, else of `pyproject.toml`, else of the tag. The sources that say
/// something must mean the same version (PEP 440 equality: `1.0` and `1.0.0` agree).
///
/// # Errors
/// [`VersionDisagreement`] naming all three.
pub fn agree(
    built: Option<&Version>,
    pyproject: Option<&Version>,
    tag: Option<&Version>,
) -> Result<Version, VersionDisagreement> {
    let mut said = [built, pyproject, tag].into_iter().flatten();
    match said.next() {
        Some(first) if said.all(|other| other == first) => Ok(first.clone()),
        _ => Err(VersionDisagreement {
            said: [
                (VersionSource::Built, built.cloned()),
                (VersionSource::Pyproject, pyproject.cloned()),
                (VersionSource::Tag, tag.cloned()),
            ],
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn the_first_source_that_says_something_wins_when_all_agree() {
        let (one, same, other) = (version("1.0"), version("1.0.0"), version("1.1"));
        assert_eq!(agree(Some(&one), Some(&same), Some(&one)).unwrap().to_string(), "1.0");
        assert_eq!(agree(None, Some(&same), None).unwrap().to_string(), "1.0.0");
        assert_eq!(agree(None, None, Some(&other)).unwrap(), other);
    }

    #[test]
    fn disagreement_names_all_three() {
        let (one, other) = (version("1.0"), version("1.1"));
        assert_eq!(
            agree(Some(&one), None, Some(&other)).unwrap_err().to_string(),
            "the version is not the same everywhere: built file says 1.0, pyproject.toml says nothing, tag says 1.1"
        );
        assert!(agree(Some(&one), Some(&other), Some(&one)).is_err());
        assert_eq!(
            agree(None, None, None).unwrap_err().to_string(),
            "the version is unknown: built file says nothing, pyproject.toml says nothing, tag says nothing"
        );
    }
}
