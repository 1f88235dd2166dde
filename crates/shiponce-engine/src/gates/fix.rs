//! `check version --fix`: makes the places that state the version equal, line by line, each shown.

use super::check::{VersionCheck, named_tag};
use crate::context::Context;
use crate::report::Say as _;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::PackageName;
use shiponce_gates::version::{Fixes, Question, plan_fixes, validate_version_sync};
use shiponce_io::files::{Access, write_atomic};

/// Writes one version into every place of the project that can be written: that of `--tag`, else that of the place the
/// build uses. A tag on HEAD decides nothing: it names the commit as it is.
///
/// # Errors
/// `usage` for a tag that names no version, and when a file cannot be read or written.
pub fn fix_versions(context: &Context, request: &VersionCheck) -> Result<(), Problem> {
    let name = request.project.as_ref().map(PackageName::normalized);
    let locations = request.gate.locations(&request.project_dir, name)?;
    let wanted = match &request.tag {
        Some(reference) => Some(named_tag(reference, &request.rules)?.1),
        None => {
            let question = Question { tag: None, locations: &locations, built: &[], published: None };
            validate_version_sync(&question).version
        }
    };
    let Some(version) = wanted else {
        context.report.warning("Nothing to set the version to: no place states it. Name it with --tag");
        return Ok(());
    };
    let failed = |message: &str, error: &dyn std::error::Error| {
        Problem::new(ErrorCode::CheckFailed, message.to_owned()).cause(error.to_string())
    };
    let fixes = plan_fixes(&request.project_dir, &locations, &version)
        .map_err(|error| failed("a file of the project cannot be read", &error))?;
    show(context, &fixes);
    for (file, text) in &fixes.files {
        // A link stays one: what it points to is written.
        let path = fs_err::canonicalize(request.project_dir.join(file))
            .map_err(|error| failed("a file of the project is gone", &error))?;
        write_atomic(&path, text.as_bytes(), Access::Shared)
            .map_err(|error| failed("a file of the project cannot be written", &error))?;
    }
    Ok(())
}

fn show(context: &Context, fixes: &Fixes) {
    for line in &fixes.lines {
        context.report.info(format!("{}:{}", line.file, line.line));
        context.report.info(format!("- {}", line.before));
        context.report.info(format!("+ {}", line.after));
    }
    for (place, why) in &fixes.left {
        context.report.warning(format!("{place} is left as it is: {why}"));
    }
    if fixes.lines.is_empty() && fixes.left.is_empty() {
        context.report.info("Nothing to fix: every place states the version");
    }
}
