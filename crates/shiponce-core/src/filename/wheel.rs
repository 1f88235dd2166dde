//! Wheel file names (PEP 427) and their compressed tag sets (PEP 425).

use super::FilenameError;
use crate::names::{PackageName, normalize};
use crate::version::Version;
use std::fmt;
use std::str::FromStr;

/// A parsed wheel file name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WheelFilename {
    /// The whole name as written.
    pub written: String,
    /// The project.
    pub project: PackageName,
    /// The version.
    pub version: Version,
    /// The optional build tag; a new one gives a fresh file name for the same version.
    pub build: Option<BuildTag>,
    /// Python tags of the compressed set, in order: `py2`, `py3`.
    pub python: Vec<String>,
    /// ABI tags: `cp311`, `abi3`, `none`.
    pub abi: Vec<String>,
    /// Platform tags: `any`, `manylinux_2_17_x86_64`.
    pub platform: Vec<String>,
}

/// A build tag: a number and the text after it, ordered as PEP 427 says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BuildTag {
    /// The leading digits.
    pub number: u64,
    /// What follows them.
    pub suffix: String,
}

/// One concrete tag out of a compressed set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WheelTag {
    /// The interpreter and its version.
    pub python: String,
    /// The binary interface.
    pub abi: String,
    /// The platform.
    pub platform: String,
}

impl fmt::Display for WheelTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.python, self.abi, self.platform)
    }
}

impl WheelFilename {
    /// Every concrete tag of the compressed set, as the WHEEL file must list them (PEP 425).
    pub fn tags(&self) -> impl Iterator<Item = WheelTag> + '_ {
        self.python.iter().flat_map(move |python| {
            self.abi.iter().flat_map(move |abi| {
                self.platform.iter().map(move |platform| WheelTag {
                    python: python.clone(),
                    abi: abi.clone(),
                    platform: platform.clone(),
                })
            })
        })
    }

    /// Whether the wheel runs on any platform with a matching Python: `none-any`.
    #[must_use]
    pub fn is_pure(&self) -> bool {
        self.abi == ["none"] && self.platform == ["any"]
    }

    /// `{name}-{version}` as written, the stem of `.dist-info` and `.data`.
    #[must_use]
    pub fn stem(&self) -> String {
        self.written.splitn(3, '-').take(2).collect::<Vec<_>>().join("-")
    }

    pub(super) fn is_normalized(&self) -> bool {
        let mut parts = self.written.split('-');
        let name = parts.next().unwrap_or_default();
        let version = parts.next().unwrap_or_default();
        // Warehouse compares the name part with the normalised project name and the version by equality only.
        normalize(name).replace('-', "_") == name && version.parse::<Version>().is_ok()
    }
}

impl FromStr for WheelFilename {
    type Err = FilenameError;

    fn from_str(text: &str) -> Result<Self, FilenameError> {
        let owned = || text.to_owned();
        let stem = text.strip_suffix(".whl").ok_or_else(|| FilenameError::Extension(owned()))?;
        let parts: Vec<&str> = stem.split('-').collect();
        let (name, version, build, tags) = match parts.as_slice() {
            [name, version, tags @ ..] if tags.len() == 3 => (name, version, None, tags),
            [name, version, build, tags @ ..] if tags.len() == 3 => (name, version, Some(*build), tags),
            _ => return Err(FilenameError::WheelParts(owned())),
        };
        let project = name.parse().map_err(|_| FilenameError::Name(owned()))?;
        // `_` stands for `-` in a file name (PEP 427), as in `1.0_1` for the post release `1.0-1`.
        let version = version.replace('_', "-").parse().map_err(|_| FilenameError::Version(owned()))?;
        let build =
            build.map(|build| parse_build(build).ok_or_else(|| FilenameError::Build(owned()))).transpose()?;
        let [python, abi, platform] = [0, 1, 2].map(|index| split_tags(text, tags[index]));
        Ok(Self {
            written: owned(),
            project,
            version,
            build,
            python: python?,
            abi: abi?,
            platform: platform?,
        })
    }
}

impl FromStr for BuildTag {
    type Err = FilenameError;

    fn from_str(text: &str) -> Result<Self, FilenameError> {
        parse_build(text).ok_or_else(|| FilenameError::Build(text.to_owned()))
    }
}

fn parse_build(text: &str) -> Option<BuildTag> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, suffix) = text.split_at(digits);
    Some(BuildTag { number: number.parse().ok()?, suffix: suffix.to_owned() })
}

fn split_tags(filename: &str, set: &str) -> Result<Vec<String>, FilenameError> {
    let tags: Vec<String> = set.split('.').map(ToOwned::to_owned).collect();
    let good = |tag: &String| !tag.is_empty() && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !tags.iter().all(good) {
        return Err(FilenameError::Tag(filename.to_owned(), set.to_owned()));
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wheel(text: &str) -> WheelFilename {
        text.parse().unwrap()
    }

    #[test]
    fn parses_what_projects_really_upload() {
        for (text, version, tags) in [
            ("six-1.16.0-py2.py3-none-any.whl", "1.16.0", 2),
            ("nh3-0.2.18-cp38-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", "0.2.18", 2),
            ("demo-1.0rc1-py3-none-any.whl", "1.0rc1", 1),
            ("demo-0.10.0.post1-cp312-cp312-win_amd64.whl", "0.10.0.post1", 1),
            ("demo-1!2.0.dev3-py3-none-any.whl", "1!2.0.dev3", 1),
            ("demo-1.0+cu118-cp310.cp311-none-any.whl", "1.0+cu118", 2),
        ] {
            let parsed = wheel(text);
            assert_eq!(parsed.version.to_string(), version, "{text}");
            assert_eq!(parsed.tags().count(), tags, "{text}");
            assert_eq!(parsed.build, None, "{text}");
            assert_eq!(parsed.written, text);
        }
    }

    #[test]
    fn build_tags_order_by_number_then_text() {
        let parsed = wheel("demo-1.0-2_beta-py3-none-any.whl");
        assert_eq!(parsed.build, Some(BuildTag { number: 2, suffix: "_beta".to_owned() }));
        let mut tags: Vec<BuildTag> = ["10", "2b", "2"].map(|t| t.parse().unwrap()).into();
        tags.sort();
        assert_eq!(tags.iter().map(|t| t.number).collect::<Vec<_>>(), [2, 2, 10]);
        assert_eq!(parsed.stem(), "demo-1.0");
    }

    #[test]
    fn normalised_names_are_told_apart() {
        assert!(wheel("demo_pkg-1.0-py3-none-any.whl").is_normalized());
        for other in [
            "Demo_pkg-1.0-py3-none-any.whl",
            "demo.pkg-1.0-py3-none-any.whl",
            "demo__pkg-1.0-py3-none-any.whl",
        ] {
            assert!(!wheel(other).is_normalized(), "{other}");
        }
    }

    #[test]
    fn refuses_with_the_reason() {
        let error = |text: &str| text.parse::<WheelFilename>().unwrap_err().to_string();
        insta::assert_snapshot!([
            "demo-1.0.whl",
            "demo-1.0-x-py3-none-any.whl",
            "demo-1.0-foo-bar-py3-none-any.whl",
            "-1.0-py3-none-any.whl",
            "demo-bad-py3-none-any.whl",
            "demo-1.0-py3..py2-none-any.whl",
            "demo-1.0-py3-none-a/b.whl",
            "demo-1.0.tar.gz",
        ].map(error).join("\n"), @r"
        `demo-1.0.whl` is not a wheel name: expected name-version(-build)-python-abi-platform.whl
        `demo-1.0-x-py3-none-any.whl` has a build tag that does not start with a digit
        `demo-1.0-foo-bar-py3-none-any.whl` is not a wheel name: expected name-version(-build)-python-abi-platform.whl
        `-1.0-py3-none-any.whl` does not begin with a project name
        `demo-bad-py3-none-any.whl` has no PEP 440 version where one belongs
        `demo-1.0-py3..py2-none-any.whl` has a malformed wheel tag `py3..py2`
        `demo-1.0-py3-none-a/b.whl` has a malformed wheel tag `a/b`
        `demo-1.0.tar.gz` is not the name of a distribution: expected `.whl`, `.tar.gz` or `.zip`
        ");
    }
}
