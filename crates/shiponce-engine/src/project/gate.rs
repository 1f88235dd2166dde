//! What a checkout must be before its bytes may go to production: clean, pushed, and at the release's tag.

use super::{Checkout, git_problem};
use crate::context::Context;
use crate::problem::{files, short};
use crate::report::Say as _;
use shiponce_api::{ErrorCode, Problem};
use shiponce_io::git::Pushed;

/// The rules as the user asked for them.
#[derive(Debug, Clone)]
pub(crate) struct GitRules<'a> {
    /// `--allow-dirty`: also lets a project without a repository through.
    pub(crate) allow_dirty: bool,
    /// The tag the release must be at; `None` while the version is known only after the build.
    pub(crate) tag: Option<&'a str>,
    /// Whether anything may go to production in this run.
    pub(crate) production: bool,
}

/// Checks a checkout against the rules.
///
/// # Errors
/// `dirty-tree`, `unpushed-commit`, `head-not-tag` or `moved-tag`, each with the way on.
pub(crate) async fn check_git(
    context: &Context,
    checkout: Option<&Checkout>,
    rules: &GitRules<'_>,
) -> Result<(), Problem> {
    let Some(checkout) = checkout else { return without_repository(rules) };
    check_clean(context, checkout, rules)?;
    if !rules.production {
        return Ok(());
    }
    if let Some(tag) = rules.tag {
        check_tag(checkout, tag).await?;
    }
    check_pushed(checkout).await
}

fn without_repository(rules: &GitRules<'_>) -> Result<(), Problem> {
    if rules.allow_dirty || !rules.production {
        return Ok(());
    }
    Err(Problem::new(
        ErrorCode::DirtyTree,
        "the project is in no git commit, so a release could not be tied to its source",
    )
    .hint("commit and tag it, or release it as it is with --allow-dirty"))
}

fn check_clean(context: &Context, checkout: &Checkout, rules: &GitRules<'_>) -> Result<(), Problem> {
    let [first, ..] = checkout.changes.as_slice() else { return Ok(()) };
    let count = checkout.changes.len();
    if rules.allow_dirty || !rules.production {
        context.report.warning(format!("changed since the commit: {} (first: {first})", files(count)));
        return Ok(());
    }
    let mut problem = Problem::new(
        ErrorCode::DirtyTree,
        format!("changed since commit {}: {}", short(checkout.commit.as_str()), files(count)),
    );
    for path in checkout.changes.iter().take(10) {
        problem = problem.fact("changed", path.clone());
    }
    Err(problem.hint("commit or ignore them; --allow-dirty releases the tree as it is"))
}

async fn check_tag(checkout: &Checkout, tag: &str) -> Result<(), Problem> {
    if checkout.tags.iter().any(|found| found == tag) {
        return Ok(());
    }
    let head = short(checkout.commit.as_str()).to_owned();
    let elsewhere = checkout.repository.tag_commit(tag).await.map_err(|error| git_problem(&error))?;
    Err(match elsewhere {
        Some(commit) => Problem::new(
            ErrorCode::HeadNotTag,
            format!("HEAD is {head}, the tag {tag} is on {}", short(commit.as_str())),
        )
        .hint(format!("git checkout {tag}, or release a new version from here")),
        None => Problem::new(ErrorCode::HeadNotTag, format!("HEAD ({head}) does not carry the tag {tag}"))
            .hint("shiponce tag VERSION --push, or press again with --create-tag"),
    })
}

async fn check_pushed(checkout: &Checkout) -> Result<(), Problem> {
    let commit = &checkout.commit;
    let problem =
        |message: String| Problem::new(ErrorCode::UnpushedCommit, message).hint("git push, then press again");
    match checkout.repository.pushed(commit).await.map_err(|error| git_problem(&error))? {
        Pushed::Yes { .. } => Ok(()),
        Pushed::No => Err(problem(format!("commit {} is on no remote", short(commit.as_str())))),
        Pushed::NoRemote => Err(problem(
            "the repository has no remote, so nobody else can see the source of the release".to_owned(),
        )),
        Pushed::Unknown { reason } => {
            Err(problem(format!("it could not be seen whether commit {} is pushed", short(commit.as_str())))
                .cause(reason))
        }
    }
}
