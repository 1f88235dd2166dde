//! The continuous-integration runner.

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
