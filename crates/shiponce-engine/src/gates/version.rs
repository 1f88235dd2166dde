//! The version gate on the way to a release: before the build, and before anything is sent.

use crate::release::{ReleaseRequest, TagRule};
use shiponce_api::v1::GateStatus;
use shiponce_api::{ErrorCode, Problem};
use shiponce_config::VersionFile;
use shiponce_core::Version;
use shiponce_gates::version::{
    Asked, Location, Question, ReadError, Verdict, find_locations, validate_version_sync,
};
use std::path::Path;

/// How the version gate looks at a project.
#[derive(Debug, Clone, Default)]
pub struct VersionGate {
    /// `[gates] version-files`
    pub files: Vec<VersionFile>,
}

impl VersionGate {
    /// Every place of the project that states its version.
    pub(crate) fn locations(&self, project: &Path, name: Option<&str>) -> Result<Vec<Location>, Problem> {
        let asked = Asked { root: project, name, version_files: &self.files };
        find_locations(&asked).map_err(|error| read_problem(&error))
    }
}

fn read_problem(error: &ReadError) -> Problem {
    Problem::from_error(ErrorCode::CheckFailed, error).hint("make the file readable, or correct it")
}

/// Compares what the project states with the tags on HEAD. Gives the version, as far as it is known before the build;
/// what only the build knows is compared after it.
///
/// # Errors
/// `version-mismatch` naming the tag, the versions and the files.
pub(crate) fn before_build(request: &ReleaseRequest, tags: &[String]) -> Result<Option<Version>, Problem> {
    let tagged = request.tag.versions_of(tags);
    let Some(gate) = &request.version_gate else {
        // Without the gate the tag and pyproject.toml must still agree: a release has one version.
        let stated = request.stated_version()?;
        crate::release::check_version(request, &tagged)?;
        return Ok(stated.or_else(|| tagged.first().cloned()));
    };
    let locations = gate.locations(&request.project_dir, Some(request.project.normalized()))?;
    let tag = match request.suffix {
        None => choose_tag(&request.tag, tags, &locations),
        Some(_) => suffixed_tag(request, tags, &locations)?,
    };
    let tag = tag.as_ref().map(|(tag, version)| (tag.as_str(), version));
    let question = Question { tag, locations: &locations, built: &[], published: None };
    let verdict = validate_version_sync(&question);
    match (version_problem(&verdict), verdict.version) {
        (Some(problem), _) => Err(problem.note("Nothing was built or uploaded by this run.")),
        (None, Some(version)) => request.suffixed(&version).map(Some),
        (None, None) => Ok(tagged.first().cloned()),
    }
}

/// The tag of the suffixed version, which the places of the project must not state themselves: it is compared with them
/// as the version that it suffixes.
fn suffixed_tag(
    request: &ReleaseRequest,
    tags: &[String],
    locations: &[Location],
) -> Result<Option<(String, Version)>, Problem> {
    let Some(stated) = locations.iter().find_map(Location::version) else {
        return Err(Problem::new(
            ErrorCode::Usage,
            "no place of the project states its version, so there is none that a suffix could follow",
        )
        .note("Nothing was built or uploaded by this run.")
        .hint("a version that comes from the tag needs no suffix: tag the commit with the new version"));
    };
    let wanted = request.suffixed(stated)?;
    let fits = |tag: &&String| request.tag.parse(tag).as_ref() == Some(&wanted);
    Ok(tags.iter().find(fits).map(|tag| (tag.clone(), stated.clone())))
}

/// The tag to compare with: of several on one commit the one that names what the project states.
pub(crate) fn choose_tag(
    rule: &TagRule,
    tags: &[String],
    locations: &[Location],
) -> Option<(String, Version)> {
    let stated = locations.iter().find_map(Location::version);
    let mut ours = tags.iter().filter_map(|tag| Some((tag.clone(), rule.parse(tag)?)));
    let fitting = ours.clone().find(|(_, version)| Some(version) == stated);
    fitting.or_else(|| ours.next())
}

/// Why a release cannot go on, when the gate failed.
pub(crate) fn version_problem(verdict: &Verdict) -> Option<Problem> {
    if verdict.row.status != GateStatus::Fail {
        return None;
    }
    let validation = verdict.row.validation.as_ref()?;
    let message = validation.error_message.clone().unwrap_or_default();
    let mut problem = Problem::new(ErrorCode::VersionMismatch, message);
    for location in &validation.locations {
        let place = match location.line_number {
            Some(line) => format!("{}:{line}", location.file_path),
            None => location.file_path.clone(),
        };
        let said = location.text.clone().or_else(|| location.detail.clone()).unwrap_or_default();
        problem = problem.fact(place, format!("{said} ({})", location.source));
    }
    Some(problem.hint(validation.recommended_action.text.clone()))
}
