//! What the caveats of a token allow.
//!
//! The texts are those the server gives. It collects the failed caveats and then prints the list twice, so
//! an expired token reads `token is expired, token is expired`.

use jiff::Timestamp;
use serde_json::Value;

use super::macaroon::Macaroon;
use super::token::{Owner, TokenRecord};
use crate::text::{normalize, repr};

/// What a token is used for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'c> {
    pub(crate) now: Timestamp,
    /// The project's name as it is displayed.
    pub(crate) project: &'c str,
    /// Whether the token's publisher is registered for that project.
    pub(crate) publisher_fits: bool,
}

/// The reasons for which the token does not serve, joined as the server joins them; `Ok` when it does.
pub(crate) fn check(macaroon: &Macaroon, record: &TokenRecord, context: Context<'_>) -> Result<(), String> {
    if !macaroon.signed_by(&record.key) {
        return Err("signatures do not match".to_owned());
    }
    let failed: Vec<String> =
        macaroon.caveats.iter().filter_map(|text| failure(text, record, context)).collect();
    if failed.is_empty() {
        return Ok(());
    }
    let once = failed.join(", ");
    Err(format!("{once}, {once}"))
}

fn failure(text: &str, record: &TokenRecord, context: Context<'_>) -> Option<String> {
    let unknown = || Some("unknown error".to_owned());
    let Ok(Value::Array(parts)) = serde_json::from_str(text) else { return unknown() };
    match parts.first().and_then(Value::as_i64) {
        Some(0) => {
            let now = context.now.as_second();
            let until = parts.get(1).and_then(Value::as_i64);
            let from = parts.get(2).and_then(Value::as_i64).unwrap_or(0);
            (until.is_none_or(|until| now >= until) || now < from).then(|| "token is expired".to_owned())
        }
        Some(1) => {
            let names = parts.get(1).and_then(Value::as_array).cloned().unwrap_or_default();
            let wanted = normalize(context.project);
            let fits = names.iter().any(|name| name.as_str() == Some(&wanted));
            (!fits)
                .then(|| format!("project-scoped token is not valid for project: {}", repr(context.project)))
        }
        Some(4) => match record.owner {
            Owner::Publisher(_) if context.publisher_fits => None,
            Owner::Publisher(_) => {
                Some(format!("OIDC scoped token is not valid for project {}", repr(context.project)))
            }
            Owner::User(_) => Some("OIDC scoped token used outside of an OIDC identified request".to_owned()),
        },
        _ => unknown(),
    }
}
