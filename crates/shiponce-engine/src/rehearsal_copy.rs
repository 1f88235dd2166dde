//! What a rehearsal needs of a project: a repository of its own, and its version before there is a tag.

use crate::build::{BuildOptions, Legs, Workshop};
use crate::bytes::{belong_together, open_all};
use crate::context::Context;
use crate::project::{git_problem, read_checkout};
use crate::release::TagRule;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::{PackageName, Version};
use shiponce_io::git::{Git, Identity, TagKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Folders that are never part of a project's source, for projects that are in no repository.
const NOT_SOURCE: &[&str] =
    &[".git", ".venv", "venv", "__pycache__", "target", "node_modules", ".tox", ".nox"];

/// Copies a project into a repository with one commit, these tags on it and a local remote. The project's own
/// repository is neither touched nor seen by the pipeline.
///
/// # Errors
/// When a file cannot be copied or there is no git.
pub async fn rehearsal_copy(
    context: &Context,
    project: &Path,
    place: &Path,
    tags: &[String],
) -> Result<PathBuf, Problem> {
    let folder = place.join("project");
    copy_source(context, project, &folder).await?;
    let git = Git::new(
        context.runner.clone(),
        &context.environment,
        context.cancel.clone(),
        Duration::from_secs(60),
    );
    let problem = |error: shiponce_io::git::GitError| git_problem(&error);
    let repository = git.init(&folder).await.map_err(problem)?.ok_or_else(|| {
        Problem::new(ErrorCode::Usage, "a rehearsal keeps the git rules, and there is no git")
            .hint("install git")
    })?;
    let identity = Identity {
        name: "shiponce rehearsal".to_owned(),
        email: "rehearsal@localhost".to_owned(),
        when: context.clock.now(),
    };
    let commit = repository.commit_all("the project as it is", &identity).await.map_err(problem)?;
    let mut pushed = vec!["refs/heads/main".to_owned()];
    for tag in tags {
        repository.create_tag(tag, &commit, &TagKind::Lightweight).await.map_err(problem)?;
        pushed.push(format!("refs/tags/{tag}"));
    }
    let remote = place.join("remote.git");
    repository.add_local_remote("origin", &remote).await.map_err(problem)?;
    let pushed: Vec<&str> = pushed.iter().map(String::as_str).collect();
    repository.push("origin", &pushed).await.map_err(problem)?;
    Ok(folder)
}

/// Copies the files of a project into a folder.
///
/// # Errors
/// When a file cannot be copied.
pub(crate) async fn copy_source(context: &Context, project: &Path, folder: &Path) -> Result<(), Problem> {
    let copied = |error: std::io::Error| {
        Problem::new(ErrorCode::Usage, "the project's files cannot be copied").cause(error.to_string())
    };
    fs_err::create_dir_all(folder).map_err(copied)?;
    for relative in source_files(context, project).await? {
        let from = project.join(&relative);
        // Submodules become plain folders of the copy, so nothing has to be fetched for it.
        if relative == Path::new(".gitmodules") {
            continue;
        }
        if from.is_dir() {
            let mut inside = Vec::new();
            walk(&from, Path::new(""), &mut inside).map_err(copied)?;
            for file in inside {
                copy_file(&from.join(&file), &folder.join(&relative).join(&file)).map_err(copied)?;
            }
        } else if from.is_file() {
            // A tracked file that was deleted is listed and not there.
            copy_file(&from, &folder.join(&relative)).map_err(copied)?;
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> std::io::Result<()> {
    if let Some(parent) = to.parent() {
        fs_err::create_dir_all(parent)?;
    }
    fs_err::copy(from, to).map(drop)
}

/// Files of the project, relative to it: what git knows or would take, else everything but the usual leftovers.
async fn source_files(context: &Context, project: &Path) -> Result<Vec<PathBuf>, Problem> {
    let failed = |error: std::io::Error| {
        Problem::new(ErrorCode::NoProject, "the project's files cannot be listed").cause(error.to_string())
    };
    let project = fs_err::canonicalize(project).map_err(failed)?;
    let Some(checkout) = read_checkout(context, &project).await? else {
        let mut files = Vec::new();
        walk(&project, Path::new(""), &mut files).map_err(failed)?;
        return Ok(files);
    };
    let root = fs_err::canonicalize(checkout.repository.root()).map_err(failed)?;
    let below = project.strip_prefix(&root).unwrap_or_else(|_| Path::new("")).to_owned();
    let files = checkout.repository.files().await.map_err(|error| git_problem(&error))?;
    Ok(files.into_iter().filter_map(|path| path.strip_prefix(&below).ok().map(Path::to_owned)).collect())
}

fn walk(root: &Path, below: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs_err::read_dir(root.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() && !NOT_SOURCE.iter().any(|name| entry.file_name() == *name) {
            walk(root, &path, files)?;
        } else if kind.is_file() && entry.file_name() != ".git" {
            // In a submodule `.git` is a file that points to the repository around it.
            files.push(path);
        }
    }
    Ok(())
}

/// The version a project is going to have: of the tag it stands at, else of a trial build.
///
/// # Errors
/// When the build fails.
pub async fn learn_version(
    context: &Context,
    project: &Path,
    name: &PackageName,
    rule: &TagRule,
    options: &BuildOptions,
) -> Result<Version, Problem> {
    let checkout = read_checkout(context, project).await?;
    let tags = checkout.as_ref().map(|checkout| checkout.tags.as_slice()).unwrap_or_default();
    if let Some(version) = tags.iter().find_map(|tag| rule.parse(tag)) {
        return Ok(version);
    }
    // In a copy, because a build leaves files behind and the user's folder is not ours.
    let mut context = context.clone();
    context.state.temp = context.state.temp.join("trial");
    let folder = rehearsal_copy(&context, project, &context.state.temp, &["trial".to_owned()]).await?;
    let checkout = read_checkout(&context, &folder).await?;
    let workshop = Workshop::new(&context.state.temp);
    let legs = Legs {
        context: &context,
        options,
        legs: &[],
        sdist: true,
        max_jobs: 1,
        workshop: &workshop,
        temp: &context.state.temp,
        project: &folder,
        checkout: checkout.as_ref(),
    };
    let files = legs.build().await?;
    belong_together(&open_all(&files)?, name, None)
}
