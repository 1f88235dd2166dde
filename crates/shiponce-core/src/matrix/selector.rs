//! How Pythons are named: one, a range, or `auto`.

use std::fmt;
use std::str::FromStr;

use super::{Fit, KNOWN_PYTHONS, Python, PythonError, RequiresPython};

/// One entry of a list of Pythons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PythonSelector {
    /// `3.12`
    One(Python),
    /// `3.10-3.14`, both ends included.
    Range(Python, Python),
    /// `auto`: what `requires-python` takes.
    Auto,
}

/// Why a list of Pythons cannot be expanded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// Not a Python, a range or `auto`.
    #[error(transparent)]
    Python(#[from] PythonError),
    /// A range that contains nothing, or mixes ordinary and free-threaded builds.
    #[error("`{0}` is an empty range: write the earlier Python first, and `t` at both ends or at none")]
    Range(String),
    /// `auto` without anything to read it from.
    #[error("`auto` needs `requires-python`, and the project states none")]
    NoRequirement,
    /// `auto` with a requirement that no known minor fulfils.
    #[error("`auto` finds no known Python that `requires-python = \"{0}\"` takes")]
    NothingFits(String),
}

impl FromStr for PythonSelector {
    type Err = SelectionError;

    fn from_str(text: &str) -> Result<Self, SelectionError> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        let Some((from, to)) = text.split_once('-') else { return Ok(Self::One(text.parse()?)) };
        let (from, to): (Python, Python) = (from.trim().parse()?, to.trim().parse()?);
        if from.free_threaded != to.free_threaded || from > to {
            return Err(SelectionError::Range(text.to_owned()));
        }
        Ok(Self::Range(from, to))
    }
}

impl fmt::Display for PythonSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(python) => python.fmt(f),
            Self::Range(from, to) => write!(f, "{from}-{to}"),
            Self::Auto => f.write_str("auto"),
        }
    }
}

/// The Pythons that a list of selectors names, each once and in order.
///
/// # Errors
/// [`SelectionError`] for an `auto` that cannot be read or finds nothing.
pub fn select_pythons(
    selectors: &[PythonSelector],
    requires: Option<&RequiresPython>,
) -> Result<Vec<Python>, SelectionError> {
    let mut pythons = Vec::new();
    for selector in selectors {
        match selector {
            PythonSelector::One(python) => pythons.push(*python),
            PythonSelector::Range(from, to) => {
                pythons.extend((from.minor..=to.minor).map(|minor| Python { minor, ..*from }));
            }
            PythonSelector::Auto => {
                let requires = requires.ok_or(SelectionError::NoRequirement)?;
                let before = pythons.len();
                pythons.extend(KNOWN_PYTHONS.into_iter().filter(|known| requires.fit(*known) == Fit::Whole));
                if pythons.len() == before {
                    return Err(SelectionError::NothingFits(requires.to_string()));
                }
            }
        }
    }
    pythons.sort();
    pythons.dedup();
    Ok(pythons)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn select(list: &[&str], requires: Option<&str>) -> String {
        let selectors: Result<Vec<PythonSelector>, _> = list.iter().map(|text| text.parse()).collect();
        let requires: Option<RequiresPython> = requires.map(|text| text.parse().unwrap());
        match selectors.and_then(|list| select_pythons(&list, requires.as_ref())) {
            Ok(pythons) => pythons.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn lists_ranges_and_auto() {
        let rows = [
            select(&["3.12", "3.10-3.11", "3.12"], None),
            select(&["3.13t-3.14t", "3.13"], None),
            select(&["auto"], Some(">=3.12")),
            select(&["auto", "3.15"], Some(">=3.13")),
            select(&["auto"], None),
            select(&["auto"], Some(">=4")),
            select(&["3.14-3.10"], None),
            select(&["3.13-3.14t"], None),
            select(&["3.10-"], None),
            select(&["latest"], None),
        ];
        insta::assert_snapshot!(rows.join("\n"), @r#"
        3.10 3.11 3.12
        3.13 3.13t 3.14t
        3.12 3.13 3.14
        3.13 3.14 3.15
        `auto` needs `requires-python`, and the project states none
        `auto` finds no known Python that `requires-python = ">=4"` takes
        `3.14-3.10` is an empty range: write the earlier Python first, and `t` at both ends or at none
        `3.13-3.14t` is an empty range: write the earlier Python first, and `t` at both ends or at none
        `` is no Python such as `3.12` or `3.13t`
        `latest` is no Python such as `3.12` or `3.13t`
        "#);
    }

    proptest! {
        #[test]
        fn a_range_is_its_ends_and_everything_between(a in 0_u8..40, b in 0_u8..40, probe in 0_u8..40) {
            let (from, to) = (a.min(b), a.max(b));
            let range: PythonSelector = format!("3.{from}-3.{to}").parse().unwrap();
            let pythons = select_pythons(&[range], None).unwrap();
            prop_assert_eq!(pythons.contains(&Python::new(probe)), (from..=to).contains(&probe));
            prop_assert_eq!(pythons.len(), usize::from(to - from) + 1);
        }
    }
}
