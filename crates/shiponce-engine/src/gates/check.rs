//! `check`: the gates on their own.

use super::published::published;
use super::version::{VersionGate, choose_tag};
use crate::bytes::{must_exist, open_all};
use crate::context::Context;
use crate::project::{git_problem, repository_at};
use crate::release::TagRule;
use crate::target::ReleaseTarget;
use shiponce_api::v1::{CheckDocument, GateRow};
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::{PackageName, Version};
use shiponce_dist::{Distribution, Ruleset};
use shiponce_gates::check_dist;
use shiponce_gates::version::{
    Built, Changes, Published, Question, Verdict, extract_git_tag_version, validate_version_sync,
};
use shiponce_io::git::Repository;
use std::path::{Path, PathBuf};

/// What to check.
#[derive(Debug, Default)]
pub struct CheckRequest {
    /// The version gate, once for each project it looks at.
    pub version: Vec<VersionCheck>,
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
    /// That folder below the one the command was given, which paths in the answer are relative to.
    pub below: PathBuf,
    /// The project, when its name is known before the build.
    pub project: Option<PackageName>,
    /// The names it has on the indexes: its own, or those of its variants.
    pub published_as: Vec<PackageName>,
    /// The tag template; with variants once for each.
    pub rules: Vec<TagRule>,
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
    for version in &request.version {
        let mut row = check_version(context, version).await?;
        place(&mut row, &version.below);
        gates.push(row);
    }
    if let Some(paths) = &request.dist {
        let rules = if request.permissive { Ruleset::Permissive } else { Ruleset::Pypi };
        gates.push(check_dist(paths, rules));
    }
    Ok(CheckDocument { gates, publisher: None, error: None })
}

async fn check_version(context: &Context, request: &VersionCheck) -> Result<GateRow, Problem> {
    let name = request.project.as_ref().map(PackageName::normalized);
    let locations = request.gate.locations(&request.project_dir, name)?;
    let repository = repository_at(context, &request.project_dir).await?;
    let tag = match (&request.tag, &repository) {
        (Some(reference), _) => Some(named_tag(reference, &request.rules)?),
        (None, Some((repository, commit))) => {
            let tags = repository.tags_at(commit).await.map_err(|error| git_problem(&error))?;
            request.rules.iter().find_map(|rule| choose_tag(rule, &tags, &locations))
        }
        (None, None) => None,
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
    let seen = match (&request.targets, validate_version_sync(&question).version) {
        (Some(targets), Some(version)) => {
            let mut seen = Vec::new();
            for project in &request.published_as {
                let there = published(context, project, &version, targets, &files).await?;
                let several = request.published_as.len() > 1;
                seen.extend(there.into_iter().map(|there| Published {
                    index: if several { format!("{} ({project})", there.index) } else { there.index },
                    ..there
                }));
            }
            Some(seen)
        }
        (Some(_), None) => Some(Vec::new()),
        (None, _) => None,
    };
    question.published = seen.as_deref();
    let mut verdict = validate_version_sync(&question);
    if let Some((repository, _)) = &repository {
        recommendation(repository, request, &mut verdict).await?;
    }
    Ok(verdict.row)
}

/// Names files from the folder that the command was given.
fn place(row: &mut GateRow, below: &Path) {
    let Some(below) = below.to_str().filter(|below| !below.is_empty()) else { return };
    let files = row.issues.iter_mut().filter_map(|issue| issue.file_path.as_mut());
    let locations = row.validation.iter_mut().flat_map(|validation| &mut validation.locations);
    for path in files.chain(locations.map(|location| &mut location.file_path)) {
        *path = format!("{below}/{path}");
    }
}

/// What the changes since the last release call for.
async fn recommendation(
    repository: &Repository,
    request: &VersionCheck,
    verdict: &mut Verdict,
) -> Result<(), Problem> {
    let tags = repository.tags_behind_head().await.map_err(|error| git_problem(&error))?;
    let released = tags.iter().filter_map(|tag| {
        let version = request.rules.iter().find_map(|rule| rule.parse(tag))?;
        version.is_plain().then_some((version, tag))
    });
    let Some((version, tag)) = released.max() else { return Ok(()) };
    let messages = repository.messages_since(tag, &request.project_dir).await;
    let messages = messages.map_err(|error| git_problem(&error))?;
    verdict.recommend(&Changes { tag, version: &version, messages: &messages });
    Ok(())
}

/// A tag that was named, by the first of the rules that it follows.
pub(super) fn named_tag(reference: &str, rules: &[TagRule]) -> Result<(String, Version), Problem> {
    let mut first = None;
    for rule in rules {
        match extract_git_tag_version(reference, &rule.template, &rule.package, rule.variant.as_deref()) {
            Ok(version) => {
                let tag = reference.strip_prefix("refs/tags/").unwrap_or(reference);
                return Ok((tag.to_owned(), version));
            }
            Err(error) => {
                let problem = || {
                    let example = rule.template.render(&rule.package, "1.2.3", rule.variant.as_deref());
                    Problem::from_error(ErrorCode::Usage, &error)
                        .hint(format!("a tag of this project reads {example}"))
                };
                first = first.or_else(|| Some(problem()));
            }
        }
    }
    Err(first.unwrap_or_else(|| Problem::new(ErrorCode::Usage, "the project has no tags")))
}
