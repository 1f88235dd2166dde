//! `check`: the gates on their own.

use super::published::published;
use super::version::{VersionGate, choose_tag};
use crate::bytes::{must_exist, open_all};
use crate::context::Context;
use crate::project::tags_on_head;
use crate::release::TagRule;
use crate::target::ReleaseTarget;
use shiponce_api::v1::{CheckDocument, GateRow};
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::{PackageName, Version};
use shiponce_dist::{Distribution, Ruleset};
use shiponce_gates::check_dist;
use shiponce_gates::version::{Built, Question, extract_git_tag_version, validate_version_sync};
use std::path::PathBuf;

/// What to check.
#[derive(Debug, Default)]
pub struct CheckRequest {
    /// The version gate, when it runs.
    pub version: Option<VersionCheck>,
    /// The files of the dist gate; `None` when it does not run.
    pub dist: Option<Vec<PathBuf>>,
    /// Whether a private index takes what PyPI refuses, and no other index is configured.
    pub permissive: bool,
}

/// What the version gate looks at.
#[derive(Debug)]
pub struct VersionCheck {
    /// The project's folder.
    pub project_dir: PathBuf,
    /// The project, when its name is known before the build.
    pub project: Option<PackageName>,
    /// The tag template.
    pub rule: TagRule,
    /// How the gate looks at the project.
    pub gate: VersionGate,
    /// `--tag`: a tag or `refs/tags/…`. Without it the tags on HEAD.
    pub tag: Option<String>,
    /// Built files, whose metadata is the authority.
    pub built: Vec<PathBuf>,
    /// The indexes to ask; `None` asks none.
    pub targets: Option<Vec<ReleaseTarget>>,
}

/// Runs the gates that were asked for.
///
/// # Errors
/// `usage` for a tag that names no version, and when files or git cannot be read. What a gate finds is no error.
pub async fn check(context: &Context, request: &CheckRequest) -> Result<CheckDocument, Problem> {
    let mut gates = Vec::new();
    if let Some(version) = &request.version {
        gates.push(check_version(context, version).await?);
    }
    if let Some(paths) = &request.dist {
        let rules = if request.permissive { Ruleset::Permissive } else { Ruleset::Pypi };
        gates.push(check_dist(paths, rules));
    }
    Ok(CheckDocument { gates, error: None })
}

async fn check_version(context: &Context, request: &VersionCheck) -> Result<GateRow, Problem> {
    let name = request.project.as_ref().map(PackageName::normalized);
    let locations = request.gate.locations(&request.project_dir, name)?;
    let tag = match &request.tag {
        Some(reference) => Some(named_tag(reference, &request.rule)?),
        None => {
            let tags = tags_on_head(context, &request.project_dir).await?;
            choose_tag(&request.rule, &tags, &locations)
        }
    };
    must_exist(&request.built)?;
    let files = open_all(&request.built)?;
    let version = |file: &Distribution| Built {
        file: file.filename.to_string(),
        version: file.metadata().version().clone(),
    };
    let built: Vec<Built> = files.iter().map(version).collect();
    let tag = tag.as_ref().map(|(tag, version)| (tag.as_str(), version));
    let mut question = Question { tag, locations: &locations, built: &built, published: Some(&[]) };
    let seen = match (&request.targets, &request.project, validate_version_sync(&question).version) {
        (Some(targets), Some(project), Some(version)) => {
            Some(published(context, project, &version, targets, &files).await?)
        }
        (Some(_), _, _) => Some(Vec::new()),
        (None, _, _) => None,
    };
    question.published = seen.as_deref();
    Ok(validate_version_sync(&question).row)
}

fn named_tag(reference: &str, rule: &TagRule) -> Result<(String, Version), Problem> {
    let version = extract_git_tag_version(reference, &rule.template, &rule.package).map_err(|error| {
        Problem::from_error(ErrorCode::Usage, &error).hint(format!(
            "a tag of this project reads {}",
            rule.template.render(&rule.package, "1.2.3", None)
        ))
    })?;
    let tag = reference.strip_prefix("refs/tags/").unwrap_or(reference);
    Ok((tag.to_owned(), version))
}
