//! Tags, tag objects and commits.

use http::header::ACCEPT;
use serde_json::{Value, json};

use super::answer::{self, Outcome, Refusal};
use super::dispatch::Ask;
use super::render::{node, segment};
use super::repository::{Repository, short_digest};
use super::tokens::Github;

/// The commit a branch, a tag or a full id means.
pub(super) fn resolve(repository: &Repository, name: &str) -> Option<String> {
    let branch = || repository.branches.get(name.strip_prefix("heads/").unwrap_or(name)).cloned();
    let tag = || repository.find_tag(name.strip_prefix("tags/").unwrap_or(name)).map(|tag| tag.commit);
    let own_id = || is_id(name).then(|| name.to_ascii_lowercase());
    branch().or_else(tag).or_else(own_id)
}

fn is_id(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `git/ref/tags/NAME` and `git/ref/heads/NAME`.
pub(super) fn reference(ask: &Ask<'_>, github: &mut Github, name: &str) -> Outcome {
    let repository = ask.repository(github)?;
    let api = ask.target.addresses.repository(&repository.name);
    let (kind, sha) = match name.split_once('/') {
        Some(("tags", tag)) => {
            let found = repository.find_tag(tag).ok_or(Refusal::NotFound)?;
            if let Some(object) = &found.object {
                repository.objects.insert(object.clone(), (tag.to_owned(), found.clone()));
            }
            found.object.map_or(("commit", found.commit), |object| ("tag", object))
        }
        Some(("heads", branch)) => {
            ("commit", repository.branches.get(branch).cloned().ok_or(Refusal::NotFound)?)
        }
        _ => return Err(Refusal::NotFound),
    };
    Ok(answer::of(
        200,
        &json!({
            "ref": format!("refs/{name}"),
            "node_id": format!("REF_{}", short_digest(name)),
            "url": format!("{api}/git/refs/{}", segment(name)),
            "object": {"sha": sha, "type": kind, "url": format!("{api}/git/{kind}s/{sha}")},
        }),
    ))
}

/// The object of an annotated tag, whose id a client has from the reference.
pub(super) fn tag_object(ask: &Ask<'_>, github: &mut Github, sha: &str) -> Outcome {
    let repository = ask.repository(github)?;
    let api = ask.target.addresses.repository(&repository.name);
    let (name, tag) = repository.objects.get(sha).ok_or(Refusal::NotFound)?;
    Ok(answer::of(
        200,
        &json!({
            "node_id": format!("TA_{}", short_digest(sha)),
            "sha": sha,
            "url": format!("{api}/git/tags/{sha}"),
            "tag": name,
            "message": format!("{name}\n"),
            "tagger": {"name": "Tagger", "email": "tagger@example.org", "date": answer::moment(ask.now)},
            "object": {"sha": tag.commit, "type": "commit", "url": format!("{api}/git/commits/{}", tag.commit)},
            "verification": unsigned(),
        }),
    ))
}

/// A commit by branch, tag or id. With the media type for it, only the id.
pub(super) fn commit(ask: &Ask<'_>, github: &mut Github, name: &str) -> Outcome {
    let repository = ask.repository(github)?.clone();
    let Some(sha) = resolve(&repository, name) else {
        return Err(Refusal::Said(422, format!("No commit found for SHA: {name}")));
    };
    let accept = ask.call.headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accept.contains("application/vnd.github.sha") {
        return Ok(crate::answer::bytes(200, "application/vnd.github.sha; charset=utf-8", sha));
    }
    let api = ask.target.addresses.repository(&repository.name);
    let owner = repository.name.split('/').next().unwrap_or_default();
    let person = ask.renderer(github).person(owner);
    let when = answer::moment(ask.now);
    let git_person = json!({"name": owner, "email": format!("{owner}@example.org"), "date": when});
    let tree = short_digest(&sha).repeat(2);
    Ok(answer::of(
        200,
        &json!({
            "url": format!("{api}/commits/{sha}"),
            "sha": sha,
            "node_id": node("C", repository.id),
            "html_url": format!("{}/{}/commit/{sha}", ask.target.addresses.html(), repository.name),
            "comments_url": format!("{api}/commits/{sha}/comments"),
            "commit": {
                "url": format!("{api}/git/commits/{sha}"),
                "author": git_person,
                "committer": git_person,
                "message": "A commit",
                "comment_count": 0,
                "tree": {"sha": tree, "url": format!("{api}/git/trees/{tree}")},
                "verification": unsigned(),
            },
            "author": person,
            "committer": person,
            "parents": [],
            "stats": {"additions": 0, "deletions": 0, "total": 0},
            "files": [],
        }),
    ))
}

fn unsigned() -> Value {
    json!({"verified": false, "reason": "unsigned", "signature": null, "payload": null, "verified_at": null})
}
