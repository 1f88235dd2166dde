//! `requires-python`: which minors of Python a project says it runs on.

use std::fmt;
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};

use super::Python;

/// The specifiers of `requires-python` (PEP 440), with every operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiresPython(VersionSpecifiers);

/// A text that is no list of PEP 440 specifiers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no list of PEP 440 specifiers such as `>=3.10,<3.15`")]
pub struct RequiresPythonError(pub String);

/// What specifiers say of one minor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Its current patch releases satisfy them.
    Whole,
    /// Only some patch releases satisfy them, and not those that are installed today: `<=3.12` takes `3.12.0` and
    /// nothing after it.
    Partly,
    /// No patch release satisfies them.
    Not,
}

/// A patch release that no minor reaches; it stands for "the current one", as in cibuildwheel.
const PATCH_MAX: u64 = 99;

impl RequiresPython {
    /// What the specifiers say of a minor. A free-threaded build has the same version as the ordinary one.
    #[must_use]
    pub fn fit(&self, python: Python) -> Fit {
        let holds = |patch: u64| self.0.contains(&Version::new([3, u64::from(python.minor), patch]));
        match (holds(PATCH_MAX), (0..PATCH_MAX).any(holds)) {
            (true, _) => Fit::Whole,
            (false, true) => Fit::Partly,
            (false, false) => Fit::Not,
        }
    }
}

impl FromStr for RequiresPython {
    type Err = RequiresPythonError;

    fn from_str(text: &str) -> Result<Self, RequiresPythonError> {
        VersionSpecifiers::from_str(text).map(Self).map_err(|_| RequiresPythonError(text.to_owned()))
    }
}

impl fmt::Display for RequiresPython {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::KNOWN_PYTHONS;
    use proptest::prelude::*;

    fn fits(text: &str, wanted: Fit) -> String {
        let requires: RequiresPython = text.parse().unwrap();
        let minors = KNOWN_PYTHONS.iter().filter(|python| requires.fit(**python) == wanted);
        minors.map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_operator() {
        for (text, whole, partly) in [
            (">=3.10", "3.10 3.11 3.12 3.13 3.14", ""),
            (">=3.10.2,<3.13", "3.10 3.11 3.12", ""),
            (">3.10", "3.10 3.11 3.12 3.13 3.14", ""),
            ("<=3.10", "3.8 3.9", "3.10"),
            ("<3.10.5,>=3.9", "3.9", "3.10"),
            ("~=3.11", "3.11 3.12 3.13 3.14", ""),
            ("~=3.11.4", "3.11", ""),
            ("==3.12.*", "3.12", ""),
            ("==3.12.3", "", "3.12"),
            ("===3.12.3", "", "3.12"),
            (">=3.11,!=3.12.*", "3.11 3.13 3.14", ""),
            (">=3.11,!=3.12.4", "3.11 3.12 3.13 3.14", ""),
            (">=4", "", ""),
            (">=2.7,!=3.0.*,!=3.1.*", "3.8 3.9 3.10 3.11 3.12 3.13 3.14", ""),
        ] {
            assert_eq!(
                (fits(text, Fit::Whole).as_str(), fits(text, Fit::Partly).as_str()),
                (whole, partly),
                "{text}"
            );
        }
        for bad in ["3.10", ">=x", "python>=3"] {
            assert!(bad.parse::<RequiresPython>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_lower_bound_takes_every_minor_from_it_on(bound in 0_u8..30, minor in 0_u8..30) {
            let requires: RequiresPython = format!(">=3.{bound}").parse().unwrap();
            prop_assert_eq!(requires.fit(Python::new(minor)) == Fit::Whole, minor >= bound);
        }
    }
}
