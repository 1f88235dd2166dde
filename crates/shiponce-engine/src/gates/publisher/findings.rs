//! What claims and history mean, in words.

use super::environment_of;
use shiponce_api::v1::{GateIssue, IssueSeverity, LastPublisher};
use shiponce_index::trusted::{Claims, RefusedMint};

const PULL_REQUEST_TARGET: &str = "publisher-pull-request-target";

fn issue(rule: &str, severity: IssueSeverity, message: String, fix: impl Into<String>) -> GateIssue {
    GateIssue {
        file_path: None,
        line_number: None,
        issue_type: "trusted-publisher".to_owned(),
        severity,
        message,
        fix_suggestion: Some(fix.into()),
        rule: rule.to_owned(),
        place: None,
    }
}

/// What the identity alone shows.
pub(super) fn of_claims(label: &str, claims: &Claims, audience: &str) -> Vec<GateIssue> {
    let mut issues = Vec::new();
    if claims.get("event_name") == Some("pull_request_target") {
        let message = format!(
            "{label} takes no publisher from a workflow that pull_request_target started: it runs with secrets for \
             code of strangers"
        );
        let fix = "publish from a workflow that a tag or a release starts";
        issues.push(issue(PULL_REQUEST_TARGET, IssueSeverity::Error, message, fix));
    }
    if let Some(aud) = claims.get("aud").filter(|aud| *aud != audience) {
        let message = format!("the identity token is for `{aud}`, and {label} asks for `{audience}`");
        let fix = format!("set `aud: {audience}` in the id_tokens of the job");
        issues.push(issue("publisher-audience", IssueSeverity::Error, message, fix));
    }
    if claims.is_reusable_workflow() {
        let (called, calling) = (claims.get("job_workflow_ref"), claims.get("workflow_ref"));
        let message = format!(
            "this job runs in a reusable workflow: {label} looks for {}, attestations are signed for {}, and the two \
             never match",
            called.unwrap_or_default(),
            calling.unwrap_or_default()
        );
        let fix =
            "publish from the workflow file that is started, or set attestations = \"off\" for the index";
        issues.push(issue("publisher-reusable-workflow", IssueSeverity::Warning, message, fix));
    }
    issues
}

/// Whether an exchange would be refused for any registration.
pub(super) fn never_allowed(issues: &[GateIssue]) -> bool {
    issues.iter().any(|issue| issue.rule == PULL_REQUEST_TARGET)
}

/// The identity beside the one of the last release. A registration without an environment takes any.
pub(super) fn compared(label: &str, last: &LastPublisher, claims: &Claims) -> Option<GateIssue> {
    let repository = claims.get("repository").or_else(|| claims.get("project_path"));
    let mut differences = Vec::new();
    let mut differs = |what: &str, then: &Option<String>, now: Option<&str>, same: bool| {
        if let (Some(then), false) = (then, same) {
            differences.push(format!("{what} `{then}`, not `{}`", now.unwrap_or("none")));
        }
    };
    let same = |then: &Option<String>, now: Option<&str>| {
        then.as_deref().zip(now).is_some_and(|(then, now)| then.eq_ignore_ascii_case(now))
    };
    differs("repository", &last.repository, repository, same(&last.repository, repository));
    let file = claims.workflow_file();
    differs("workflow file", &last.workflow, file, last.workflow.as_deref() == file);
    let environment = environment_of(claims);
    differs("environment", &last.environment, environment, same(&last.environment, environment));
    if differences.is_empty() {
        return None;
    }
    let message = format!("{label} took {} from {}", last.version, differences.join(", "));
    let fix = format!(
        "register this job on {label} as shown; when it is registered, `check publisher --mint` proves it"
    );
    Some(issue("publisher-changed", IssueSeverity::Error, message, fix))
}

/// The index has no trusted publishing.
pub(super) fn not_offered(label: &str) -> GateIssue {
    let message = format!("{label} has no trusted publishing");
    issue(
        "publisher-not-offered",
        IssueSeverity::Error,
        message,
        "set trusted-publishing = \"never\" for the index",
    )
}

/// The index refused the exchange.
pub(super) fn refused(label: &str, refused: &RefusedMint) -> GateIssue {
    let message = format!("{label} refused the exchange ({}): {}", refused.code, refused.description);
    let fix = refused.explanation.hint.clone().unwrap_or_else(|| refused.explanation.why.clone());
    issue("publisher-refused", IssueSeverity::Error, message, fix)
}

/// Nobody could tell.
pub(super) fn unknown(label: &str, why: &str) -> GateIssue {
    let message = format!("nothing is known about the publisher on {label}: {why}");
    issue("publisher-unknown", IssueSeverity::Warning, message, "run the check again when it answers")
}
