//! Source distribution file names (PEP 625, and the older spellings an index still lists).

use super::FilenameError;
use crate::names::{PackageName, normalize};
use crate::version::Version;
use std::str::FromStr;

/// A parsed sdist file name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SdistFilename {
    /// The whole name as written.
    pub written: String,
    /// The project.
    pub project: PackageName,
    /// The version.
    pub version: Version,
}

impl SdistFilename {
    /// The name without its extension: also the archive's only top-level directory.
    #[must_use]
    pub fn stem(&self) -> &str {
        self.written
            .strip_suffix(".tar.gz")
            .or_else(|| self.written.strip_suffix(".zip"))
            .unwrap_or(&self.written)
    }

    pub(super) fn is_normalized(&self) -> bool {
        let name = self.stem().rsplit_once('-').map_or("", |(name, _)| name);
        let expected = format!("{}-{}.tar.gz", normalize(name).replace('-', "_"), self.version);
        self.written == expected
    }
}

impl FromStr for SdistFilename {
    type Err = FilenameError;

    fn from_str(text: &str) -> Result<Self, FilenameError> {
        let stem = text
            .strip_suffix(".tar.gz")
            .or_else(|| text.strip_suffix(".zip"))
            .ok_or_else(|| FilenameError::Extension(text.to_owned()))?;
        // Old names carry hyphens in the project part and `-1` post releases: the version begins after the first
        // hyphen whose right side is a version.
        let (name, version) = stem
            .match_indices('-')
            .map(|(at, _)| (&stem[..at], &stem[at + 1..]))
            .find_map(|(name, rest)| Some((name, rest.parse::<Version>().ok()?)))
            .ok_or_else(|| FilenameError::Version(text.to_owned()))?;
        let project = name.parse().map_err(|_| FilenameError::Name(text.to_owned()))?;
        Ok(Self { written: text.to_owned(), project, version })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sdist(text: &str) -> SdistFilename {
        text.parse().unwrap()
    }

    #[test]
    fn parses_new_and_old_spellings() {
        for (text, project, version, normalized) in [
            ("demo_pkg-1.0.0.tar.gz", "demo-pkg", "1.0.0", true),
            ("demo-pkg-1.0.0.tar.gz", "demo-pkg", "1.0.0", false),
            ("DEMO-2.15.tar.gz", "demo", "2.15", false),
            ("demo-1.0-1.tar.gz", "demo", "1.0.post1", false),
            ("demo-1.0.zip", "demo", "1.0", false),
            ("demo-1!2rc1.tar.gz", "demo", "1!2rc1", true),
            ("a-2-b-1.0.tar.gz", "a-2-b", "1.0", false),
        ] {
            let parsed = sdist(text);
            assert_eq!(parsed.project.normalized(), project, "{text}");
            assert_eq!(parsed.version.to_string(), version, "{text}");
            assert_eq!(parsed.is_normalized(), normalized, "{text}");
        }
        assert_eq!(sdist("demo-1.0.tar.gz").stem(), "demo-1.0");
    }

    #[test]
    fn refuses_other_files() {
        for bad in ["demo.tar.gz", "demo-x.tar.gz", "demo-1.0.tar.bz2", "-1.0.tar.gz", "demo-1.0.egg"] {
            assert!(bad.parse::<SdistFilename>().is_err(), "{bad}");
        }
    }
}
