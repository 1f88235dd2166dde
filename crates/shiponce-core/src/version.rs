//! Versions (PEP 440), compared as the index compares them.

use std::fmt;
use std::str::FromStr;

/// A PEP 440 version. Equality and order are PEP 440's, so `1.0 == 1.0.0` and `1.0.dev1 < 1.0rc1 < 1.0`.
///
/// The index keys releases by the canonical form, hence two spellings are one release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pep440_rs::Version);

/// A text that is not a PEP 440 version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a PEP 440 version")]
pub struct VersionError(pub String);

/// A part of a version by semantic versioning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The last one: repairs.
    Patch,
    /// The middle one: additions.
    Minor,
    /// The first one: what breaks its users.
    Major,
}

impl Version {
    /// Whether it is an ordinary release: neither a pre-, post- or development release nor a local one.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        !self.0.any_prerelease() && !self.0.is_post() && self.0.local().is_empty()
    }

    /// The first number of the release.
    #[must_use]
    pub fn major(&self) -> u64 {
        self.0.release().first().copied().unwrap_or_default()
    }

    /// The next version in which this part is one higher and every later one is 0.
    #[must_use]
    pub fn raised(&self, part: Part) -> Self {
        let numbers = self.0.release();
        let at = |index: usize| numbers.get(index).copied().unwrap_or_default();
        let release = match part {
            Part::Major => [at(0) + 1, 0, 0],
            Part::Minor => [at(0), at(1) + 1, 0],
            Part::Patch => [at(0), at(1), at(2) + 1],
        };
        Self(pep440_rs::Version::new(release).with_epoch(self.0.epoch()))
    }

    /// Whether the version has a local part (`1.0+cu118`), which PyPI refuses.
    #[must_use]
    pub fn is_local(&self) -> bool {
        !self.0.local().is_empty()
    }

    /// Whether installers skip it by default: a pre-release or a development release.
    #[must_use]
    pub fn is_prerelease(&self) -> bool {
        self.0.any_prerelease()
    }

    /// Whether the text is already in the canonical form that file names and the index use.
    #[must_use]
    pub fn is_canonical(text: &str) -> bool {
        text.parse::<Self>().is_ok_and(|version| version.to_string() == text)
    }

    /// The next post-release that `taken` does not contain: the way out when a file name is burned or a release is
    /// closed. `1.0` gives `1.0.post1`, `1.0.post1` gives `1.0.post2`. A development part is dropped.
    #[must_use]
    pub fn next_post(&self, taken: &[Self]) -> Self {
        let mut number = self.0.post().unwrap_or(0);
        let base = self.0.clone().with_dev(None).with_local(Vec::new());
        loop {
            number += 1;
            let candidate = Self(base.clone().with_post(Some(number)));
            if !taken.contains(&candidate) {
                return candidate;
            }
        }
    }

    /// The next version of the same kind that `taken` does not contain: `1.0` gives `1.0.1`, `1.0rc1` gives `1.0rc2`,
    /// `1.0.post1` gives `1.0.post2`, `1.0.dev3` gives `1.0.dev4`. A local part is dropped.
    #[must_use]
    pub fn next_free(&self, taken: &[Self]) -> Self {
        if self.0.is_dev() {
            return self.next_dev(taken);
        }
        if self.0.is_post() {
            return self.next_post(taken);
        }
        let mut candidate = self.0.clone().with_local(Vec::new());
        loop {
            candidate = match candidate.pre() {
                Some(pre) => {
                    candidate.with_pre(Some(pep440_rs::Prerelease { number: pre.number + 1, ..pre }))
                }
                None => {
                    let mut release = candidate.release().to_vec();
                    release.resize(release.len().max(3), 0);
                    if let Some(last) = release.last_mut() {
                        *last += 1;
                    }
                    candidate.with_release(release)
                }
            };
            if !taken.contains(&Self(candidate.clone())) {
                return Self(candidate);
            }
        }
    }

    /// The next development release that `taken` does not contain, for test indexes.
    #[must_use]
    pub fn next_dev(&self, taken: &[Self]) -> Self {
        let mut number = self.0.dev().unwrap_or(0);
        let base = self.0.clone().with_local(Vec::new());
        loop {
            number += 1;
            let candidate = Self(base.clone().with_dev(Some(number)));
            if !taken.contains(&candidate) {
                return candidate;
            }
        }
    }
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        pep440_rs::Version::from_str(text).map(Self).map_err(|_| VersionError(text.to_owned()))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn equality_is_the_indexs() {
        for (a, b) in [
            ("1.0", "1.0.0"),
            ("1.0-rc1", "1.0rc1"),
            ("1.0.post1", "1.0-1"),
            ("v2", "2"),
            ("1.0+A.1", "1.0+a.1"),
        ] {
            assert_eq!(version(a), version(b), "{a} {b}");
        }
        assert_ne!(version("1.0"), version("100"));
        assert_ne!(version("0.10.0"), version("0.10.0.post1"));
    }

    #[test]
    fn order_puts_pre_before_final_before_post_and_epochs_last() {
        let mut shuffled =
            ["1!0.5", "1.0", "1.0.dev1", "1.0.post1", "1.0rc1", "0.9", "1.0a2.dev3", "1.0+l"].map(version);
        shuffled.sort();
        let sorted: Vec<String> = shuffled.iter().map(ToString::to_string).collect();
        assert_eq!(sorted, ["0.9", "1.0.dev1", "1.0a2.dev3", "1.0rc1", "1.0", "1.0+l", "1.0.post1", "1!0.5"]);
    }

    #[test]
    fn next_free_versions_skip_taken_ones() {
        assert_eq!(version("1.0").next_post(&[]).to_string(), "1.0.post1");
        assert_eq!(version("1.0").next_post(&[version("1.0.post1")]).to_string(), "1.0.post2");
        assert_eq!(version("1.0.post3").next_post(&[]).to_string(), "1.0.post4");
        assert_eq!(version("1.0").next_dev(&[version("1.0.dev1")]).to_string(), "1.0.dev2");
        for (from, next) in [
            ("1.0", "1.0.2"),
            ("1!2", "1!2.0.1"),
            ("2026.1.5+l", "2026.1.6"),
            ("1.2.3.4", "1.2.3.5"),
            ("1.0rc1", "1.0rc2"),
            ("1.0.post1", "1.0.post2"),
            ("1.0.dev3", "1.0.dev4"),
        ] {
            assert_eq!(version(from).next_free(&[version("1.0.1")]).to_string(), next);
        }
    }

    #[test]
    fn a_part_is_raised_and_the_later_ones_are_zero() {
        for (from, major, minor, patch) in [
            ("1.2.3", "2.0.0", "1.3.0", "1.2.4"),
            ("1", "2.0.0", "1.1.0", "1.0.1"),
            ("1!0.4", "1!1.0.0", "1!0.5.0", "1!0.4.1"),
        ] {
            let raised =
                [Part::Major, Part::Minor, Part::Patch].map(|part| version(from).raised(part).to_string());
            assert_eq!(raised, [major, minor, patch], "{from}");
        }
        assert!(
            version("1.2").is_plain() && !version("1.2rc1").is_plain() && !version("1.2.post1").is_plain()
        );
    }

    #[test]
    fn refuses_other_texts() {
        for bad in ["", "1.0-foo-bar", "abc", "1..0", "1.0+", "latest"] {
            assert!(bad.parse::<Version>().is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn printing_keeps_equality(text in "([0-9]!)?[0-9]{1,3}(\\.[0-9]{1,3}){0,3}((a|b|rc)[0-9])?(\\.post[0-9])?(\\.dev[0-9])?") {
            let parsed = version(&text);
            prop_assert_eq!(version(&parsed.to_string()), parsed);
        }

        #[test]
        fn order_is_total(a in "[0-9]{1,2}(\\.[0-9]){0,2}((a|rc)[0-9])?", b in "[0-9]{1,2}(\\.[0-9]){0,2}(\\.post[0-9])?") {
            let (a, b) = (version(&a), version(&b));
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            prop_assert_eq!(a == b, a.cmp(&b).is_eq());
        }
    }
}
