//! Python on the user's machine: which interpreter, which tools, clean environments.

mod interpreter;
mod venv;

pub(crate) use interpreter::{Interpreter, find_interpreter, find_python};
pub(crate) use venv::{Limit, Venv};

use crate::context::Context;
use shiponce_api::{ErrorCode, Problem};
use shiponce_io::process::{Command, Finished};

/// Runs a tool to its end and turns "could not start", "took too long" and "cancelled" into problems. A non-zero
/// exit is the caller's to judge.
pub(crate) async fn run(
    context: &Context,
    command: Command,
    what: &str,
    code: ErrorCode,
) -> Result<Finished, Problem> {
    let line = command.display();
    let deadline = command.deadline;
    let finished = context.runner.run(command, &context.cancel).await;
    // Asked first: a tool that was not even started because of it is no broken tool.
    if context.cancel.is_cancelled() {
        return Err(interrupted());
    }
    let finished = finished.map_err(|error| Problem::from_error(code, &error))?;
    if finished.timed_out() {
        let message = format!("{what} took longer than {} s", deadline.as_secs());
        let problem = Problem::new(code, message).fact("command", line);
        return Err(match code {
            ErrorCode::BuildFailed => problem.hint("raise [build] timeout in shiponce.toml"),
            ErrorCode::InstallVerificationFailed => problem.hint("raise [verify] timeout in shiponce.toml"),
            _ => problem,
        });
    }
    Ok(finished)
}

/// The problem of a run that was asked to stop.
pub(crate) fn interrupted() -> Problem {
    Problem::new(ErrorCode::Interrupted, "interrupted; everything done so far is recorded")
        .hint("press the same command again: it goes on where this one stopped")
}

/// The last lines of what a failed tool said, for a problem's facts.
pub(crate) fn last_words(finished: &Finished) -> String {
    let both = finished.stdout.text() + "\n" + &finished.stderr.text();
    let lines: Vec<&str> = both.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}
