//! Child processes: argument vectors only, a group of their own, a deadline, a chosen environment.
//!
//! There is no shell here, no terminal for the child, and no way to hand a secret to a child in its
//! arguments or on purpose in its environment: what project code may see is a short list
//! ([`ChildEnv::allowed`]). Everything a child starts goes down with it.

use std::fmt::Debug;

use crate::{BoxFuture, Cancel};

mod capture;
mod command;
mod env;
mod find;
mod harden;
mod run;
mod strip;

pub use capture::Captured;
pub use command::{Command, Ended, ExitStatus, Finished, LineSink, OutputStream};
pub use env::{ChildEnv, EnvNote, Environment, Treatment};
pub use find::{find_program, find_programs};
pub use harden::make_undumpable;
pub use run::{ProcessError, SystemRunner};

/// Runs child processes.
pub trait Runner: Send + Sync + Debug {
    /// Runs `command` to its end. A status other than success is no error here, nor is a passed deadline;
    /// both are in [`Finished`]. Raising `cancel` or dropping the future ends the whole group.
    ///
    /// # Errors
    /// When the program cannot be started or watched.
    fn run<'a>(
        &'a self,
        command: Command,
        cancel: &'a Cancel,
    ) -> BoxFuture<'a, Result<Finished, ProcessError>>;
}
