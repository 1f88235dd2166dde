//! What clap says, with our exit code.

use clap::error::ErrorKind;
use shiponce_api::ExitCode as Code;
use std::process::ExitCode;

/// Prints a usage error (2), or the help or version that was asked for (0).
pub(crate) fn report(error: &clap::Error) -> ExitCode {
    // A closed pipe while printing help is the reader's choice, not an error of ours.
    drop(error.print());
    let code = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Code::Done,
        _ => Code::Usage,
    };
    ExitCode::from(code.number())
}
