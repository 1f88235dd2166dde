//! Starts a process in its own group, watches it, and ends the whole group.

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::process::Stdio;
use std::time::Duration;

use process_wrap::tokio::{ChildWrapper, CommandWrap};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::time::{Instant, timeout};

use super::capture::{Keeper, Lines};
use super::{Captured, Command, Ended, ExitStatus, Finished, LineSink, OutputStream, Runner};
use crate::{BoxFuture, Cancel};

/// How long output is still awaited after the process has ended while something else holds its pipes.
const DRAIN: Duration = Duration::from_secs(1);

/// Why a process could not be run. What it did itself is in [`Finished`].
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// It was not started, because stopping had been asked for before.
    #[error("did not start `{}`: interrupted", program.display())]
    Cancelled {
        /// The program.
        program: PathBuf,
    },
    /// It did not start.
    #[error("could not start `{}` in `{}`", program.display(), cwd.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// Where it should have run; a missing folder looks like a missing program.
        cwd: PathBuf,
        /// The failure below.
        source: io::Error,
    },
    /// It started and could not be waited for.
    #[error("could not wait for `{}`", program.display())]
    Wait {
        /// The program.
        program: PathBuf,
        /// The failure below.
        source: io::Error,
    },
}

/// Runs real processes. Deadlines are real time; under a paused clock use a [`Runner`] of your own.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRunner;

impl Runner for SystemRunner {
    fn run<'a>(
        &'a self,
        command: Command,
        cancel: &'a Cancel,
    ) -> BoxFuture<'a, Result<Finished, ProcessError>> {
        Box::pin(run(command, cancel))
    }
}

async fn run(command: Command, cancel: &Cancel) -> Result<Finished, ProcessError> {
    if cancel.is_cancelled() {
        return Err(ProcessError::Cancelled { program: command.program });
    }
    let started = Instant::now();
    let mut group = Group::start(&command)?;
    let (mut out, mut err) = (Reader::new(&command), Reader::new(&command));
    let (stdout, stderr) = (group.child.stdout().take(), group.child.stderr().take());
    let mut pipes = Pipes::new(async {
        tokio::join!(out.read(stdout, OutputStream::Stdout), err.read(stderr, OutputStream::Stderr));
    });

    let ended = pipes.beside(group.ended(cancel, command.deadline)).await;
    if ended != Ended::ByItself {
        pipes.beside(group.terminate(command.grace, cancel)).await;
    }
    let status = pipes.beside(group.child.wait()).await;
    let status = status.map_err(|source| ProcessError::Wait { program: command.program, source })?;
    // What the process left behind in its group may still hold its pipes and write. It gets a moment, then
    // it goes; something that left the group as well gets one more moment and is not listened to after.
    pipes.closed_within(DRAIN).await;
    group.finish();
    pipes.closed_within(DRAIN).await;
    drop(pipes);
    let status = exit_status(status);
    Ok(Finished { status, ended, stdout: out.finish(), stderr: err.finish(), duration: started.elapsed() })
}

/// A process and everything it starts. Dropped before [`Group::finish`], it is killed.
#[derive(Debug)]
struct Group {
    child: Box<dyn ChildWrapper>,
    finished: bool,
}

impl Group {
    fn start(command: &Command) -> Result<Self, ProcessError> {
        let mut wrapped = CommandWrap::with_new(&command.program, |process| {
            process
                .args(&command.args)
                .current_dir(&command.cwd)
                .env_clear()
                .envs(command.env.variables())
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                // Reaps the process when we drop it unfinished.
                .kill_on_drop(true);
        });
        #[cfg(unix)]
        wrapped.wrap(process_wrap::tokio::ProcessGroup::leader());
        #[cfg(windows)]
        wrapped.wrap(process_wrap::tokio::JobObject);
        let child = wrapped.spawn().map_err(|source| ProcessError::Start {
            program: command.program.clone(),
            cwd: command.cwd.clone(),
            source,
        })?;
        Ok(Self { child, finished: false })
    }

    async fn ended(&mut self, cancel: &Cancel, deadline: Duration) -> Ended {
        tokio::select! {
            _ = self.child.wait() => Ended::ByItself,
            () = cancel.cancelled() => Ended::Cancelled,
            _ = timeout(deadline, std::future::pending::<()>()) => Ended::TimedOut,
        }
    }

    /// Asks the group to end; after `grace`, or when there is hurry, it has to.
    async fn terminate(&mut self, grace: Duration, cancel: &Cancel) {
        #[cfg(unix)]
        let asked = self.child.signal(rustix::process::Signal::TERM.as_raw()).is_ok();
        #[cfg(not(unix))]
        let asked = false;
        let ended = asked
            && tokio::select! {
                ended = timeout(grace, self.child.wait()) => ended.is_ok(),
                () = cancel.hurried() => false,
            };
        if !ended {
            self.kill();
        }
    }

    /// Ends what is left of the group after its leader has been waited for.
    ///
    /// While anything is left, the system does not give the group's number to another process; and it gives
    /// out numbers in turn, so an empty group's number is not in use again this soon.
    fn finish(&mut self) {
        self.kill();
        self.finished = true;
    }

    fn kill(&mut self) {
        // Fails when nothing is left to kill.
        drop(self.child.start_kill());
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.finished {
            self.kill();
        }
    }
}

/// Reads both pipes of a process while something else is awaited: a full pipe would stop the process.
struct Pipes<F> {
    reading: Pin<Box<F>>,
    closed: bool,
}

impl<F: Future<Output = ()>> Pipes<F> {
    fn new(reading: F) -> Self {
        Self { reading: Box::pin(reading), closed: false }
    }

    async fn beside<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                output = &mut work => return output,
                () = &mut self.reading, if !self.closed => self.closed = true,
            }
        }
    }

    async fn closed_within(&mut self, patience: Duration) {
        if !self.closed {
            self.closed = timeout(patience, &mut self.reading).await.is_ok();
        }
    }
}

/// Keeps one stream and hands on its lines.
struct Reader {
    keeper: Keeper,
    lines: Lines,
    sink: Option<LineSink>,
}

impl Reader {
    fn new(command: &Command) -> Self {
        let keeper = Keeper::new(command.output_bytes);
        Self { keeper, lines: Lines::default(), sink: command.lines.clone() }
    }

    async fn read(&mut self, pipe: Option<impl AsyncRead + Unpin>, stream: OutputStream) {
        let Some(mut pipe) = pipe else { return };
        let mut buffer = vec![0; 16 * 1024];
        // A pipe that cannot be read any more has ended as far as we are concerned.
        while let Ok(count @ 1..) = pipe.read(&mut buffer).await {
            let bytes = &buffer[..count];
            self.keeper.push(bytes);
            if let Some(sink) = &self.sink {
                self.lines.push(bytes, |line| sink(stream, line));
            }
        }
        if let Some(sink) = &self.sink {
            self.lines.finish(|line| sink(stream, line));
        }
    }

    fn finish(self) -> Captured {
        self.keeper.finish()
    }
}

#[cfg(unix)]
fn exit_status(status: std::process::ExitStatus) -> ExitStatus {
    use std::os::unix::process::ExitStatusExt as _;
    match status.code() {
        Some(code) => ExitStatus::Code(code),
        None => ExitStatus::Signal(status.signal().unwrap_or_default()),
    }
}

#[cfg(not(unix))]
fn exit_status(status: std::process::ExitStatus) -> ExitStatus {
    ExitStatus::Code(status.code().unwrap_or(-1))
}
