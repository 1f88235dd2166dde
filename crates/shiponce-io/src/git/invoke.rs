//! One call of git.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::environment::SETTINGS;
use super::{Git, GitError, Repository};
use crate::process::{Captured, ChildEnv, Command, Ended, ExitStatus, Finished, ProcessError};

/// Largest output that is parsed; a status of a hundred thousand files fits.
const OUTPUT_BYTES: usize = 64 << 20;

/// A call that is being put together.
#[derive(Debug)]
pub(super) struct Call<'a> {
    git: &'a Git,
    what: &'static str,
    command: Command,
}

impl Git {
    /// A call of `program` in `folder`; `what` completes "git could not …".
    pub(super) fn call<'a>(&'a self, program: &Path, folder: &Path, what: &'static str) -> Call<'a> {
        let mut command = Command::new(program, folder, self.env.clone(), self.deadline);
        command.output_bytes = OUTPUT_BYTES;
        for setting in SETTINGS {
            command = command.arg("-c").arg(*setting);
        }
        Call { git: self, what, command }
    }
}

impl Repository {
    /// A call at the top of the working tree.
    pub(super) fn call(&self, what: &'static str) -> Call<'_> {
        self.git.call(&self.program, &self.root, what)
    }
}

impl Call<'_> {
    pub(super) fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.command = self.command.args(args);
        self
    }

    pub(super) fn env(mut self, change: impl FnOnce(ChildEnv) -> ChildEnv) -> Self {
        self.command.env = change(self.command.env);
        self
    }

    /// Runs it; any exit code is an answer.
    pub(super) async fn answer(self) -> Result<Answer, GitError> {
        let what = self.what;
        let finished = match self.git.runner.run(self.command, &self.git.cancel).await {
            Ok(finished) => finished,
            Err(ProcessError::Cancelled { .. }) => return Err(GitError::Interrupted { what }),
            Err(source) => return Err(GitError::Run { what, source }),
        };
        match finished.ended {
            Ended::ByItself => Ok(Answer { what, finished }),
            Ended::TimedOut => Err(GitError::TimedOut { what, limit: self.git.deadline }),
            Ended::Cancelled => Err(GitError::Interrupted { what }),
        }
    }

    /// Runs it; only exit code 0 is an answer.
    pub(super) async fn output(self) -> Result<Vec<u8>, GitError> {
        self.answer().await?.expect_success()?.stdout()
    }
}

/// What git answered.
#[derive(Debug)]
pub(super) struct Answer {
    what: &'static str,
    finished: Finished,
}

impl Answer {
    pub(super) fn code(&self) -> Option<i32> {
        match self.finished.status {
            ExitStatus::Code(code) => Some(code),
            ExitStatus::Signal(_) => None,
        }
    }

    /// Whether git's complaint contains `text` (in English: `LC_ALL=C`).
    pub(super) fn complains(&self, text: &str) -> bool {
        self.finished.stderr.text().contains(text)
    }

    pub(super) fn expect_success(self) -> Result<Self, GitError> {
        if self.finished.success() { Ok(self) } else { Err(self.failed()) }
    }

    pub(super) fn failed(self) -> GitError {
        let message = complaint(&self.finished.stderr);
        GitError::Failed { what: self.what, status: self.finished.status, message }
    }

    pub(super) fn stdout(self) -> Result<Vec<u8>, GitError> {
        let what = self.what;
        self.finished
            .stdout
            .whole()
            .ok_or_else(|| GitError::Unexpected { what, answer: format!("more than {OUTPUT_BYTES} bytes") })
    }
}

/// The last lines of what git said on standard error, without credentials in addresses.
fn complaint(stderr: &Captured) -> String {
    let text = stderr.text();
    let mut lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).rev().take(3).collect();
    lines.reverse();
    without_userinfo(&lines.join("; "))
}

/// Removes what stands between `://` and `@` in any address of a text.
pub(super) fn without_userinfo(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("://") {
        let (before, after) = rest.split_at(start + 3);
        clean.push_str(before);
        let end = after.find(|c: char| c.is_whitespace() || "/'\"".contains(c)).unwrap_or(after.len());
        rest = match after[..end].rfind('@') {
            Some(at) => &after[at + 1..],
            None => after,
        };
    }
    clean + rest
}

/// A path as git prints it.
#[cfg(unix)]
pub(super) fn path_from(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    OsString::from_vec(bytes.to_vec()).into()
}

/// A path as git prints it.
#[cfg(not(unix))]
pub(super) fn path_from(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// One line of output without its end.
pub(super) fn line(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::without_userinfo;

    #[test]
    fn addresses_lose_their_credentials() {
        let said = "fatal: unable to access 'https://me:tok@en@git.example/x.git/': no; ssh://git@h/y ://";
        insta::assert_snapshot!(without_userinfo(said), @"fatal: unable to access 'https://git.example/x.git/': no; ssh://h/y ://");
    }
}
