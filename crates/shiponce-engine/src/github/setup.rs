//! From the configuration, the remote and the tools of the machine to the page of a run.

use super::target::{GitHub, GitHubTarget};
use crate::context::Context;
use crate::project::git_problem;
use crate::python::run;
use crate::report::Say as _;
use shiponce_api::{ErrorCode, Problem};
use shiponce_config::{Config, Credentials};
use shiponce_core::RepositoryName;
use shiponce_core::redact::SecretString;
use shiponce_forge::{Client, Options, Server, Token};
use shiponce_io::git::{Discovery, Git};
use shiponce_io::process::{ChildEnv, Command, find_program};
use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

/// How long `gh` may take to print a token, and git to name a remote.
const TOOL_MAX: Duration = Duration::from_secs(60);

/// The page of a run: a repository and a token for it; what is outstanding; or `None`, when the project has nothing to do
/// with GitHub or the page is left out.
///
/// # Errors
/// `config-invalid` when `[github]` names no repository and no remote does; with that table a malformed token.
pub async fn github(
    config: &Config,
    credentials: &Credentials<'_>,
    context: &Context,
    project_dir: &Path,
) -> Result<Option<GitHub>, Problem> {
    if let Some(source) = &config.skip_github {
        context.report.info(format!("The release on GitHub is left out ({source})"));
        return Ok(None);
    }
    let required = config.github.configured.is_some();
    let Some(repository) = repository(config, context, project_dir).await? else {
        return if required { Err(no_repository(config)) } else { Ok(None) };
    };
    let offer = match credentials.for_github() {
        Ok(offer) => offer,
        Err(error) if required => return Err(error.problem()),
        // Nobody asked for the page: a variable that holds something else stops no release.
        Err(error) => {
            let why = format!("{error}. Skipping release creation.");
            let repository = Some(repository.to_string());
            return Ok(Some(GitHub::Outstanding { why, required, repository }));
        }
    };
    let found = match offer.token {
        Some(token) => Ok((token.secret, token.source.to_string())),
        None => gh_token(config, context).await,
    };
    let (secret, source) = match found {
        Ok(found) => found,
        Err(why) if context.cancel.is_cancelled() => {
            return Err(Problem::new(ErrorCode::Interrupted, why));
        }
        Err(why) => {
            let repository = Some(repository.to_string());
            return Ok(Some(GitHub::Outstanding { why, required, repository }));
        }
    };
    context.report.info(format!("Credential for GitHub: {source}"));
    let mut target = page_target(config, context, repository, Some(secret));
    target.required = required;
    Ok(Some(GitHub::Page(Box::new(target))))
}

/// The page for a command that only reads: it asks no program for a token and stops for nothing.
///
/// # Errors
/// A malformed token; git that fails.
pub async fn github_to_read(
    config: &Config,
    credentials: &Credentials<'_>,
    context: &Context,
    project_dir: &Path,
) -> Result<Option<GitHubTarget>, Problem> {
    if config.skip_github.is_some() {
        return Ok(None);
    }
    let Some(repository) = repository(config, context, project_dir).await? else { return Ok(None) };
    let offer = credentials.for_github().map_err(|error| error.problem())?;
    let secret = match offer.token {
        Some(token) => Some(token.secret),
        None => gh_token(config, context).await.ok().map(|(secret, _)| secret),
    };
    // Without a token only public pages show, and only few requests an hour are answered.
    let configured = config.github.configured.is_some();
    Ok((configured || secret.is_some()).then(|| page_target(config, context, repository, secret)))
}

fn page_target(
    config: &Config,
    context: &Context,
    repository: RepositoryName,
    secret: Option<SecretString>,
) -> GitHubTarget {
    let github = &config.github;
    let api = github.api.value.to_string();
    let address = format!("{}/repos/{repository}", api.trim_end_matches('/'));
    GitHubTarget {
        client: client(github, context, repository, secret),
        identity: address.to_lowercase(),
        address,
        required: github.configured.is_some(),
        notes: github.notes.value.clone(),
        assets: github.assets.value.clone(),
    }
}

/// Speaks to a repository of the configured GitHub.
pub(crate) fn client(
    github: &shiponce_config::GitHub,
    context: &Context,
    repository: RepositoryName,
    secret: Option<SecretString>,
) -> Client {
    let server = Server { api: github.api.value.clone(), uploads: github.uploads.clone() };
    let token = secret.map(|secret| Token::new(secret, &server));
    let (transport, clock) = (context.transport.clone(), context.clock.clone());
    Client::new(transport, clock, server, repository, token, Options::default())
}

/// The configured repository, else the one that `origin` names on this GitHub.
async fn repository(
    config: &Config,
    context: &Context,
    project_dir: &Path,
) -> Result<Option<RepositoryName>, Problem> {
    if let Some(repository) = &config.github.repository {
        return Ok(Some(repository.value.clone()));
    }
    let git = Git::new(context.runner.clone(), &context.environment, context.cancel.clone(), TOOL_MAX);
    let found = git.discover(project_dir).await.map_err(|error| git_problem(&error))?;
    let Discovery::Found(checkout) = found else { return Ok(None) };
    let remotes = checkout.remotes().await.map_err(|error| git_problem(&error))?;
    if !remotes.iter().any(|remote| remote == "origin") {
        return Ok(None);
    }
    let addresses = checkout.remote_addresses("origin").await.map_err(|error| git_problem(&error))?;
    Ok(addresses.iter().find_map(|address| RepositoryName::of_remote(address, &config.github.website)))
}

fn no_repository(config: &Config) -> Problem {
    let website = &config.github.website;
    Problem::new(
        ErrorCode::ConfigInvalid,
        format!("[github] names no repository, and origin is not on {website}"),
    )
    .hint("add repository = \"owner/name\" to [github], or leave the page out: --skip-github")
}

/// What `gh` prints as its token, or one sentence on why there is none.
async fn gh_token(config: &Config, context: &Context) -> Result<(SecretString, String), String> {
    let path = context.environment.get("PATH").unwrap_or(OsStr::new(""));
    let Some(program) = find_program("gh", path) else {
        return Err("GitHub CLI (gh) not found. Skipping release creation.".to_owned());
    };
    // gh finds its login in the user's own folders and variables; it is no code of the project.
    let everything = context.environment.0.iter();
    let env = everything.fold(ChildEnv::empty(), |env, (name, value)| env.with(name, value));
    let mut arguments = vec!["auth", "token"];
    if !config.github.built_in {
        arguments.extend(["--hostname", &config.github.website]);
    }
    let command = Command::new(program, &context.state.temp, env, TOOL_MAX).args(arguments);
    let finished = run(context, command, "gh auth token", ErrorCode::TokenMissing).await;
    let finished = finished.map_err(|problem| format!("{}. Skipping release creation.", problem.message))?;
    let output = finished.stdout.text();
    let secret = output.lines().next().unwrap_or_default().trim();
    if finished.success() && !secret.is_empty() {
        return Ok((SecretString::from(secret.to_owned()), "gh auth token".to_owned()));
    }
    let names = config.github.token_env.value.join(", ");
    Err(format!(
        "No credential for GitHub: {names} not set, and gh is not logged in. Skipping release creation."
    ))
}
