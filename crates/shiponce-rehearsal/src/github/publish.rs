//! What publishing a release asks for and does.

use serde_json::{Value, json};

use super::answer::{Refusal, custom};
use super::changes::Latest;
use super::commits::resolve;
use super::refs::Tag;
use super::repository::{Release, Repository};
use jiff::Timestamp;

/// Why a release with this tag cannot be public; empty when it can.
pub(super) fn objections(repository: &Repository, release: &Release) -> Vec<Value> {
    let mut errors = Vec::new();
    if repository.burned.contains(&release.tag) {
        errors.push(custom("Release", Some("tag_name"), "tag_name was used by an immutable release"));
        errors.push(custom("Release", None, "Published releases must have a valid tag"));
        return errors;
    }
    let others = repository.releases.iter().filter(|other| other.id != release.id && !other.draft);
    if others.into_iter().any(|other| other.tag == release.tag) {
        errors.push(json!({"resource": "Release", "code": "already_exists", "field": "tag_name"}));
    }
    if !valid(&release.tag) {
        errors.push(custom("Release", Some("tag_name"), "tag_name is not a valid tag"));
        errors.push(custom("Release", None, "Published releases must have a valid tag"));
    } else if repository.find_tag(&release.tag).is_none() && resolve(repository, &release.target).is_none() {
        errors.push(json!({"resource": "Release", "code": "invalid", "field": "target_commitish"}));
        errors.push(custom("Release", None, "Published releases must have a valid tag"));
    }
    errors
}

/// Makes a release public: its tag is made when it is not there.
pub(super) fn publish(
    repository: &mut Repository,
    release: &mut Release,
    now: Timestamp,
) -> Result<(), Refusal> {
    let errors = objections(repository, release);
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors));
    }
    if repository.find_tag(&release.tag).is_none()
        && let Some(commit) = resolve(repository, &release.target)
    {
        repository.tags.insert(release.tag.clone(), Tag::lightweight(&commit));
    }
    release.draft = false;
    release.published = Some(now);
    release.immutable = repository.immutable;
    Ok(())
}

/// Notes which release is the latest one.
pub(super) fn mark_latest(repository: &mut Repository, id: u64, wish: Latest) {
    match wish {
        Latest::This => repository.latest = Some(id),
        Latest::Unchanged if repository.latest.is_none() => repository.latest = newest(repository, Some(id)),
        Latest::Unchanged => {}
        Latest::Newest => repository.latest = newest(repository, None),
    }
}

/// The release the page of the latest one shows.
pub(super) fn latest(repository: &Repository) -> Option<&Release> {
    let marked = repository.latest.and_then(|id| repository.release(id));
    let marked = marked.filter(|release| !release.draft && !release.prerelease);
    marked.or_else(|| repository.release(newest(repository, None)?))
}

fn newest(repository: &Repository, except: Option<u64>) -> Option<u64> {
    let public = repository.releases.iter().filter(|r| !r.draft && !r.prerelease && Some(r.id) != except);
    public.max_by_key(|release| (release.created, release.id)).map(|release| release.id)
}

/// Roughly what `git check-ref-format` takes.
fn valid(tag: &str) -> bool {
    let odd = |c: char| c.is_control() || " ~^:?*[\\".contains(c);
    !tag.is_empty()
        && !tag.contains(odd)
        && !tag.contains("..")
        && !tag.contains("@{")
        && !tag.starts_with(['/', '-', '.'])
        && !tag.ends_with(['/', '.'])
        && !tag.ends_with(".lock")
}
