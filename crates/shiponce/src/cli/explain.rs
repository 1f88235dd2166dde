//! `explain`: the page behind an error code.

use crate::terminal::Terminal;
use clap::Args;
use shiponce_api::{ErrorCode, ExitCode, Problem};

/// Print the page behind an error code
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The code, as printed in `error[CODE]`; without it, the list of codes
    pub(crate) code: Option<String>,
}

pub(crate) fn run(args: &ExplainArgs, terminal: &Terminal) -> Result<ExitCode, Problem> {
    let Some(slug) = &args.code else {
        let width = ErrorCode::all().iter().map(|code| code.slug().len()).max().unwrap_or(0);
        for code in ErrorCode::all() {
            terminal.data(&format!("{:width$}  {}\n", code.slug(), code.title()));
        }
        return Ok(ExitCode::Done);
    };
    let slug = slug.trim_start_matches("error[").trim_end_matches(']');
    let code = ErrorCode::from_slug(slug).ok_or_else(|| {
        Problem::new(ErrorCode::Usage, format!("there is no error code `{slug}`"))
            .hint("shiponce explain lists them")
    })?;
    terminal.data(code.page());
    Ok(ExitCode::Done)
}
