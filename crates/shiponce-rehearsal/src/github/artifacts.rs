//! What workflow runs left behind.

use serde_json::{Value, json};

use super::answer::{self, Outcome, Refusal};
use super::dispatch::Ask;
use super::downloads;
use super::tokens::{Caller, Github};

pub(super) fn list(ask: &Ask<'_>, github: &mut Github, run: u64) -> Outcome {
    let repository = ask.repository(github)?.clone();
    let renderer = ask.renderer(github);
    let of_run = repository.artifacts.iter().filter(|artifact| artifact.run == run);
    let all: Vec<Value> = of_run.map(|artifact| renderer.artifact(&repository, artifact)).collect();
    let mut response = super::releases::paged(ask, &all);
    let page: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    let wrapped = answer::of(200, &json!({"total_count": all.len(), "artifacts": page}));
    let link = response.headers_mut().remove(http::header::LINK);
    let mut response = wrapped;
    if let Some(link) = link {
        response.headers_mut().insert(http::header::LINK, link);
    }
    Ok(response)
}

/// The way to a zip file of the artifact. Even of a public repository only whoever signs in gets it.
pub(super) fn download(ask: &Ask<'_>, github: &mut Github, id: u64) -> Outcome {
    if ask.caller == Caller::Anonymous {
        let message = "You must have the actions scope to download artifacts.";
        return Err(Refusal::Said(401, message.to_owned()));
    }
    let repository = ask.repository(github)?;
    let artifact = repository.artifacts.iter().find(|artifact| artifact.id == id).ok_or(Refusal::NotFound)?;
    if artifact.expired {
        return Err(Refusal::Said(410, "Artifact has expired".to_owned()));
    }
    Ok(answer::found(&downloads::signed(&ask.target.addresses, "artifact", id, ask.now)))
}
