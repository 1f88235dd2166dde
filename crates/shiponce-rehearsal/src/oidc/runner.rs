//! The continuous-integration runner, as a job sees it: `ACTIONS_ID_TOKEN_REQUEST_URL` is `/runner/token?`
//! with parameters, `ACTIONS_ID_TOKEN_REQUEST_TOKEN` the bearer it wants.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::jwt;
use crate::answer::{self, Response};
use crate::upload::urlencoded;

pub(super) const ISSUER: &str = "https://token.actions.githubusercontent.com";
/// How long an identity token is good.
const LIFETIME: i64 = 300;

/// What the runner puts into its identity tokens, and the bearer token it wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunnerConfig {
    /// The value of `ACTIONS_ID_TOKEN_REQUEST_TOKEN`.
    pub bearer: String,
    /// The repository as `owner/name`.
    pub repository: String,
    /// The owner's number.
    pub owner_id: String,
    /// The file name of the workflow.
    pub workflow: String,
    /// The deployment environment of the job.
    pub environment: Option<String>,
    /// The event that started the workflow.
    pub event: String,
}

impl Default for RunnerConfig {
    fn default() -> Self {
        Self {
            bearer: "runner-bearer".to_owned(),
            repository: "octo/demo".to_owned(),
            owner_id: "1001".to_owned(),
            workflow: "release.yml".to_owned(),
            environment: None,
            event: "push".to_owned(),
        }
    }
}

/// The claims of one identity token.
pub(crate) fn claims(config: &RunnerConfig, audience: &str, number: u64, now: Timestamp) -> Value {
    let owner = config.repository.split('/').next().unwrap_or_default();
    let workflow = format!("{}/.github/workflows/{}@refs/tags/v1", config.repository, config.workflow);
    let subject = match &config.environment {
        Some(environment) => format!("repo:{}:environment:{environment}", config.repository),
        None => format!("repo:{}:ref:refs/tags/v1", config.repository),
    };
    let mut claims = json!({
        "actor": owner,
        "actor_id": config.owner_id,
        "aud": audience,
        "event_name": config.event,
        "exp": now.as_second() + LIFETIME,
        "iat": now.as_second(),
        "iss": ISSUER,
        "job_workflow_ref": workflow,
        "jti": format!("rehearsal-{number}"),
        "nbf": now.as_second(),
        "ref": "refs/tags/v1",
        "ref_type": "tag",
        "repository": config.repository,
        "repository_id": "2002",
        "repository_owner": owner,
        "repository_owner_id": config.owner_id,
        "run_attempt": "1",
        "run_id": "3003",
        "sha": "0123456789abcdef0123456789abcdef01234567",
        "sub": subject,
        "workflow_ref": workflow,
    });
    if let Some(environment) = &config.environment {
        claims["environment"] = json!(environment);
    }
    claims
}

/// Answers a job that asks for an identity token.
pub(crate) fn issue(
    config: &RunnerConfig,
    headers: &HeaderMap,
    query: &str,
    number: u64,
    now: Timestamp,
) -> Response {
    let given = headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.split_once(' '));
    let known = given.is_some_and(|(scheme, token)| {
        scheme.eq_ignore_ascii_case("bearer") && token.trim() == config.bearer
    });
    if !known {
        return answer::json(401, &json!({"message": "Bad credentials"}));
    }
    let owner = config.repository.split('/').next().unwrap_or_default();
    let asked = urlencoded(query.as_bytes()).into_iter().find(|(key, _)| key == "audience");
    let audience = asked.map_or_else(|| format!("https://github.com/{owner}"), |(_, value)| value);
    let token = jwt::sign(&claims(config, &audience, number, now));
    answer::json(200, &json!({"count": token.len(), "value": token}))
}
