//! What an identity token says about its holder.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use shiponce_core::redact::{ExposeSecret as _, SecretString};

use crate::text::sanitize;

/// The claims that decide about a trusted publisher. All of them are public facts about a workflow run; the token's own
/// identifier and signature are not among them.
const SHOWN: [&str; 16] = [
    "iss",
    "aud",
    "sub",
    "repository",
    "repository_owner",
    "repository_owner_id",
    "workflow_ref",
    "job_workflow_ref",
    "environment",
    "event_name",
    "ref",
    "namespace_path",
    "project_path",
    "ci_config_ref_uri",
    "email",
    "organization",
];

/// Who a CI job says it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claims {
    shown: BTreeMap<&'static str, String>,
    /// When the token expires, in seconds since the epoch.
    expires: Option<i64>,
}

impl Claims {
    /// Reads the payload of a JWT (RFC 7519). The signature is the index's business.
    pub(crate) fn of(token: &SecretString) -> Option<Self> {
        let mut parts = token.expose_secret().trim().split('.');
        let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        let payload: Map<String, Value> = serde_json::from_slice(&bytes).ok()?;
        let text = |name: &'static str| {
            let text = match payload.get(name)? {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
                Value::Null | Value::Bool(_) | Value::Object(_) => return None,
            };
            Some((name, sanitize(&text, 300)))
        };
        let expires = payload.get("exp").and_then(Value::as_i64);
        Some(Self { shown: SHOWN.into_iter().filter_map(text).collect(), expires })
    }

    /// One claim.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.shown.get(name).map(String::as_str)
    }

    /// Names and values in alphabetical order, for showing.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.shown.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// When the identity token expires, in seconds since the epoch.
    #[must_use]
    pub fn expires(&self) -> Option<i64> {
        self.expires
    }

    /// Whether the workflow file that runs is called from another one (a reusable workflow); the index then looks for
    /// the called file.
    #[must_use]
    pub fn is_reusable_workflow(&self) -> bool {
        match (self.get("workflow_ref"), self.get("job_workflow_ref")) {
            (Some(calling), Some(called)) => calling != called,
            _ => false,
        }
    }

    /// The file a publisher is registered with: GitHub's workflow file that runs the job (the called one of a reusable
    /// workflow), GitLab's top-level pipeline file.
    #[must_use]
    pub fn workflow_file(&self) -> Option<&str> {
        let github = self.get("job_workflow_ref").or_else(|| self.get("workflow_ref"));
        github.map_or_else(|| self.get("ci_config_ref_uri").and_then(config_of), file_of)
    }

    /// What to enter in the index's form for this publisher, as (field, value); empty when the claims are those of no
    /// CI that is known here.
    #[must_use]
    pub fn registration(&self) -> Vec<(&'static str, String)> {
        let mut rows = Vec::new();
        if let Some((owner, repository)) = self.get("repository").and_then(|full| full.split_once('/')) {
            rows.push(("owner", owner.to_owned()));
            rows.push(("repository name", repository.to_owned()));
            if let Some(file) = self.workflow_file() {
                rows.push(("workflow name", file.to_owned()));
            }
        } else if let Some((namespace, project)) =
            self.get("project_path").and_then(|path| path.rsplit_once('/'))
        {
            rows.push(("namespace", namespace.to_owned()));
            rows.push(("project name", project.to_owned()));
            if let Some(file) = self.workflow_file() {
                rows.push(("top-level pipeline file", file.to_owned()));
            }
        }
        if !rows.is_empty() {
            rows.push(("environment name", self.get("environment").unwrap_or("(leave empty)").to_owned()));
        }
        rows
    }
}

/// `owner/repo/.github/workflows/release.yml@refs/heads/main` → `release.yml`.
fn file_of(reference: &str) -> Option<&str> {
    reference.split('@').next()?.rsplit('/').next().filter(|name| !name.is_empty())
}

/// `gitlab.example/group/project//.gitlab-ci.yml@refs/heads/main` → `.gitlab-ci.yml`.
fn config_of(reference: &str) -> Option<&str> {
    reference.split("//").nth(1)?.split('@').next().filter(|name| !name.is_empty())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn jwt(payload: &Value) -> SecretString {
        let part = |value: &str| URL_SAFE_NO_PAD.encode(value);
        SecretString::from(format!(
            "{}.{}.c2lnbmF0dXJl",
            part("{\"alg\":\"RS256\"}"),
            part(&payload.to_string())
        ))
    }

    pub(crate) fn claims_of(payload: &Value) -> Claims {
        Claims::of(&jwt(payload)).unwrap()
    }

    #[test]
    fn names_what_to_register_for_github() {
        let token = jwt(&serde_json::json!({
            "iss": "https://token.actions.githubusercontent.com", "aud": "pypi", "jti": "unique-id", "exp": 7,
            "repository": "octo/demo", "repository_owner_id": 42, "environment": "release",
            "workflow_ref": "octo/demo/.github/workflows/ci.yml@refs/heads/main",
            "job_workflow_ref": "octo/demo/.github/workflows/publish.yml@refs/heads/main",
        }));
        let claims = Claims::of(&token).unwrap();
        assert!(claims.is_reusable_workflow());
        assert_eq!((claims.get("repository_owner_id"), claims.expires()), (Some("42"), Some(7)));
        let rows: Vec<String> = claims.registration().into_iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(
            rows.join(" "),
            "owner=octo repository name=demo workflow name=publish.yml environment name=release"
        );
        let shown = format!("{claims:?}");
        assert!(!shown.contains("unique-id") && !shown.contains("c2lnbmF0dXJl"), "{shown}");
    }

    #[test]
    fn names_what_to_register_for_gitlab() {
        let token = jwt(&serde_json::json!({
            "project_path": "group/sub/demo", "ci_config_ref_uri": "gitlab.example/group/sub/demo//.gitlab-ci.yml@refs/x",
        }));
        let rows = Claims::of(&token).unwrap().registration();
        let rows: Vec<String> = rows.into_iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(
            rows.join(" "),
            "namespace=group/sub project name=demo top-level pipeline file=.gitlab-ci.yml environment name=(leave empty)"
        );
    }

    #[test]
    fn other_texts_have_no_claims() {
        for text in ["", "a.b", "a.b.c", "a.e30.c.d", "..", "a.bnVsbA.c"] {
            assert_eq!(Claims::of(&SecretString::from(text)), None, "{text}");
        }
        assert_eq!(Claims::of(&SecretString::from("a.e30.c")), Some(Claims::default()));
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>(), payload in any::<String>()) {
            drop(Claims::of(&SecretString::from(text)));
            let token = format!("a.{}.c", URL_SAFE_NO_PAD.encode(&payload));
            prop_assert!(Claims::of(&SecretString::from(token)).is_none_or(|claims| payload.len() >= claims.shown.len()));
        }
    }
}
