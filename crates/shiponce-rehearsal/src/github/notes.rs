//! Notes that the service writes itself.

use serde_json::json;

use super::answer::{self, Outcome, Refusal};
use super::changes::{object, text as field};
use super::dispatch::Ask;
use super::publish;
use super::repository::Repository;
use super::tokens::Github;

/// Writes nothing, and can be asked again and again.
pub(super) fn generate(ask: &Ask<'_>, github: &mut Github) -> Outcome {
    ask.must_write()?;
    let fields = object(&ask.call.body)?;
    let Some(tag) = field(&fields, "tag_name")? else {
        return Err(Refusal::Said(422, "Invalid request.\n\n\"tag_name\" wasn't supplied.".to_owned()));
    };
    let target = field(&fields, "target_commitish")?;
    let previous = field(&fields, "previous_tag_name")?;
    let html = ask.target.addresses.html().to_owned();
    let repository = ask.repository(github)?;
    let resolved = super::commits::resolve(repository, target.as_deref().unwrap_or("main"));
    if repository.find_tag(&tag).is_none() && resolved.is_none() {
        return Err(Refusal::Said(422, "Invalid target_commitish parameter".to_owned()));
    }
    if previous.as_ref().is_some_and(|previous| repository.find_tag(previous).is_none()) {
        return Err(Refusal::Said(422, "Invalid previous_tag parameter".to_owned()));
    }
    let (name, body) = text(repository, &html, &tag, previous.as_deref());
    Ok(answer::of(200, &json!({"name": name, "body": body})))
}

/// A title and notes for a tag.
pub(super) fn text(
    repository: &Repository,
    html: &str,
    tag: &str,
    previous: Option<&str>,
) -> (String, String) {
    let latest = publish::latest(repository).map(|release| release.tag.clone()).filter(|known| known != tag);
    let previous = previous.map(str::to_owned).or(latest);
    let range = match previous {
        Some(previous) => format!("compare/{previous}...{tag}"),
        None => format!("commits/{tag}"),
    };
    let body = format!(
        "<!-- Release notes generated using configuration in .github/release.yml at {tag} -->\n\n\n\n**Full Changelog**: {html}/{}/{range}",
        repository.name
    );
    (tag.to_owned(), body)
}
