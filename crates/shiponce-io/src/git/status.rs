//! What differs from the last commit.

use std::path::PathBuf;

use super::invoke::path_from;
use super::{GitError, Repository};

/// One path that differs from the last commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How it differs.
    pub kind: ChangeKind,
    /// Relative to the root; of a rename the new name.
    pub path: PathBuf,
}

/// How a path differs from the last commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// Tracked, and other in the index or the working tree.
    Modified,
    /// In an unfinished merge.
    Unmerged,
    /// Not tracked and not ignored.
    Untracked,
}

impl Repository {
    /// Every path that differs from the last commit; none of them means a clean tree. Ignored files do not
    /// count, nor do changes inside submodules that keep their commit.
    ///
    /// # Errors
    /// When git fails.
    pub async fn changes(&self) -> Result<Vec<Change>, GitError> {
        const WHAT: &str = "compare the working tree";
        let output = self
            .call(WHAT)
            .args(["status", "--porcelain=v2", "-z", "--untracked-files=all", "--ignore-submodules=dirty"])
            .output()
            .await?;
        parse(&output).ok_or_else(|| GitError::Unexpected {
            what: WHAT,
            answer: String::from_utf8_lossy(&output).chars().take(80).collect(),
        })
    }

    /// Whether anything differs from the last commit.
    ///
    /// # Errors
    /// When git fails.
    pub async fn is_dirty(&self) -> Result<bool, GitError> {
        Ok(!self.changes().await?.is_empty())
    }
}

/// Reads `git status --porcelain=v2 -z` (git-status(1), "Porcelain Format Version 2").
fn parse(output: &[u8]) -> Option<Vec<Change>> {
    let mut changes = Vec::new();
    let mut records = output.split(|byte| *byte == 0);
    while let Some(record) = records.next() {
        // The number of fields before the path, by kind of record.
        let (kind, fields) = match record.first() {
            None => continue,
            Some(b'#') => continue,
            Some(b'1') => (ChangeKind::Modified, 8),
            Some(b'2') => {
                // The old name of a rename is a record of its own.
                records.next()?;
                (ChangeKind::Modified, 9)
            }
            Some(b'u') => (ChangeKind::Unmerged, 10),
            Some(b'?') => (ChangeKind::Untracked, 1),
            Some(_) => return None,
        };
        let path = record.splitn(fields + 1, |byte| *byte == b' ').nth(fields)?;
        changes.push(Change { kind, path: path_from(path) });
    }
    Some(changes)
}

#[cfg(test)]
mod tests {
    use super::{ChangeKind, parse};

    #[test]
    fn reads_every_kind_of_record() {
        let output = b"# branch.oid 1\0\
            1 .M N... 100644 100644 100644 aa bb src/a b.py\0\
            2 R. N... 100644 100644 100644 aa bb R100 new\nname\0old name\0\
            u UU N... 100644 100644 100644 100644 aa bb cc both.py\0\
            ? not tracked\0";
        let changes = parse(output).unwrap();
        let seen: Vec<_> =
            changes.iter().map(|change| (change.kind, change.path.to_str().unwrap())).collect();
        assert_eq!(
            seen,
            [
                (ChangeKind::Modified, "src/a b.py"),
                (ChangeKind::Modified, "new\nname"),
                (ChangeKind::Unmerged, "both.py"),
                (ChangeKind::Untracked, "not tracked"),
            ]
        );
        assert_eq!(parse(b"").unwrap(), []);
        assert_eq!(parse(b"Z strange\0"), None);
        assert_eq!(parse(b"1 too short\0"), None);
    }
}
