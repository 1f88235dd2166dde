//! Whether a press is part of a workflow run, as the environment says that GitHub Actions gives to every step.

use super::run::CiRun;
use crate::context::Context;
use crate::github::{GitHub, client};
use shiponce_config::{Config, Credentials};
use shiponce_core::RepositoryName;
use shiponce_forge::Client;
use std::sync::Arc;

/// The workflow run of GitHub Actions that this process is a step of. `None` outside of Actions.
///
/// It is read with the token of the page where that is of the same repository, else with one by the rules of `[github]`.
/// `gh` is not asked for its login: on a runner it has none, and takes what it knows from the same variables.
pub fn ci_run(
    config: &Config,
    credentials: &Credentials<'_>,
    context: &Context,
    page: Option<&GitHub>,
) -> Option<Arc<CiRun>> {
    let variable = |name| context.environment.get(name)?.to_str().filter(|text| !text.is_empty());
    if variable("GITHUB_ACTIONS") != Some("true") {
        return None;
    }
    let run: u64 = variable("GITHUB_RUN_ID")?.parse().ok()?;
    let repository: RepositoryName = variable("GITHUB_REPOSITORY")?.parse().ok()?;
    let commit = variable("GITHUB_SHA")?.to_owned();
    let client = match variable("GITHUB_API_URL") {
        // The number of a run means something else on another GitHub, and its token belongs to the configured one.
        Some(api) if !same(api, config.github.api.value.expose().as_str()) => {
            Err(format!("the run is on {api}, and [github] api is {}", config.github.api.value))
        }
        _ => way(config, credentials, context, page, repository),
    };
    Some(Arc::new(CiRun::new(run, commit, client, context.state.temp.join("artifacts"))))
}

fn same(one: &str, other: &str) -> bool {
    one.trim_end_matches('/').eq_ignore_ascii_case(other.trim_end_matches('/'))
}

fn way(
    config: &Config,
    credentials: &Credentials<'_>,
    context: &Context,
    page: Option<&GitHub>,
    repository: RepositoryName,
) -> Result<Client, String> {
    if let Some(GitHub::Page(target)) = page
        && *target.client.repository() == repository
    {
        return Ok(target.client.clone());
    }
    let offer = credentials.for_github().map_err(|error| error.to_string())?;
    // Even those of a public repository are given to nobody without a token.
    let Some(token) = offer.token else {
        return Err(format!("there is no token to read them with ({})", offer.looked.join(", ")));
    };
    Ok(client(&config.github, context, repository, Some(token.secret)))
}
