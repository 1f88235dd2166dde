//! `tag`: a release tag, made only on a commit that passes its gates; never moved, never deleted.

use crate::build::{BuildOptions, Legs, Workshop, beside_credentials};
use crate::bytes::{belong_together, open_all};
use crate::context::Context;
use crate::gates::{VersionGate, version_problem};
use crate::project::{Checkout, git_problem, read_checkout};
use crate::release::TagRule;
use crate::report::Say as _;
use shiponce_api::v1::{GateStatus, TagDocument, TagWord};
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::{PackageName, Version};
use shiponce_dist::Distribution;
use shiponce_gates::version::{Built, Question, check_tag_name, validate_version_sync};
use shiponce_io::git::{GitError, ObjectId, OnBranch, TagKind, TagOutcome};
use std::path::PathBuf;

/// What a new tag must keep.
#[derive(Debug, Clone)]
pub struct CreateTag {
    /// `[git] branch`; `None` is the default branch of the remote.
    pub branch: Option<String>,
}

/// The tag that is wanted.
#[derive(Debug)]
pub struct TagRequest {
    /// The project's folder.
    pub project_dir: PathBuf,
    /// The version to tag.
    pub version: Version,
    /// The template.
    pub rule: TagRule,
    /// How the version gate looks at the project.
    pub gate: VersionGate,
    /// What the tag must keep.
    pub create: CreateTag,
    /// How the project is built when only a build tells its version; `None`: such a commit is not tagged.
    pub build: Option<TagBuild>,
    /// Whether the tag goes to the remote too.
    pub push: bool,
    /// Whether nothing is created and nothing pushed.
    pub dry_run: bool,
}

/// The build that tells a version. It runs in a clean clone of the commit, so what it says is the commit's.
#[derive(Debug)]
pub struct TagBuild {
    /// The distribution that is built.
    pub project: PackageName,
    /// How.
    pub options: BuildOptions,
    /// Secrets in the environment that project code must not run beside: their names.
    pub credentials_in_environment: Vec<String>,
}

/// Creates the tag of a version on HEAD.
///
/// # Errors
/// `moved-tag` when the tag is on another commit, here or on the remote; `version-mismatch`, `check-failed`,
/// `dirty-tree`, `unpushed-commit` or `wrong-branch` when the commit must not be tagged.
pub async fn tag(context: &Context, request: &TagRequest) -> Result<TagDocument, Problem> {
    let rendered = request.rule.render(&request.version);
    check_tag_name(&rendered).map_err(|error| Problem::from_error(ErrorCode::Usage, &error))?;
    let checkout = read_checkout(context, &request.project_dir).await?.ok_or_else(|| {
        Problem::new(ErrorCode::Usage, "the project is in no git commit, so there is nothing to tag")
    })?;
    let remote = remote_of(&checkout).await?;
    let local = checkout.repository.tags().await.map_err(|error| git_problem(&error))?;
    let here = existing(request, &checkout, &local, "in this repository")?;
    let distant = remote_tags(context, &checkout, remote.as_deref(), request.push).await?;
    let place = format!("on {}", remote.as_deref().unwrap_or_default());
    let there = existing(request, &checkout, &distant, &place)?;
    // The spelling that exists is the tag of the release: `v1.0` and `v1.0.0` are one version.
    let name = here.clone().or_else(|| there.clone()).unwrap_or(rendered);
    let document = |outcome, remote| TagDocument {
        outcome,
        tag: name.clone(),
        version: request.version.to_string(),
        commit: checkout.commit.to_string(),
        remote,
    };
    let complete = here.is_some() && (there.is_some() || !request.push);
    if complete {
        return Ok(document(TagWord::AlreadyThere, there.and(remote)));
    }
    if here.is_none() {
        may_tag(context, request, &checkout, remote.as_deref(), &name).await?;
    }
    if request.dry_run {
        return Ok(document(if here.is_some() { TagWord::AlreadyThere } else { TagWord::WouldCreate }, None));
    }
    let kind = TagKind::Annotated { message: format!("{} {}\n", request.rule.package, request.version) };
    let created = checkout.repository.create_tag(&name, &checkout.commit, &kind).await;
    let outcome = match created.map_err(|error| create_problem(&error, &checkout.commit))? {
        TagOutcome::Created => TagWord::Created,
        TagOutcome::AlreadyThere => TagWord::AlreadyThere,
    };
    if !request.push {
        return Ok(document(outcome, there.and(remote)));
    }
    let remote = remote.ok_or_else(no_remote)?;
    if there.is_none() {
        push(&checkout, &remote, &name).await?;
    }
    Ok(document(outcome, Some(remote)))
}

/// The remote that releases are pushed to: `origin`, or the only one there is.
async fn remote_of(checkout: &Checkout) -> Result<Option<String>, Problem> {
    let remotes = checkout.repository.remotes().await.map_err(|error| git_problem(&error))?;
    Ok(remotes.iter().find(|name| *name == "origin").or_else(|| remotes.first()).cloned())
}

/// The tags of the remote. A clone in CI knows none of them, so the remote is asked even when nothing is pushed.
async fn remote_tags(
    context: &Context,
    checkout: &Checkout,
    remote: Option<&str>,
    must: bool,
) -> Result<Vec<(String, ObjectId)>, Problem> {
    let Some(remote) = remote else { return if must { Err(no_remote()) } else { Ok(Vec::new()) } };
    match checkout.repository.remote_tags(remote).await {
        Ok(tags) => Ok(tags),
        Err(error) if must || matches!(error, GitError::Interrupted { .. }) => Err(git_problem(&error)),
        Err(error) => {
            context.report.warning(format!("{remote} could not be asked for its tags: {error}"));
            Ok(Vec::new())
        }
    }
}

/// The tag of the version on HEAD, in whatever spelling.
///
/// # Errors
/// `moved-tag` when a tag of the version is on another commit.
fn existing(
    request: &TagRequest,
    checkout: &Checkout,
    tags: &[(String, ObjectId)],
    place: &str,
) -> Result<Option<String>, Problem> {
    let ours = |tag: &str| request.rule.parse(tag).as_ref() == Some(&request.version);
    let mut found = None;
    for (tag, commit) in tags.iter().filter(|(tag, _)| ours(tag)) {
        if *commit != checkout.commit {
            return Err(moved(tag, commit, &checkout.commit, place));
        }
        found = Some(tag.clone());
    }
    Ok(found)
}

/// The gates of a commit that is to be tagged. What they read is the working tree, so it must be the commit.
async fn may_tag(
    context: &Context,
    request: &TagRequest,
    checkout: &Checkout,
    remote: Option<&str>,
    name: &str,
) -> Result<(), Problem> {
    let nothing = "No tag was created.";
    if let Some(first) = checkout.changes.first() {
        let count = checkout.changes.len();
        let message =
            format!("{count} files differ from commit {}, the first is {first}", checkout.commit.short());
        return Err(Problem::new(ErrorCode::DirtyTree, message)
            .note(nothing)
            .hint("commit them, so that what is checked is the commit that is tagged"));
    }
    on_release_branch(request, checkout, remote).await.map_err(|problem| problem.note(nothing))?;
    let locations = request.gate.locations(&request.project_dir, Some(&request.rule.package))?;
    let tag = Some((name, &request.version));
    let question = Question { tag, locations: &locations, built: &[], published: None };
    let mut verdict = validate_version_sync(&question);
    // The metadata of a built file is the authority, so a build answers what the files of the project leave open.
    if verdict.row.status == GateStatus::Unknown
        && let Some(build) = &request.build
    {
        context.report.info("The version is known only after the build: building the commit to read it");
        let built = build.run(context, request, checkout).await.map_err(|problem| problem.note(nothing))?;
        verdict = validate_version_sync(&Question { built: &built, ..question });
    }
    if let Some(mut problem) = version_problem(&verdict) {
        // The tag is only wanted yet: the version of the files can still become its own.
        problem.hints =
            vec![format!("set the version to {} everywhere and commit, or tag another one", request.version)];
        return Err(problem.note(nothing));
    }
    if verdict.row.status == GateStatus::Unknown {
        let message = verdict.row.validation.and_then(|validation| validation.error_message);
        return Err(Problem::new(ErrorCode::CheckFailed, message.unwrap_or_default()).note(nothing).hint(
            "state the version where it can be read, or name a file that does: [gates] version-files",
        ));
    }
    Ok(())
}

impl TagBuild {
    async fn run(
        &self,
        context: &Context,
        request: &TagRequest,
        checkout: &Checkout,
    ) -> Result<Vec<Built>, Problem> {
        beside_credentials(context, &self.credentials_in_environment)?;
        let workshop = Workshop::new(&context.state.temp);
        let temp = context.state.temp.join("tag");
        let legs = Legs {
            context,
            options: &self.options,
            legs: &[],
            sdist: false,
            max_jobs: 1,
            workshop: &workshop,
            temp: &temp,
            project: &request.project_dir,
            checkout: Some(checkout),
        };
        let files = open_all(&legs.build().await?)?;
        belong_together(&files, &self.project, None)?;
        let built = |file: &Distribution| Built {
            file: file.filename.to_string(),
            version: file.metadata().version().clone(),
        };
        Ok(files.iter().map(built).collect())
    }
}

async fn on_release_branch(
    request: &TagRequest,
    checkout: &Checkout,
    remote: Option<&str>,
) -> Result<(), Problem> {
    let short = checkout.commit.short();
    let remote = remote.ok_or_else(no_remote)?;
    let repository = &checkout.repository;
    let branch = match &request.create.branch {
        Some(branch) => Some(branch.clone()),
        None => repository.default_branch(remote).await.map_err(|error| git_problem(&error))?,
    };
    let branch = branch.ok_or_else(|| {
        Problem::new(ErrorCode::WrongBranch, format!("{remote} does not say which branch is its default"))
            .hint("name the release branch: [git] branch = \"main\"")
    })?;
    let on = repository.on_branch(remote, &branch, &checkout.commit).await;
    match on.map_err(|error| git_problem(&error))? {
        OnBranch::Yes => Ok(()),
        OnBranch::Unknown { reason } => {
            let message = format!("it could not be seen whether {short} is on {branch} of {remote}");
            Err(Problem::new(ErrorCode::WrongBranch, message).cause(reason))
        }
        OnBranch::No => {
            let head = repository.branch().await.map_err(|error| git_problem(&error))?;
            // On the branch itself the commit is only not pushed yet.
            if head.as_ref() == Some(&branch) {
                let message = format!("commit {short} is not on {branch} of {remote} yet");
                return Err(Problem::new(ErrorCode::UnpushedCommit, message)
                    .hint("git push, and tag when the checks of that commit have passed"));
            }
            let message = format!("commit {short} is not on the release branch {branch} of {remote}");
            Err(Problem::new(ErrorCode::WrongBranch, message)
                .hint(format!("merge it into {branch} and tag there"))
                .hint(format!(
                    "in a shallow clone fetch the branch whole first: git fetch --unshallow {remote} {branch}"
                )))
        }
    }
}

async fn push(checkout: &Checkout, remote: &str, name: &str) -> Result<(), Problem> {
    let reference = format!("refs/tags/{name}:refs/tags/{name}");
    let pushed = checkout.repository.push(remote, &[&reference]).await;
    let Err(error) = pushed else { return Ok(()) };
    // Somebody else may have pushed it first; on the same commit that is what was wanted.
    let tags = checkout.repository.remote_tags(remote).await.unwrap_or_default();
    match tags.iter().find(|(tag, _)| tag == name).map(|(_, commit)| commit) {
        Some(commit) if *commit == checkout.commit => Ok(()),
        Some(commit) => Err(moved(name, commit, &checkout.commit, &format!("on {remote}"))),
        None => {
            Err(git_problem(&error)
                .note(format!("The tag {name} is in this repository and not on {remote}.")))
        }
    }
}

fn moved(name: &str, there: &ObjectId, head: &ObjectId, place: &str) -> Problem {
    Problem::new(
        ErrorCode::MovedTag,
        format!("the tag {name} {place} is on {}, HEAD is {}", there.short(), head.short()),
    )
    .note("A tag is never moved and never deleted.")
    .hint("release the next version from this commit")
}

fn no_remote() -> Problem {
    Problem::new(
        ErrorCode::UnpushedCommit,
        "the repository has no remote, so nobody else can see the commit of the tag",
    )
    .hint("git remote add origin URL, and push")
}

fn create_problem(error: &GitError, head: &ObjectId) -> Problem {
    match error {
        GitError::TagElsewhere { tag, commit } => moved(tag, commit, head, "in this repository"),
        GitError::Failed { message, .. }
            if message.contains("tell me who you are") || message.contains("identity") =>
        {
            Problem::from_error(ErrorCode::Usage, error)
                .hint("an annotated tag names who made it: git config user.name and user.email")
        }
        _ => git_problem(error),
    }
}
