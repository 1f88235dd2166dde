//! Wheel tags as a configuration states them.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::filename::WheelFilename;
use crate::matrix::Platform;

/// A possibly compressed set of tags (PEP 425): `cp310-abi3-manylinux_2_28_x86_64`, `py2.py3-none-any`.
///
/// Two spellings of one set are equal; the old names of manylinux (PEP 600: `manylinux2014` is `manylinux_2_17`) are
/// the new ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExpectedTags {
    tags: BTreeSet<[String; 3]>,
    written: String,
}

/// A text that is no set of wheel tags.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no wheel tag such as `py3-none-any` or `cp310-abi3-manylinux_2_28_x86_64`")]
pub struct TagsError(pub String);

impl ExpectedTags {
    /// Whether a wheel carries every tag of the set. It may carry more: `manylinux_2_17` beside the expected
    /// `manylinux_2_28` reaches further.
    #[must_use]
    pub fn are_in(&self, wheel: &WheelFilename) -> bool {
        let there: BTreeSet<[String; 3]> =
            wheel.tags().map(|tag| [tag.python, tag.abi, modern(&tag.platform)]).collect();
        self.tags.is_subset(&there)
    }

    /// Whether a wheel with these tags installs on a platform.
    #[must_use]
    pub fn reach(&self, platform: Platform) -> bool {
        self.tags.iter().any(|[_, _, tag]| platform.takes(tag))
    }
}

/// A platform tag under the name that PEP 600 gives it.
pub(super) fn modern(platform: &str) -> String {
    for (old, new) in [("manylinux1_", "2_5_"), ("manylinux2010_", "2_12_"), ("manylinux2014_", "2_17_")] {
        if let Some(machine) = platform.strip_prefix(old) {
            return format!("manylinux_{new}{machine}");
        }
    }
    platform.to_owned()
}

impl FromStr for ExpectedTags {
    type Err = TagsError;

    fn from_str(text: &str) -> Result<Self, TagsError> {
        let error = || TagsError(text.to_owned());
        let word = |word: &str| {
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            (!word.is_empty() && word.bytes().all(plain)).then(|| word.to_owned())
        };
        let sets: Option<Vec<Vec<String>>> =
            text.split('-').map(|set| set.split('.').map(word).collect()).collect();
        let sets: [Vec<String>; 3] = sets.ok_or_else(error)?.try_into().map_err(|_| error())?;
        let [pythons, abis, platforms] = sets;
        let mut tags = BTreeSet::new();
        for python in &pythons {
            for abi in &abis {
                tags.extend(platforms.iter().map(|platform| [python.clone(), abi.clone(), modern(platform)]));
            }
        }
        Ok(Self { tags, written: text.to_owned() })
    }
}

impl fmt::Display for ExpectedTags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_wheels_carry_the_tags() {
        let carries = |expected: &str, tags: &str| {
            let wheel = format!("demo-1.0-{tags}.whl").parse().unwrap();
            expected.parse::<ExpectedTags>().unwrap().are_in(&wheel)
        };
        for (expected, tags) in [
            ("py3-none-any", "py2.py3-none-any"),
            ("py2.py3-none-any", "py2.py3-none-any"),
            ("cp312-cp312-manylinux_2_17_x86_64", "cp312-cp312-manylinux2014_x86_64"),
            ("cp312-cp312-manylinux2014_x86_64", "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64"),
            ("cp310-abi3-manylinux_2_28_x86_64", "cp310-abi3-manylinux_2_17_x86_64.manylinux_2_28_x86_64"),
        ] {
            assert!(carries(expected, tags), "{expected} in {tags}");
        }
        for (expected, tags) in [
            ("py2.py3-none-any", "py3-none-any"),
            ("cp310-abi3-manylinux_2_28_x86_64", "cp310-abi3-manylinux_2_17_x86_64"),
            ("cp310-abi3-manylinux_2_28_x86_64", "cp311-abi3-manylinux_2_28_x86_64"),
            ("cp313-cp313-win_amd64", "cp313-cp313t-win_amd64"),
        ] {
            assert!(!carries(expected, tags), "{expected} in {tags}");
        }
    }

    #[test]
    fn refused_texts() {
        for bad in [
            "",
            "py3",
            "py3-none",
            "py3-none-any-x",
            "py3--any",
            "py3.-none-any",
            "Py3-none-any",
            "py3-none-a/b",
        ] {
            assert!(bad.parse::<ExpectedTags>().is_err(), "{bad}");
        }
    }
}
