//! What two releases' wheels for the same users have in common.

use std::collections::BTreeSet;
use std::fmt;

use super::tags::modern;
use crate::filename::WheelFilename;

/// A wheel without what changes from release to release: the version, the age of the system it needs
/// (`manylinux_2_17`, `macosx_10_9`), and the first minor of a stable interface (`cp38-abi3`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shape(BTreeSet<String>);

impl Shape {
    /// The shape of a wheel.
    #[must_use]
    pub fn of(wheel: &WheelFilename) -> Self {
        let tag = |python: &str, abi: &str, platform: &str| match abi {
            "abi3" | "abi3t" => format!("{abi} {}", ageless(platform)),
            _ => format!("{python}-{abi} {}", ageless(platform)),
        };
        Self(wheel.tags().map(|t| tag(&t.python, &t.abi, &t.platform)).collect())
    }
}

/// A platform tag without the version of the system: `manylinux_2_28_x86_64` is `manylinux_x86_64`.
fn ageless(platform: &str) -> String {
    let platform = modern(platform);
    for family in ["manylinux", "musllinux", "macosx", "ios", "android"] {
        let Some(rest) = platform.strip_prefix(family).and_then(|rest| rest.strip_prefix('_')) else {
            continue;
        };
        // No machine begins with a digit.
        let machine = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
        return format!("{family}_{machine}");
    }
    platform
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tags: Vec<&str> = self.0.iter().map(String::as_str).collect();
        f.write_str(&tags.join(" + "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(tags: &str) -> String {
        Shape::of(&format!("demo-1.0-{tags}.whl").parse().unwrap()).to_string()
    }

    #[test]
    fn the_age_of_a_system_is_no_part_of_the_shape() {
        for (tags, expected) in [
            ("cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64", "cp312-cp312 manylinux_x86_64"),
            ("cp312-cp312-manylinux_2_28_x86_64", "cp312-cp312 manylinux_x86_64"),
            ("cp38-abi3-macosx_10_12_x86_64", "abi3 macosx_x86_64"),
            ("cp313-cp313t-win_amd64", "cp313-cp313t win_amd64"),
            ("py2.py3-none-any", "py2-none any + py3-none any"),
            ("cp39-cp39-macosx_10_9_universal2", "cp39-cp39 macosx_universal2"),
        ] {
            assert_eq!(shape(tags), expected);
        }
        assert_ne!(shape("cp312-cp312-musllinux_1_2_x86_64"), shape("cp312-cp312-manylinux_2_17_x86_64"));
    }
}
