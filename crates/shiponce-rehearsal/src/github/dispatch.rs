//! From a request to the part that answers it, through sign-in, limits and permissions.

use http::{HeaderMap, Method};
use jiff::Timestamp;

use super::answer::{self, Outcome, Refusal};
use super::render::Renderer;
use super::repository::Repository;
use super::route::{Place, Target};
use super::tokens::{Access, Caller, Github};
use super::{artifacts, assets, commits, downloads, notes, releases, repository_page};
use crate::answer::Response;
use crate::world::{Call, Done};

/// Versions of the API a request may name.
const API_VERSIONS: [&str; 2] = ["2022-11-28", "2026-03-10"];

/// A request whose sender and repository are known.
#[derive(Debug)]
pub(super) struct Ask<'a> {
    pub(super) call: &'a Call,
    pub(super) target: &'a Target,
    pub(super) caller: Caller,
    pub(super) access: Access,
    pub(super) now: Timestamp,
}

impl Ask<'_> {
    /// Refuses whoever may not write.
    pub(super) fn must_write(&self) -> Result<(), Refusal> {
        if self.access == Access::Write { Ok(()) } else { Err(Refusal::no_write(&self.caller)) }
    }

    /// The repository of the path.
    pub(super) fn repository<'g>(&self, github: &'g mut Github) -> Result<&'g mut Repository, Refusal> {
        let name = self.target.repository.as_deref().ok_or(Refusal::NotFound)?;
        github.repositories.get_mut(&super::tokens::key(name)).ok_or(Refusal::NotFound)
    }

    pub(super) fn renderer<'r>(&'r self, github: &'r Github) -> Renderer<'r> {
        Renderer { github, addresses: &self.target.addresses }
    }
}

/// Carries a request out. `number` is the request's own.
pub(crate) fn work(call: &Call, target: &Target, github: &mut Github, number: u64, now: Timestamp) -> Done {
    if let Place::Storage(path) = &target.place {
        return Done { response: downloads::bytes(call, github, path, now), changed: false };
    }
    if matches!(target.place, Place::Download { .. } | Place::Page(_)) {
        return Done { response: downloads::page(call, target, github, now), changed: false };
    }
    let allowance = github.count(&call.headers, now);
    let answered = if allowance.used > allowance.limit {
        let login = github.caller(&call.headers, now).map(|caller| caller.login().to_owned());
        Ok(answer::limited(&login.unwrap_or_default()))
    } else {
        head(&call.headers).and_then(|()| api(call, target, github, now))
    };
    let mut response = answered.unwrap_or_else(|refusal| refusal.response());
    let changed = target.is_write() && response.status().is_success();
    if call.method == Method::GET && response.status() == http::StatusCode::OK {
        response = conditional(&call.headers, response);
    }
    answer::dress(&mut response, allowance, number);
    Done { response, changed }
}

/// What every request must carry.
fn head(headers: &HeaderMap) -> Result<(), Refusal> {
    if !headers.contains_key(http::header::USER_AGENT) {
        let message = "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.";
        return Err(Refusal::Said(403, message.to_owned()));
    }
    match headers.get("x-github-api-version").map(|value| value.to_str().unwrap_or_default()) {
        Some(version) if !API_VERSIONS.contains(&version) => {
            Err(Refusal::Said(400, format!("API version {version} is not supported.")))
        }
        _ => Ok(()),
    }
}

fn api(call: &Call, target: &Target, github: &mut Github, now: Timestamp) -> Outcome {
    let caller = github.caller(&call.headers, now).ok_or(Refusal::BadCredentials)?;
    let known = target.repository.as_deref().and_then(|name| github.known(name));
    let access = known.map_or(Access::Nothing, |repository| caller.access(repository));
    if access == Access::Nothing {
        return Err(Refusal::NotFound);
    }
    let ask = Ask { call, target, caller, access, now };
    repository(&ask, github)
}

fn repository(ask: &Ask<'_>, github: &mut Github) -> Outcome {
    let method = &ask.call.method;
    match (&ask.target.place, method.as_str()) {
        (Place::Repository, "GET") => repository_page::show(ask, github),
        (Place::Immutable, "GET") => repository_page::immutable(ask, github),
        (Place::Releases, "GET") => releases::list(ask, github),
        (Place::Releases, "POST") => releases::create(ask, github),
        (Place::Latest, "GET") => releases::latest(ask, github),
        (Place::ByTag(tag), "GET") => releases::by_tag(ask, github, tag),
        (Place::Release(id), "GET") => releases::by_id(ask, github, *id),
        (Place::Release(id), "PATCH") => releases::update(ask, github, *id),
        (Place::Release(id), "DELETE") => releases::delete(ask, github, *id),
        (Place::Notes, "POST") => notes::generate(ask, github),
        (Place::Assets(id), "GET") => assets::list(ask, github, *id),
        (Place::Upload(id), "POST") => assets::upload(ask, github, *id),
        (Place::Asset(id), "GET") => assets::show(ask, github, *id),
        (Place::Asset(id), "DELETE") => assets::delete(ask, github, *id),
        (Place::Ref(name), "GET") => commits::reference(ask, github, name),
        (Place::TagObject(sha), "GET") => commits::tag_object(ask, github, sha),
        (Place::Commit(name), "GET") => commits::commit(ask, github, name),
        (Place::RunArtifacts(run), "GET") => artifacts::list(ask, github, *run),
        (Place::ArtifactZip(id), "GET") => artifacts::download(ask, github, *id),
        _ => Err(Refusal::NotFound),
    }
}

/// Answers 304 to whoever has the page already.
fn conditional(headers: &HeaderMap, mut response: Response) -> Response {
    use sha2::Digest as _;
    let digest = crate::text::hex(&sha2::Sha256::digest(response.body()));
    let tag = format!("W/\"{digest}\"");
    let known =
        headers.get(http::header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    if known {
        response = Response::new(bytes::Bytes::new());
        *response.status_mut() = http::StatusCode::NOT_MODIFIED;
    }
    answer::set(response.headers_mut(), "etag", &tag);
    response
}
