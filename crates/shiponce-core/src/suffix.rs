//! The suffix that gives files whose names are burned a version of their own: `.postN` or `.devN`.

use crate::version::Version;
use std::fmt;
use std::str::FromStr;

/// What is put behind a version. PEP 440 knows further parts; only these two say "the same source, another file".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VersionSuffix {
    /// `.postN`: newer than the version it follows.
    Post(u64),
    /// `.devN`: older than the version it follows, and skipped by installers unless asked for.
    Dev(u64),
}

/// Why a suffix is none, or cannot follow a version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SuffixError {
    /// Not `.postN` or `.devN`.
    #[error("`{0}` is no version suffix: write .post1 or .dev1")]
    Malformed(String),
    /// The version has a local part, after which `.post1` would be local too: `1.0+cu118.post1` is no post-release.
    #[error("`{suffix}` cannot follow {version}: a local version takes no suffix")]
    Local {
        /// The suffix.
        suffix: VersionSuffix,
        /// The version.
        version: Version,
    },
    /// PEP 440 has no such version: `1.0.post1.post2`, `1.0.dev1.post1`.
    #[error("`{suffix}` cannot follow {version}: PEP 440 knows no version {version}{suffix}")]
    Impossible {
        /// The suffix.
        suffix: VersionSuffix,
        /// The version.
        version: Version,
    },
}

impl VersionSuffix {
    /// The version with this suffix.
    ///
    /// # Errors
    /// [`SuffixError::Local`] and [`SuffixError::Impossible`] when PEP 440 has no such version.
    pub fn apply(self, version: &Version) -> Result<Version, SuffixError> {
        if version.is_local() {
            return Err(SuffixError::Local { suffix: self, version: version.clone() });
        }
        let text = format!("{version}{self}");
        text.parse().map_err(|_| SuffixError::Impossible { suffix: self, version: version.clone() })
    }
}

impl FromStr for VersionSuffix {
    type Err = SuffixError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |digits: &str| {
            let canonical = digits == "0" || !digits.starts_with('0');
            let decimal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|_| canonical && decimal)
        };
        let post = text.strip_prefix(".post").and_then(number).map(Self::Post);
        let dev = || text.strip_prefix(".dev").and_then(number).map(Self::Dev);
        post.or_else(dev).ok_or_else(|| SuffixError::Malformed(text.to_owned()))
    }
}

impl fmt::Display for VersionSuffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Post(number) => write!(f, ".post{number}"),
            Self::Dev(number) => write!(f, ".dev{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(version: &str, suffix: &str) -> Result<String, String> {
        let suffix: VersionSuffix = suffix.parse().unwrap();
        suffix.apply(&version.parse().unwrap()).map(|v| v.to_string()).map_err(|e| e.to_string())
    }

    #[test]
    fn a_suffix_follows_where_pep_440_lets_it() {
        for (version, suffix, result) in [
            ("1.0", ".post1", "1.0.post1"),
            ("1.0rc1", ".post2", "1.0rc1.post2"),
            ("1!2.0", ".dev0", "1!2.0.dev0"),
            ("1.0.post1", ".dev3", "1.0.post1.dev3"),
            ("v1.0-RC1", ".post10", "1.0rc1.post10"),
        ] {
            assert_eq!(applied(version, suffix).unwrap(), result);
            let suffix: VersionSuffix = suffix.parse().unwrap();
            let (old, new): (Version, Version) = (version.parse().unwrap(), result.parse().unwrap());
            assert_eq!(new > old, matches!(suffix, VersionSuffix::Post(_)), "{result}");
        }
    }

    #[test]
    fn a_suffix_that_cannot_follow_is_refused_with_the_reason() {
        insta::assert_snapshot!([
            ("1.0.post1", ".post2"),
            ("1.0.dev1", ".post1"),
            ("1.0.dev1", ".dev2"),
            ("1.0+cu118", ".post1"),
        ].map(|(version, suffix)| applied(version, suffix).unwrap_err()).join("\n"), @"
        `.post2` cannot follow 1.0.post1: PEP 440 knows no version 1.0.post1.post2
        `.post1` cannot follow 1.0.dev1: PEP 440 knows no version 1.0.dev1.post1
        `.dev2` cannot follow 1.0.dev1: PEP 440 knows no version 1.0.dev1.dev2
        `.post1` cannot follow 1.0+cu118: a local version takes no suffix
        ");
    }

    #[test]
    fn other_texts_are_no_suffix() {
        for bad in
            ["", "post1", ".post", ".post01", ".post-1", ".post+1", ".rc1", ".post1.dev1", "+local", ".dev1 "]
        {
            assert_eq!(bad.parse::<VersionSuffix>(), Err(SuffixError::Malformed(bad.to_owned())), "{bad}");
        }
        assert!(".post99999999999999999999".parse::<VersionSuffix>().is_err());
        assert_eq!(".post0".parse(), Ok(VersionSuffix::Post(0)));
    }
}
