//! From axes to legs, with a reason for every combination that is left out.

use std::fmt;

use super::{Leg, Platform, Python};

/// The axes of a matrix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Axes {
    /// The Pythons.
    pub pythons: Vec<Python>,
    /// The platforms.
    pub platforms: Vec<Platform>,
}

/// One variant as an axis; a project without variants is one without a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VariantAxis {
    /// The name. `None` when the project has no variants.
    pub name: Option<String>,
    /// The platforms it is made for. `None`: all of the matrix.
    pub platforms: Option<Vec<Platform>>,
}

/// What a run was asked to keep to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// `--python`. `None`: all.
    pub pythons: Option<Vec<Python>>,
    /// `--platform`. `None`: all.
    pub platforms: Option<Vec<Platform>>,
}

/// The legs of a run and what is not among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expansion {
    /// By variant in the order given, then platform and Python in the order of the axes.
    pub legs: Vec<Leg>,
    /// Every combination that is left out.
    pub skipped: Vec<Skipped>,
}

/// A combination that is left out. It reads as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The combination.
    pub leg: Leg,
    /// Why.
    pub reason: SkipReason,
}

/// Why a combination is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SkipReason {
    /// The variant is made for other platforms. Such a combination is no part of the release at all.
    NotOfVariant {
        /// The platforms it is made for.
        platforms: Vec<Platform>,
    },
    /// The variant is made for a platform that the matrix does not have.
    NotInMatrix {
        /// What the combination would need in the matrix: a Python or a platform.
        missing: String,
    },
    /// `--python` names others. The release still needs the combination.
    PythonNotAsked,
    /// `--platform` names others. The release still needs the combination.
    PlatformNotAsked,
}

impl SkipReason {
    /// Whether the release is complete without the combination.
    #[must_use]
    pub const fn is_outside_the_release(&self) -> bool {
        matches!(self, Self::NotOfVariant { .. } | Self::NotInMatrix { .. })
    }
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "skipping {}: ", self.leg)?;
        match &self.reason {
            SkipReason::NotOfVariant { platforms } => {
                let names: Vec<String> = platforms.iter().map(ToString::to_string).collect();
                write!(f, "the variant is made for {}", names.join(", "))
            }
            SkipReason::NotInMatrix { missing } => write!(f, "{missing} is not in the matrix"),
            SkipReason::PythonNotAsked => write!(f, "--python does not name {}", self.leg.python),
            SkipReason::PlatformNotAsked => write!(f, "--platform does not name {}", self.leg.platform),
        }
    }
}

/// Expands the matrix of a release for these variants.
///
/// Narrowing takes legs out of what this run builds and never out of what the release needs: their reason says so
/// ([`SkipReason::is_outside_the_release`]). What is asked for beyond the matrix is reported as not in it, for
/// every variant it would have been.
#[must_use]
pub fn expand(axes: &Axes, variants: &[VariantAxis], only: &Narrowing) -> Expansion {
    let mut expansion = Expansion::default();
    let asked = |list: Option<&[Python]>, python: Python| list.is_none_or(|list| list.contains(&python));
    for variant in variants {
        for &platform in &with_asked(&axes.platforms, only.platforms.as_deref(), variant.platforms.as_deref())
        {
            for &python in &with_asked(&axes.pythons, only.pythons.as_deref(), None) {
                let leg = Leg { variant: variant.name.clone(), python, platform };
                let reason = match &variant.platforms {
                    Some(made_for) if !made_for.contains(&platform) => {
                        Some(SkipReason::NotOfVariant { platforms: made_for.clone() })
                    }
                    _ if !axes.platforms.contains(&platform) => {
                        Some(SkipReason::NotInMatrix { missing: platform.to_string() })
                    }
                    _ if !axes.pythons.contains(&python) => {
                        Some(SkipReason::NotInMatrix { missing: format!("Python {python}") })
                    }
                    _ if only.platforms.as_ref().is_some_and(|list| !list.contains(&platform)) => {
                        Some(SkipReason::PlatformNotAsked)
                    }
                    _ if !asked(only.pythons.as_deref(), python) => Some(SkipReason::PythonNotAsked),
                    _ => None,
                };
                match reason {
                    Some(reason) => expansion.skipped.push(Skipped { leg, reason }),
                    None => expansion.legs.push(leg),
                }
            }
        }
    }
    expansion
}

/// An axis, then what was asked for or stated beyond it, each value once.
fn with_asked<T: Copy + PartialEq>(axis: &[T], asked: Option<&[T]>, stated: Option<&[T]>) -> Vec<T> {
    let mut all: Vec<T> = axis.to_vec();
    for value in asked.into_iter().chain(stated).flatten() {
        if !all.contains(value) {
            all.push(*value);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all<T: std::str::FromStr<Err: std::fmt::Debug>>(list: &[&str]) -> Vec<T> {
        list.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn two_platforms_and_five_pythons_are_ten_legs() {
        let axes = Axes {
            pythons: all(&["3.10", "3.11", "3.12", "3.13", "3.14"]),
            platforms: all(&["linux-x86_64", "linux-aarch64"]),
        };
        let expansion = expand(&axes, &[VariantAxis::default()], &Narrowing::default());
        assert_eq!((expansion.legs.len(), expansion.skipped.len()), (10, 0));
        assert_eq!(expansion.legs[0].to_string(), "cp310-linux-x86_64");
        assert_eq!(expansion.legs[9].to_string(), "cp314-linux-aarch64");
    }

    #[test]
    fn every_combination_left_out_has_its_reason() {
        let axes = Axes {
            pythons: all(&["3.11", "3.12"]),
            platforms: all(&["linux-x86_64", "linux-aarch64", "macos-arm64"]),
        };
        let variants = [
            VariantAxis {
                name: Some("avx512".into()),
                platforms: Some(all(&["linux-x86_64", "windows-x86_64"])),
            },
            VariantAxis { name: Some("cpu".into()), platforms: None },
        ];
        let only = Narrowing {
            pythons: Some(all(&["3.12", "3.9"])),
            platforms: Some(all(&["linux-x86_64", "linux-aarch64"])),
        };
        let expansion = expand(&axes, &variants, &only);
        let legs: Vec<String> = expansion.legs.iter().map(ToString::to_string).collect();
        assert_eq!(legs, ["avx512-cp312-linux-x86_64", "cpu-cp312-linux-x86_64", "cpu-cp312-linux-aarch64"]);
        let skipped: Vec<String> =
            expansion.skipped.iter().map(ToString::to_string).filter(|line| !line.contains("cp39")).collect();
        insta::assert_snapshot!(skipped.join("\n"), @"
        skipping avx512-cp311-linux-x86_64: --python does not name 3.11
        skipping avx512-cp311-linux-aarch64: the variant is made for linux-x86_64, windows-x86_64
        skipping avx512-cp312-linux-aarch64: the variant is made for linux-x86_64, windows-x86_64
        skipping avx512-cp311-macos-arm64: the variant is made for linux-x86_64, windows-x86_64
        skipping avx512-cp312-macos-arm64: the variant is made for linux-x86_64, windows-x86_64
        skipping avx512-cp311-windows-x86_64: windows-x86_64 is not in the matrix
        skipping avx512-cp312-windows-x86_64: windows-x86_64 is not in the matrix
        skipping cpu-cp311-linux-x86_64: --python does not name 3.11
        skipping cpu-cp311-linux-aarch64: --python does not name 3.11
        skipping cpu-cp311-macos-arm64: --platform does not name macos-arm64
        skipping cpu-cp312-macos-arm64: --platform does not name macos-arm64
        ");
        let beyond = expansion.skipped.iter().find(|skipped| skipped.leg.python == Python::new(9)).unwrap();
        assert_eq!(beyond.to_string(), "skipping avx512-cp39-linux-x86_64: Python 3.9 is not in the matrix");
    }

    proptest! {
        /// No combination is lost, none is there twice, and narrowing changes nothing about what the release needs.
        #[test]
        fn every_combination_is_a_leg_or_skipped_once(
            pythons in proptest::collection::btree_set(8_u8..16, 1..5),
            platforms in proptest::sample::subsequence(Platform::all(), 1..6),
            made_for in proptest::option::of(proptest::sample::subsequence(Platform::all(), 1..6)),
            only_pythons in proptest::option::of(proptest::collection::btree_set(8_u8..16, 1..5)),
            only_platforms in proptest::option::of(proptest::sample::subsequence(Platform::all(), 1..6)),
        ) {
            let axes = Axes { pythons: pythons.into_iter().map(Python::new).collect(), platforms };
            let variants =
                [VariantAxis::default(), VariantAxis { name: Some("v".into()), platforms: made_for }];
            let only = Narrowing {
                pythons: only_pythons.map(|set| set.into_iter().map(Python::new).collect()),
                platforms: only_platforms,
            };
            let narrow = expand(&axes, &variants, &only);
            let wide = expand(&axes, &variants, &Narrowing::default());
            let mut seen = std::collections::BTreeSet::new();
            for leg in narrow.legs.iter().chain(narrow.skipped.iter().map(|skipped| &skipped.leg)) {
                prop_assert!(seen.insert(leg.clone()), "twice: {}", leg);
            }
            for leg in &wide.legs {
                prop_assert!(seen.contains(leg), "lost: {}", leg);
            }
            let owed = narrow.skipped.iter().filter(|skipped| !skipped.reason.is_outside_the_release());
            let mut needed: Vec<Leg> = narrow.legs.iter().cloned().chain(owed.map(|s| s.leg.clone())).collect();
            let mut expected = wide.legs;
            needed.sort();
            expected.sort();
            prop_assert_eq!(needed, expected);
        }
    }
}
