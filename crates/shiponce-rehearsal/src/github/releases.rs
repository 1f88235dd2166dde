//! The releases of a repository.

use http::header::LINK;
use serde_json::Value;

use super::answer::{self, Outcome, Refusal};
use super::changes::{Changes, Latest};
use super::dispatch::Ask;
use super::repository::{Release, Repository};
use super::tokens::{Access, Github};
use super::{notes, publish};
use crate::answer::Response;

pub(super) fn list(ask: &Ask<'_>, github: &mut Github) -> Outcome {
    let (access, now) = (ask.access, ask.now);
    let repository = ask.repository(github)?;
    let current = repository.releases.clone();
    let mut seen = repository.lists.read(&current, now);
    // Drafts are shown to whoever may write.
    seen.retain(|release| access == Access::Write || !release.draft);
    // The newest first; what was made within one second is ordered by its number.
    seen.sort_by_key(|release| std::cmp::Reverse((release.created, release.id)));
    let repository = repository.clone();
    let renderer = ask.renderer(github);
    let all: Vec<Value> = seen.iter().map(|release| renderer.release(&repository, release)).collect();
    Ok(paged(ask, &all))
}

/// One page of a list, with the addresses of its neighbours.
pub(super) fn paged(ask: &Ask<'_>, all: &[Value]) -> Response {
    let number = |name: &str| -> Option<usize> {
        let mut pairs = url::form_urlencoded::parse(ask.call.query.as_bytes());
        pairs.find(|(key, _)| key == name).and_then(|(_, value)| value.parse().ok())
    };
    let size = number("per_page").unwrap_or(30).clamp(1, 100);
    let page = number("page").unwrap_or(1).max(1);
    let last = all.len().div_ceil(size).max(1);
    let start = (page - 1).saturating_mul(size).min(all.len());
    let end = start.saturating_add(size).min(all.len());
    let mut response = answer::of(200, &Value::Array(all[start..end].to_vec()));
    let base = format!("{}{}", ask.target.addresses.api(), below_api(&ask.call.path));
    let link = |to: usize, rel: &str| format!("<{base}?per_page={size}&page={to}>; rel=\"{rel}\"");
    let mut links = Vec::new();
    if page > 1 {
        links.push(link(page - 1, "prev"));
    }
    if page < last {
        links.push(link(page + 1, "next"));
        links.push(link(last, "last"));
    }
    if page > 1 {
        links.push(link(1, "first"));
    }
    if !links.is_empty() {
        crate::answer::header(&mut response, LINK, &links.join(", "));
    }
    response
}

fn below_api(path: &str) -> &str {
    path.strip_prefix("/github/api/v3").unwrap_or(path)
}

pub(super) fn latest(ask: &Ask<'_>, github: &mut Github) -> Outcome {
    let repository = ask.repository(github)?.clone();
    let release = publish::latest(&repository).ok_or(Refusal::NotFound)?;
    Ok(answer::of(200, &ask.renderer(github).release(&repository, release)))
}

/// Never a draft.
pub(super) fn by_tag(ask: &Ask<'_>, github: &mut Github, tag: &str) -> Outcome {
    let repository = ask.repository(github)?.clone();
    let found = repository.releases.iter().find(|release| !release.draft && release.tag == tag);
    let release = found.ok_or(Refusal::NotFound)?;
    Ok(answer::of(200, &ask.renderer(github).release(&repository, release)))
}

pub(super) fn by_id(ask: &Ask<'_>, github: &mut Github, id: u64) -> Outcome {
    let repository = ask.repository(github)?.clone();
    let release = visible(ask, &repository, id)?;
    Ok(answer::of(200, &ask.renderer(github).release(&repository, release)))
}

/// The release, unless it is a draft of which the caller may not know.
pub(super) fn visible<'r>(
    ask: &Ask<'_>,
    repository: &'r Repository,
    id: u64,
) -> Result<&'r Release, Refusal> {
    let found = repository.release(id).filter(|release| !release.draft || ask.access == Access::Write);
    found.ok_or(Refusal::NotFound)
}

pub(super) fn create(ask: &Ask<'_>, github: &mut Github) -> Outcome {
    ask.must_write()?;
    let mut changes = Changes::read(&ask.call.body)?;
    let Some(tag) = changes.tag.clone() else {
        return Err(Refusal::Said(422, "Invalid request.\n\n\"tag_name\" wasn't supplied.".to_owned()));
    };
    let html = ask.target.addresses.html().to_owned();
    let repository = ask.repository(github)?;
    if tag.is_empty() {
        return Err(Refusal::field("Release", "tag_name", "missing_field"));
    }
    if repository.drafts_meet_burned_tags && repository.burned.contains(&tag) {
        return Err(Refusal::custom(
            "Release",
            Some("tag_name"),
            "tag_name was used by an immutable release",
        ));
    }
    if changes.generate_notes {
        let (title, text) = notes::text(repository, &html, &tag, None);
        changes.name.get_or_insert(title);
        changes.body = Some(changes.body.map_or(text.clone(), |own| format!("{own}\n\n{text}")));
    }
    let mut release = Release {
        id: repository.next_id(),
        tag,
        target: changes.target.clone().unwrap_or_else(|| "main".to_owned()),
        name: changes.name.clone(),
        body: changes.body.clone(),
        draft: true,
        prerelease: changes.prerelease.unwrap_or(false),
        immutable: false,
        author: ask.caller.login().to_owned(),
        created: ask.now,
        published: None,
        assets: Vec::new(),
    };
    if !changes.draft.unwrap_or(false) {
        publish::publish(repository, &mut release, ask.now)?;
    }
    repository.about_to_change(ask.now);
    let (id, public) = (release.id, !release.draft && !release.prerelease);
    repository.releases.push(release.clone());
    if public {
        publish::mark_latest(repository, id, changes.make_latest.unwrap_or(Latest::This));
    }
    let repository = repository.clone();
    let value = ask.renderer(github).release(&repository, &release);
    let mut response = answer::of(201, &value);
    let own = format!("{}/releases/{id}", ask.target.addresses.repository(&repository.name));
    crate::answer::header(&mut response, http::header::LOCATION, &own);
    Ok(response)
}

pub(super) fn update(ask: &Ask<'_>, github: &mut Github, id: u64) -> Outcome {
    ask.must_write()?;
    let changes = Changes::read(&ask.call.body)?;
    let repository = ask.repository(github)?;
    let before = repository.release(id).ok_or(Refusal::NotFound)?.clone();
    let mut release = changed(&before, &changes)?;
    let publishes = before.draft && changes.draft == Some(false);
    if publishes {
        publish::publish(repository, &mut release, ask.now)?;
    }
    if release.draft != before.draft || release.tag != before.tag {
        repository.about_to_change(ask.now);
    }
    let public = !release.draft && !release.prerelease;
    let wish = changes.make_latest.or(publishes.then_some(Latest::This));
    if let Some(place) = repository.release_mut(id) {
        *place = release.clone();
    }
    if let Some(wish) = wish.filter(|_| public) {
        publish::mark_latest(repository, id, wish);
    }
    let repository = repository.clone();
    Ok(answer::of(200, &ask.renderer(github).release(&repository, &release)))
}

/// The release with the changes in it. Of an immutable one everything but its tag, its assets and its being
/// public can be edited (github/docs#45718).
fn changed(before: &Release, changes: &Changes) -> Result<Release, Refusal> {
    let mut release = before.clone();
    if let Some(tag) = &changes.tag {
        release.tag.clone_from(tag);
    }
    if let Some(target) = &changes.target {
        release.target.clone_from(target);
    }
    if changes.name.is_some() {
        release.name.clone_from(&changes.name);
    }
    if changes.body.is_some() {
        release.body.clone_from(&changes.body);
    }
    release.prerelease = changes.prerelease.unwrap_or(release.prerelease);
    if changes.draft == Some(true) {
        release.draft = true;
        release.published = None;
    }
    if before.immutable && (release.tag != before.tag || release.draft) {
        let field = if release.draft { "draft" } else { "tag_name" };
        let message = format!("{field} cannot be changed on an immutable release");
        return Err(Refusal::custom("Release", Some(field), &message));
    }
    Ok(release)
}

pub(super) fn delete(ask: &Ask<'_>, github: &mut Github, id: u64) -> Outcome {
    ask.must_write()?;
    let repository = ask.repository(github)?;
    let gone = repository.release(id).ok_or(Refusal::NotFound)?.clone();
    repository.about_to_change(ask.now);
    repository.releases.retain(|release| release.id != id);
    if gone.immutable {
        repository.burned.insert(gone.tag);
    }
    Ok(answer::nothing())
}
