//! The exit codes of the program, in one place.

use std::fmt;

/// How a command ended, as the shell sees it.
///
/// The numbers are part of the contract: scripts branch on them. `docs/reference/exit-codes.md` explains each
/// for users, and a test holds that page to this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum ExitCode {
    /// Done, or nothing to do. Also: already submitted, unless duplicates are asked to be errors.
    Done = 0,
    /// A check, gate or audit found problems; or the run failed.
    Failed = 1,
    /// Usage or configuration error: nothing was tried.
    Usage = 2,
    /// A duplicate, when asked to treat it as an error.
    Duplicate = 3,
    /// Conflict: same file name with other bytes, burned file name, closed release, moved tag, stale plan.
    Conflict = 4,
    /// Unknown: a target could not be observed, and nothing was written because of it.
    Unknown = 5,
    /// Partial: some files or targets are done, others not.
    Partial = 6,
    /// Authentication or permission.
    Auth = 7,
    /// An outside system failed after retries.
    Outside = 8,
    /// A time limit passed while waiting; what was waited for goes on.
    TimeLimit = 9,
    /// There are changes to make; only with `--detailed-exitcode`.
    Changes = 10,
    /// A bug in shiponce (`EX_SOFTWARE` of sysexits).
    Bug = 70,
    /// `lock` itself failed or waited too long. The number is the one docker and env use for their own failure,
    /// since every other code belongs to the wrapped command.
    LockFailed = 125,
    /// Interrupted by SIGINT or SIGTERM (128 + SIGINT, as shells report it); the state is safe.
    Interrupted = 130,
}

impl ExitCode {
    /// Every exit code, in order of its number.
    pub const ALL: [Self; 14] = [
        Self::Done,
        Self::Failed,
        Self::Usage,
        Self::Duplicate,
        Self::Conflict,
        Self::Unknown,
        Self::Partial,
        Self::Auth,
        Self::Outside,
        Self::TimeLimit,
        Self::Changes,
        Self::Bug,
        Self::LockFailed,
        Self::Interrupted,
    ];

    /// The number the process ends with.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// A short word for it, for tables and logs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::Duplicate => "duplicate",
            Self::Conflict => "conflict",
            Self::Unknown => "unknown",
            Self::Partial => "partial",
            Self::Auth => "auth",
            Self::Outside => "outside",
            Self::TimeLimit => "time-limit",
            Self::Changes => "changes",
            Self::Bug => "bug",
            Self::LockFailed => "lock-failed",
            Self::Interrupted => "interrupted",
        }
    }
}

impl From<ExitCode> for u8 {
    fn from(code: ExitCode) -> Self {
        code.number()
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.number())
    }
}

impl fmt::Display for ExitCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::ExitCode;

    #[test]
    fn numbers_are_the_contract() {
        let table: Vec<String> =
            ExitCode::ALL.iter().map(|code| format!("{} {}", code.number(), code.word())).collect();
        insta::assert_snapshot!(table.join("\n"), @"
        0 done
        1 failed
        2 usage
        3 duplicate
        4 conflict
        5 unknown
        6 partial
        7 auth
        8 outside
        9 time-limit
        10 changes
        70 bug
        125 lock-failed
        130 interrupted
        ");
    }

    #[test]
    fn every_code_has_its_row_in_the_reference() {
        let page = include_str!("../../../docs/reference/exit-codes.md");
        for code in ExitCode::ALL {
            let row = format!("| {} | `{}` |", code.number(), code.word());
            assert!(page.contains(&row), "docs/reference/exit-codes.md lacks a row starting with {row}");
        }
    }
}
