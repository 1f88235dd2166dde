//! A build whose files came out damaged is thrown away and made once more.

use super::Legs;
use crate::bytes::Looked;
use crate::report::Say as _;
use crate::target::ReleaseTarget;
use shiponce_api::{ErrorCode, Problem};
use std::path::PathBuf;

/// How often a build is tried before its damage is reported.
const ATTEMPTS: usize = 2;

/// Builds and looks at what came out. Only damage is built again, a torn archive or files that their RECORD does not
/// know: what the sources say wrongly, a second build says again. This is for before the freeze; after it nothing is
/// ever rebuilt.
///
/// # Errors
/// What the build ends with, and `wheel-invalid` when both attempts came out unsound.
pub(crate) async fn build_sound(legs: &Legs<'_>, targets: &[ReleaseTarget]) -> Result<Looked, Problem> {
    let report = &legs.context.report;
    for attempt in 1..ATTEMPTS {
        let paths = legs.build().await?;
        let looked = Looked::at(&paths, targets);
        let Some(damage) = damage(&looked) else { return looked };
        report.warning(format!("the build came out damaged: {damage}"));
        remove(&paths);
        report.info(format!("Removed it; building again, attempt {} of {ATTEMPTS}", attempt + 1));
        // Rooms are made of the workshop's copy, and one that exists is in the way.
        drop(fs_err::remove_dir_all(legs.temp));
    }
    Looked::at(&legs.build().await?, targets)
}

/// What another build may mend.
fn damage(looked: &Result<Looked, Problem>) -> Option<String> {
    match looked {
        Err(problem) if problem.code == ErrorCode::WheelInvalid => Some(
            problem.causes.iter().fold(problem.message.clone(), |said, cause| format!("{said}: {cause}")),
        ),
        Err(_) => None,
        Ok(looked) => {
            let torn = looked.findings.iter().find(|finding| finding.rule == "record-mismatch");
            torn.filter(|finding| finding.is_rejected()).map(ToString::to_string)
        }
    }
}

/// The folder is ours and temporary; what cannot be removed now goes with its parent.
fn remove(paths: &[PathBuf]) {
    for path in paths {
        drop(fs_err::remove_file(path));
    }
}
