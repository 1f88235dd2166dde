//! What to run, and what came of it.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{Captured, ChildEnv};

/// Which of the two streams a line came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputStream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Told about every line, without its end, as it comes; bytes that are not UTF-8 are replaced.
pub type LineSink = Arc<dyn Fn(OutputStream, &str) + Send + Sync>;

/// A program to run. Its standard input is empty; it leads a process group of its own.
#[derive(Clone)]
pub struct Command {
    /// The program: a path, so that what runs does not depend on the child's `PATH`; see
    /// [`super::find_program`].
    pub program: PathBuf,
    /// Its arguments, without the program's name. Never secrets: any user can list them.
    pub args: Vec<OsString>,
    /// Where it runs.
    pub cwd: PathBuf,
    /// Its whole environment.
    pub env: ChildEnv,
    /// How long it may take.
    pub deadline: Duration,
    /// How long the group may take to end after SIGTERM, before SIGKILL.
    pub grace: Duration,
    /// How much of each stream is kept: its beginning and its end.
    pub output_bytes: usize,
    /// Told about lines as they come.
    pub lines: Option<LineSink>,
}

impl Command {
    /// A command with five seconds of grace that keeps one MiB of each stream.
    #[must_use]
    pub fn new(
        program: impl Into<PathBuf>,
        cwd: impl Into<PathBuf>,
        env: ChildEnv,
        deadline: Duration,
    ) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            cwd: cwd.into(),
            env,
            deadline,
            grace: Duration::from_secs(5),
            output_bytes: 1 << 20,
            lines: None,
        }
    }

    /// Adds one argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets who is told about lines.
    #[must_use]
    pub fn lines(mut self, sink: LineSink) -> Self {
        self.lines = Some(sink);
        self
    }

    /// Program and arguments for messages, quoted where a shell would need it.
    #[must_use]
    pub fn display(&self) -> String {
        let program = quoted(&self.program.to_string_lossy());
        self.args.iter().fold(program, |line, arg| line + " " + &quoted(&arg.to_string_lossy()))
    }
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

impl fmt::Debug for Command {
    // The environment shows its names only; see `ChildEnv`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Command")
            .field("line", &self.display())
            .field("cwd", &self.cwd)
            .field("env", &self.env)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// With this exit code.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

impl ExitStatus {
    /// Exit code 0.
    #[must_use]
    pub fn success(self) -> bool {
        self == Self::Code(0)
    }
}

impl fmt::Display for ExitStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exit code {code}"),
            Self::Signal(signal) => write!(f, "signal {signal}"),
        }
    }
}

/// Why a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By itself.
    ByItself,
    /// Its deadline passed and we ended it.
    TimedOut,
    /// We were asked to stop and ended it.
    Cancelled,
}

/// What came of a [`Command`].
#[derive(Clone, Debug)]
pub struct Finished {
    /// Exit code or signal.
    pub status: ExitStatus,
    /// Why it ended.
    pub ended: Ended,
    /// Standard output.
    pub stdout: Captured,
    /// Standard error.
    pub stderr: Captured,
    /// From start to end.
    pub duration: Duration,
}

impl Finished {
    /// It ended by itself with exit code 0.
    #[must_use]
    pub fn success(&self) -> bool {
        self.ended == Ended::ByItself && self.status.success()
    }

    /// Its deadline passed.
    #[must_use]
    pub fn timed_out(&self) -> bool {
        self.ended == Ended::TimedOut
    }
}

#[cfg(test)]
mod tests {
    use super::{ChildEnv, Command};
    use std::time::Duration;

    #[test]
    fn displays_what_one_could_type() {
        let command = Command::new("/usr/bin/python3", "/", ChildEnv::empty(), Duration::from_secs(1))
            .args(["-c", "print('a b')", "", "--x=1"]);
        insta::assert_snapshot!(command.display(), @r"/usr/bin/python3 -c 'print('\''a b'\'')' '' --x=1");
    }
}
