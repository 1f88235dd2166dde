//! The exchange of an identity token for an API token.

use http::Method;
use jiff::Timestamp;
use serde_json::json;

use super::jwt::Jwt;
use super::payload;
use super::runner::ISSUER;
use crate::account::{Macaroon, Publisher};
use crate::address::Index;
use crate::answer::{self, Response};
use crate::text::{normalize, repr};
use crate::upload::name_problem;
use crate::world::{Call, Done, IndexState};

/// Clocks may differ by this many seconds.
const LEEWAY: i64 = 30;
/// Claims the index wants to keep although nothing is compared with them.
const KEPT: [&str; 2] = ["sha", "ref"];
const NOT_FOUND: &str = "Publisher with matching claims was not found";

/// What an identity token must be issued for. The audience stays readable when one issuer is disabled.
pub(crate) fn audience(state: &IndexState, index: Index) -> Response {
    if state.switches.oidc_disabled {
        return answer::json(403, &json!({"message": "Trusted publishing functionality not enabled"}));
    }
    answer::json(200, &json!({"audience": index.audience()}))
}

/// A refusal: a code and a description.
struct Refused(&'static str, String);

fn refused(code: &'static str, description: impl Into<String>) -> Refused {
    Refused(code, description.into())
}

/// Mints an API token. A pending publisher creates its project here, before any upload.
pub(crate) fn mint(call: &Call, index: Index, state: &mut IndexState, now: Timestamp) -> Done {
    if call.method != Method::POST {
        return Done { response: answer::plain(&call.headers, 405), changed: false };
    }
    let serial = state.serial;
    let response = match exchange(&call.body, index, state, now) {
        Ok((token, expires)) => {
            answer::json(200, &json!({"expires": expires, "success": true, "token": token}))
        }
        Err(Refused(code, description)) => {
            let errors = json!([{"code": code, "description": description}]);
            answer::json(422, &json!({"errors": errors, "message": "Token request failed"}))
        }
    };
    Done { response, changed: state.serial != serial }
}

fn exchange(
    body: &[u8],
    index: Index,
    state: &mut IndexState,
    now: Timestamp,
) -> Result<(String, i64), Refused> {
    let token = payload::token(body).map_err(|why| refused("invalid-payload", why))?;
    let malformed = || refused("invalid-payload", "malformed JWT");
    let jwt = Jwt::parse(&token).ok_or_else(malformed)?;
    match jwt.text("iss") {
        None => return Err(malformed()),
        Some(ISSUER) => {}
        Some(_) => return Err(refused("invalid-payload", "unknown trusted publishing issuer")),
    }
    if state.switches.oidc_disabled || state.switches.github_oidc_disabled {
        return Err(refused("not-enabled", "github trusted publishing functionality not enabled"));
    }
    if !is_valid(&jwt, index, now) {
        return Err(refused("invalid-token", "malformed or invalid token"));
    }
    let pending = publisher(state, &jwt, true)?;
    if let Some(number) = pending {
        create_project(state, number, now)?;
    }
    let Some(number) = publisher(state, &jwt, false)? else {
        return Err(no_publisher(NOT_FOUND));
    };
    let id = jwt.text("jti").unwrap_or_default();
    if !state.used_jtis.insert(id.to_owned()) {
        return Err(refused("invalid-reuse-token", "invalid token: already used"));
    }
    let projects: Vec<String> = siblings(state, number).map(|p| normalize(&p.project)).collect();
    Ok(state.purse.mint(number, &projects, now))
}

/// Signature, times and audience; a wrong one cannot be told from another by the answer.
fn is_valid(jwt: &Jwt<'_>, index: Index, now: Timestamp) -> bool {
    let now = now.as_second();
    jwt.is_genuine()
        && jwt.number("exp").is_some_and(|exp| now < exp + LEEWAY)
        && jwt.number("nbf").is_none_or(|nbf| now >= nbf - LEEWAY)
        && jwt.text("aud") == Some(index.audience())
}

fn no_publisher(why: &str) -> Refused {
    refused("invalid-publisher", format!("valid token, but no corresponding publisher ({why})"))
}

/// The registration that fits the claims. One that names the environment beats one that names none.
fn publisher(state: &IndexState, jwt: &Jwt<'_>, pending: bool) -> Result<Option<usize>, Refused> {
    if jwt.text("event_name") == Some("pull_request_target") {
        return Err(no_publisher(
            "Publishing from a workflow invoked via 'pull_request_target' is not supported.",
        ));
    }
    if let Some(missing) = KEPT.iter().find(|claim| jwt.text(claim).is_none()) {
        return Err(no_publisher(&format!("Missing claim {}", repr(missing))));
    }
    let environment = jwt.text("environment");
    let fits = |p: &Publisher| p.pending == pending && same_workflow(p, jwt);
    let specific = state
        .publishers
        .iter()
        .position(|p| fits(p) && p.environment.is_some() && p.environment.as_deref() == environment);
    Ok(specific.or_else(|| state.publishers.iter().position(|p| fits(p) && p.environment.is_none())))
}

fn same_workflow(publisher: &Publisher, jwt: &Jwt<'_>) -> bool {
    let workflow = jwt
        .text("job_workflow_ref")
        .and_then(|r| r.split('@').next())
        .and_then(|path| path.rsplit('/').next());
    jwt.text("repository").is_some_and(|r| r.eq_ignore_ascii_case(&publisher.repository))
        && jwt.text("repository_owner_id") == Some(&publisher.owner_id)
        && workflow == Some(&publisher.workflow)
}

/// Makes a pending registration a real one, and its project with it.
fn create_project(state: &mut IndexState, number: usize, now: Timestamp) -> Result<(), Refused> {
    let name = state.publishers[number].project.clone();
    if state.project(&name).is_some() {
        return Err(refused("invalid-pending-publisher", "valid token, but project already exists"));
    }
    if let Some(why) = name_problem(state, &name) {
        return Err(refused("invalid-payload", format!("The name {} {why}.", repr(&name))));
    }
    state.publishers[number].pending = false;
    // The person who registered the publisher becomes the owner.
    let owner = state.users.keys().next().cloned();
    state.open_project(&name).owners.extend(owner);
    state.touch(&name, now);
    Ok(())
}

/// Every registration of the same workflow: a token is good for all their projects.
pub(crate) fn siblings(state: &IndexState, number: usize) -> impl Iterator<Item = &Publisher> {
    let own = state.publishers.get(number);
    state.publishers.iter().filter(move |other| {
        own.is_some_and(|own| {
            !other.pending
                && own.repository == other.repository
                && own.owner_id == other.owner_id
                && own.workflow == other.workflow
                && own.environment == other.environment
        })
    })
}

/// Takes an API token back. The answer does not tell whether there was one.
pub(crate) fn burn(call: &Call, state: &mut IndexState) -> Done {
    if call.method != Method::POST {
        return Done { response: answer::plain(&call.headers, 405), changed: false };
    }
    let token = payload::token(&call.body).ok();
    if let Some(macaroon) = token.as_deref().and_then(Macaroon::parse) {
        state.purse.revoke(&macaroon);
    }
    Done { response: answer::bytes(202, "application/json", ""), changed: false }
}
