//! What clap says, in our form and with our exit code.

use crate::terminal;
use clap::error::ErrorKind;
use shiponce_api::v1::{ErrorDocument, to_text};
use shiponce_api::{ErrorCode, ExitCode as Code, Problem};
use std::ffi::OsString;
use std::process::ExitCode;

/// Prints a usage error (2), or the help or version that was asked for (0).
pub(crate) fn report(error: &clap::Error, args: &[OsString]) -> ExitCode {
    let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if asked || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // A closed pipe while printing help is the reader's choice, not an error of ours.
        drop(error.print());
        return ExitCode::from(if asked { Code::Done } else { Code::Usage }.number());
    }
    let styled = error.render().ansi().to_string();
    let ours = styled.replacen("error:", &format!("error[{}]:", ErrorCode::Usage), 1);
    terminal::words(&ours);
    // The flags could not be parsed, so the wish for JSON is looked for by hand.
    if args.iter().take_while(|arg| *arg != "--").any(|arg| arg == "--json") {
        let text = error.render().to_string();
        let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        let document = ErrorDocument::from(&Problem::new(ErrorCode::Usage, message));
        if let Ok(text) = to_text(&document) {
            terminal::document(&text);
        }
    }
    ExitCode::from(Code::Usage.number())
}
