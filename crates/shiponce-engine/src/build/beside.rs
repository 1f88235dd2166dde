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
    let Some(first) = names.first() else { return Ok(()) };
    if context.in_ci() {
        let message = format!("this CI job would run project code beside a publishing credential ({first})");
        return Err(Problem::new(ErrorCode::BuildBesideCredentials, message)
            .note("Nothing was built or uploaded by this run.")
            .hint("build in a job without it, then publish the files in a job that runs no project code: shiponce publish"));
    }
    let names = names.join(", ");
    context.report.warning(format!("{names}: set here, not seen by the build and the tests"));
    Ok(())
}
