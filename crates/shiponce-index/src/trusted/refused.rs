//! Refused exchanges in words, with the claims that decided.

use super::Claims;
use crate::explain::Explanation;

/// A refused exchange.
pub(super) struct Exchange<'a> {
    pub code: &'a str,
    pub description: &'a str,
    /// What the index asked for.
    pub audience: &'a str,
    /// Seconds since the epoch.
    pub now: i64,
}

/// Explains a refusal.
pub(super) fn explain(exchange: &Exchange<'_>, claims: &Claims) -> Explanation {
    match exchange.code {
        "invalid-publisher" => publisher(exchange, claims),
        "invalid-token" => token(exchange, claims),
        "invalid-payload" => payload(exchange, claims),
        "invalid-reuse-token" => Explanation::new(
            "identity-used",
            "the identity token has been used already",
            "the index takes each identity token once; a retry or another job with the same token came first",
            "run the job again: a new job has a new identity token",
        ),
        "invalid-pending-publisher" => Explanation::new(
            "pending-publisher-late",
            "the pending publisher names a project that exists already",
            "a pending publisher creates its project; somebody registered the name in the meantime, or it was yours \
             before",
            "if the project is yours, register this workflow as a publisher in the project's own settings",
        ),
        "not-enabled" => Explanation::new(
            "trusted-switched-off",
            format!("trusted publishing is switched off for {}", issuer(claims)),
            "the operators of the index can switch it off for one kind of publisher",
            "run the same command again later",
        ),
        _ => Explanation::new(
            "mint-refused",
            format!("the index refused the exchange: {}", exchange.description),
            "the index says so in words of its own",
            register(claims),
        ),
    }
}

/// `invalid-publisher`: signature and audience are fine, so the index knows who asks; the registration does not match.
fn publisher(exchange: &Exchange<'_>, claims: &Claims) -> Explanation {
    let said = exchange.description.to_lowercase();
    if said.contains("pull_request_target") {
        return Explanation::new(
            "publisher-event",
            "the workflow was started by `pull_request_target`",
            "such a workflow can be started by anybody's pull request, so the index does not let it publish",
            "publish from a workflow that runs on a tag, a release or by hand",
        );
    }
    if said.contains("missing claim") {
        return Explanation::new(
            "identity-incomplete",
            format!("the identity token lacks something the index asks for: {}", exchange.description),
            "the CI that issued it did not say everything about the run",
            "if it is a self-hosted CI, update it",
        );
    }
    let what = format!("no publisher registered on the index matches this job: {}", exchange.description);
    if said.contains("job_workflow_ref") || claims.is_reusable_workflow() {
        let why = "the job runs in a reusable workflow; the index looks for the workflow file that is called, not for \
                   the one that calls it";
        return Explanation::new("publisher-reusable", what, why, register(claims));
    }
    let why = format!(
        "owner, repository, workflow file and environment must all be as registered; the job is {}",
        told(claims)
    );
    Explanation::new("publisher-unknown", what, why, register(claims))
}

/// `invalid-token` covers a wrong audience, an expired token and a wrong signature alike (measured); the claims tell
/// the first two apart.
fn token(exchange: &Exchange<'_>, claims: &Claims) -> Explanation {
    let audience = claims.get("aud").unwrap_or("nobody");
    if audience != exchange.audience {
        return Explanation::new(
            "identity-audience",
            format!(
                "the identity token is meant for `{audience}`, and the index asks for `{}`",
                exchange.audience
            ),
            "an identity token is good for one audience; PyPI and Test PyPI have different ones",
            format!("on GitLab, set `aud: {}` under `id_tokens:`", exchange.audience),
        );
    }
    if claims.expires().is_some_and(|expires| expires <= exchange.now) {
        return Explanation::new(
            "identity-expired",
            "the identity token has expired",
            "identity tokens live for minutes; the job waited too long between getting and using it, or its clock is \
             wrong",
            "run the job again",
        );
    }
    Explanation::new(
        "identity-invalid",
        "the index does not accept the identity token",
        format!(
            "its signature does not fit, or it is too old or too new for the index's clock; it says it comes from {}",
            issuer(claims)
        ),
        "run the job again; if that does not help, ask the index which CI systems it takes",
    )
}

fn payload(exchange: &Exchange<'_>, claims: &Claims) -> Explanation {
    if exchange.description.contains("unknown trusted publishing issuer") {
        return Explanation::new(
            "issuer-unknown",
            format!("the index does not know {} as an issuer of identity tokens", issuer(claims)),
            "it takes those of a few CI systems, and of self-hosted ones only by arrangement",
            "configure an API token for this index",
        );
    }
    Explanation::new(
        "identity-malformed",
        format!("the index cannot read the identity token: {}", exchange.description),
        "it is not a JWT, or it was changed on the way",
        "hand over the identity token exactly as the CI made it",
    )
}

fn issuer(claims: &Claims) -> String {
    claims.get("iss").map_or_else(|| "an unnamed issuer".to_owned(), |issuer| format!("`{issuer}`"))
}

/// The deciding claims in one line.
fn told(claims: &Claims) -> String {
    let rows: Vec<String> =
        claims.iter().filter(|(name, _)| *name != "iss" && *name != "aud").map(told_one).collect();
    if rows.is_empty() { "without any claim".to_owned() } else { rows.join(", ") }
}

fn told_one((name, value): (&'static str, &str)) -> String {
    format!("{name} `{value}`")
}

fn register(claims: &Claims) -> String {
    let rows: Vec<String> =
        claims.registration().into_iter().map(|(field, value)| format!("{field}: {value}")).collect();
    if rows.is_empty() {
        return "compare the publisher registered on the index with what the CI says about the job"
            .to_owned();
    }
    format!("register this publisher in the project's settings on the index: {}", rows.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::claims::tests::jwt;
    use super::*;
    use serde_json::json;

    fn claims(extra: &serde_json::Value) -> Claims {
        let mut payload = json!({
            "iss": "https://ci.example", "aud": "pypi", "exp": 1000, "repository": "octo/demo", "jti": "secret-jti",
            "workflow_ref": "octo/demo/.github/workflows/release.yml@refs/tags/v1",
            "job_workflow_ref": "octo/demo/.github/workflows/release.yml@refs/tags/v1", "event_name": "push",
        });
        for (name, value) in extra.as_object().unwrap() {
            payload[name] = value.clone();
        }
        Claims::of(&jwt(&payload)).unwrap()
    }

    fn rule(code: &str, description: &str, claims: &Claims) -> (&'static str, String) {
        let explanation = explain(&Exchange { code, description, audience: "pypi", now: 500 }, claims);
        let text =
            format!("{} | {} | {}", explanation.what, explanation.why, explanation.hint.unwrap_or_default());
        assert!(!text.contains("secret-jti"), "{text}");
        (explanation.rule, text)
    }

    #[test]
    fn every_measured_refusal_has_its_explanation() {
        let not_found =
            "valid token, but no corresponding publisher (Publisher with matching claims was not found)";
        let json_error = "1 validation error for TokenPayload\n  Invalid JSON: EOF while parsing a value";
        for (code, description, expected) in [
            ("invalid-payload", json_error, "identity-malformed"),
            ("invalid-payload", "malformed JWT", "identity-malformed"),
            ("invalid-payload", "unknown trusted publishing issuer", "issuer-unknown"),
            ("invalid-token", "malformed or invalid token", "identity-invalid"),
            ("invalid-publisher", not_found, "publisher-unknown"),
            (
                "invalid-publisher",
                "valid token, but no corresponding publisher (Missing claim 'sha')",
                "identity-incomplete",
            ),
            (
                "invalid-publisher",
                "valid token, but no corresponding publisher (Publishing from a workflow invoked via \
                 'pull_request_target' is not supported.)",
                "publisher-event",
            ),
            (
                "invalid-publisher",
                "The job_workflow_ref claim does not match, expecting one of ['a'], got 'b'",
                "publisher-reusable",
            ),
            ("invalid-reuse-token", "invalid token: already used", "identity-used"),
            (
                "invalid-pending-publisher",
                "valid token, but project already exists",
                "pending-publisher-late",
            ),
            ("not-enabled", "github trusted publishing functionality not enabled", "trusted-switched-off"),
            ("status-405", "405 Method Not Allowed", "mint-refused"),
        ] {
            assert_eq!(rule(code, description, &claims(&json!({}))).0, expected, "{code} {description}");
        }
    }

    #[test]
    fn the_claims_tell_more_than_the_answer() {
        let invalid = |extra| rule("invalid-token", "malformed or invalid token", &claims(&extra));
        let (found, text) = invalid(json!({"aud": "testpypi"}));
        assert_eq!(found, "identity-audience");
        assert!(text.contains("`testpypi`") && text.contains("`pypi`"), "{text}");
        assert_eq!(invalid(json!({"aud": ["pypi", "x"]})).0, "identity-audience");
        assert_eq!(invalid(json!({"exp": 499})).0, "identity-expired");
        let (_, text) = rule("invalid-publisher", "not found", &claims(&json!({"environment": "pypi"})));
        for part in
            ["owner: octo", "repository name: demo", "workflow name: release.yml", "environment name: pypi"]
        {
            assert!(text.contains(part), "{text}");
        }
        let called = json!({"job_workflow_ref": "octo/shared/.github/workflows/publish.yml@refs/heads/main"});
        let (found, text) = rule("invalid-publisher", "not found", &claims(&called));
        assert_eq!(found, "publisher-reusable");
        assert!(text.contains("workflow name: publish.yml"), "{text}");
    }
}
