//! Project code never runs beside a credential.

use crate::context::Context;
use crate::report::Say as _;
use shiponce_api::{ErrorCode, Problem};

/// A build, an installation and an import all run project code; in CI none of them may run beside a credential.
/// Elsewhere the code does not see it, and one line says so.
///
/// # Errors
/// `build-beside-credentials` in CI.
pub(crate) fn beside_credentials(context: &Context, names: &[String]) -> Result<(), Problem> {
    refuse_beside_credentials(context, names)?;
    tell_of_credentials(context, names);
    Ok(())
}

/// The refusal alone, for a command that may yet turn out to run no project code.
///
/// # Errors
/// As [`beside_credentials`].
pub(crate) fn refuse_beside_credentials(context: &Context, names: &[String]) -> Result<(), Problem> {
    let Some(first) = names.first().filter(|_| context.in_ci()) else { return Ok(()) };
    let message = format!("this CI job would run project code beside a publishing credential ({first})");
    Err(Problem::new(ErrorCode::BuildBesideCredentials, message)
        .note("Nothing was built or uploaded by this run.")
        .hint("build in a job without it, then publish the files in a job that runs no project code: shiponce publish"))
}

/// The line, right before project code runs.
pub(crate) fn tell_of_credentials(context: &Context, names: &[String]) {
    if !names.is_empty() {
        let names = names.join(", ");
        context.report.warning(format!("{names}: set here, not seen by the build and the tests"));
    }
}
