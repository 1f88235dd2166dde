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
        let stated = request.declared_version.clone();
        crate::release::check_version(request, &tagged)?;
        return Ok(stated.or_else(|| tagged.first().cloned()));
    };
    let locations = gate.locations(&request.project_dir, Some(request.project.normalized()))?;
    let tag = choose_tag(&request.tag, tags, &locations);
    let tag = tag.as_ref().map(|(tag, version)| (tag.as_str(), version));
    let question = Question { tag, locations: &locations, built: &[], published: None };
    let verdict = validate_version_sync(&question);
    match version_problem(&verdict) {
        Some(problem) => Err(problem.note("Nothing was built or uploaded by this run.")),
        None => Ok(verdict.version.or_else(|| tagged.first().cloned())),
    }
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
