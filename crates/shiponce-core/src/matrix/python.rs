//! A minor release of Python, as a wheel is built for it.

use std::fmt;
use std::str::FromStr;

/// A Python 3 minor release, ordinary or free-threaded: `3.12`, `3.13t`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Python {
    /// Whether it is the build without the global interpreter lock (PEP 703).
    pub free_threaded: bool,
    /// The number after `3.`.
    pub minor: u8,
}

/// The minors that `auto` chooses from: those that current build front ends still build wheels for. A later or
/// earlier one can be named.
pub const KNOWN_PYTHONS: [Python; 7] = [
    Python::new(8),
    Python::new(9),
    Python::new(10),
    Python::new(11),
    Python::new(12),
    Python::new(13),
    Python::new(14),
];

/// A text that names no minor release of Python 3.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no Python such as `3.12` or `3.13t`")]
pub struct PythonError(pub String);

impl Python {
    /// The ordinary build of a minor.
    #[must_use]
    pub const fn new(minor: u8) -> Self {
        Self { minor, free_threaded: false }
    }

    /// The python tag of wheels for this minor (PEP 425): `cp312`, also for the free-threaded build.
    #[must_use]
    pub fn interpreter_tag(self) -> String {
        format!("cp3{}", self.minor)
    }

    /// The binary interface of extension modules (PEP 425): `cp312`, `cp313t`. This is also its name in a leg.
    #[must_use]
    pub fn abi_tag(self) -> String {
        let suffix = if self.free_threaded { "t" } else { "" };
        format!("cp3{}{suffix}", self.minor)
    }

    /// Reads [`Self::abi_tag`] back.
    #[must_use]
    pub fn from_abi_tag(tag: &str) -> Option<Self> {
        parse_minor(tag.strip_prefix("cp3")?)
    }

    /// Whether an interpreter of this minor takes wheels with a python and an abi tag, by the order of
    /// `packaging.tags.sys_tags`: `cp312-cp312`, `abi3` of this or an earlier minor, and `none`.
    #[must_use]
    pub fn takes(self, python_tag: &str, abi_tag: &str) -> bool {
        let this = self.interpreter_tag();
        match abi_tag {
            // A stable interface of an earlier minor still holds. Free-threaded builds have one of their own.
            "abi3" | "abi3t" => {
                let earlier = python_tag.strip_prefix("cp3").and_then(number);
                (abi_tag == "abi3t") == self.free_threaded && earlier.is_some_and(|minor| minor <= self.minor)
            }
            // Without an interface the language counts; `cp312-none` is bound to one minor (wheels that bundle a
            // program for it), `py312-none` holds for later ones too.
            "none" => {
                let later = python_tag.strip_prefix("py3").and_then(number);
                python_tag == this || python_tag == "py3" || later.is_some_and(|minor| minor <= self.minor)
            }
            _ => python_tag == this && abi_tag == self.abi_tag(),
        }
    }
}

fn number(text: &str) -> Option<u8> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // `3.012` would be a second spelling of `3.12`.
    (plain && (text == "0" || !text.starts_with('0'))).then(|| text.parse().ok()).flatten()
}

fn parse_minor(text: &str) -> Option<Python> {
    let (digits, free_threaded) = text.strip_suffix('t').map_or((text, false), |digits| (digits, true));
    Some(Python { minor: number(digits)?, free_threaded })
}

impl FromStr for Python {
    type Err = PythonError;

    fn from_str(text: &str) -> Result<Self, PythonError> {
        text.strip_prefix("3.").and_then(parse_minor).ok_or_else(|| PythonError(text.to_owned()))
    }
}

impl fmt::Display for Python {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "3.{}{}", self.minor, if self.free_threaded { "t" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn python(text: &str) -> Python {
        text.parse().unwrap()
    }

    #[test]
    fn names_and_tags() {
        assert_eq!(python("3.13t").to_string(), "3.13t");
        assert_eq!(
            (python("3.13t").interpreter_tag(), python("3.13t").abi_tag()),
            ("cp313".into(), "cp313t".into())
        );
        assert_eq!(Python::from_abi_tag("cp39"), Some(Python::new(9)));
        assert!(python("3.9") < python("3.10"));
        for bad in ["3", "3.", "3.x", "2.7", "3.12.1", "3.+2", "3.012", "3.999", "3.t", "cp312", " 3.1"] {
            assert!(bad.parse::<Python>().is_err(), "{bad}");
        }
    }

    /// Checked against `packaging.tags.cpython_tags` and `compatible_tags`.
    #[test]
    fn which_tags_an_interpreter_takes() {
        let takes = |text: &str, tag: &str| {
            let (interpreter, abi) = tag.split_once('-').unwrap();
            python(text).takes(interpreter, abi)
        };
        for tag in
            ["cp312-cp312", "cp310-abi3", "cp312-abi3", "cp312-none", "py312-none", "py310-none", "py3-none"]
        {
            assert!(takes("3.12", tag), "{tag}");
        }
        for tag in [
            "cp311-cp311",
            "cp313-abi3",
            "cp311-none",
            "py313-none",
            "py2-none",
            "cp312-cp312t",
            "pp310-none",
        ] {
            assert!(!takes("3.12", tag), "{tag}");
        }
        for (tag, expected) in
            [("cp313-cp313t", true), ("cp313-cp313", false), ("cp310-abi3", false), ("py3-none", true)]
        {
            assert_eq!(takes("3.13t", tag), expected, "{tag}");
        }
        assert!(takes("3.15t", "cp315-abi3t") && !takes("3.15", "cp315-abi3t"));
    }
}
