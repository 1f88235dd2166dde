//! Releases, assets and people as the API shows them.

use serde_json::{Value, json};

use super::address::GithubAddresses;
use super::answer::moment;
use super::repository::{Artifact, Asset, Release, Repository};
use super::tokens::Github;
use crate::text::hex;

/// Everything outside what a path segment may hold.
const SEGMENT: &percent_encoding::AsciiSet =
    &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?');

/// Renders for one request: addresses are those the client knows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Renderer<'r> {
    pub(super) github: &'r Github,
    pub(super) addresses: &'r GithubAddresses,
}

impl Renderer<'_> {
    pub(super) fn release(&self, repository: &Repository, release: &Release) -> Value {
        let api = self.addresses.repository(&repository.name);
        let uploads = self.addresses.uploads();
        let (full, id) = (&repository.name, release.id);
        let html = self.addresses.html();
        let ball = |kind: &str| {
            if release.draft { Value::Null } else { json!(format!("{api}/{kind}/{}", segment(&release.tag))) }
        };
        let assets: Vec<Value> =
            release.assets.iter().map(|asset| self.asset(repository, release, asset)).collect();
        json!({
            "url": format!("{api}/releases/{id}"),
            "assets_url": format!("{api}/releases/{id}/assets"),
            "upload_url": format!("{uploads}/repos/{full}/releases/{id}/assets{{?name,label}}"),
            "html_url": format!("{html}/{full}/releases/tag/{}", segment(&release.page_tag())),
            "id": id,
            "author": self.person(&release.author),
            "node_id": node("RE", id),
            "tag_name": release.tag,
            "target_commitish": release.target,
            "name": release.name,
            "draft": release.draft,
            "immutable": release.immutable,
            "prerelease": release.prerelease,
            "created_at": moment(release.created),
            "updated_at": moment(release.published.unwrap_or(release.created)),
            "published_at": release.published.map(moment),
            "assets": assets,
            "tarball_url": ball("tarball"),
            "zipball_url": ball("zipball"),
            "body": release.body,
        })
    }

    pub(super) fn asset(&self, repository: &Repository, release: &Release, asset: &Asset) -> Value {
        let api = self.addresses.repository(&repository.name);
        let (full, html) = (&repository.name, self.addresses.html());
        let (tag, name) = (segment(&release.page_tag()), segment(&asset.name));
        json!({
            "url": format!("{api}/releases/assets/{}", asset.id),
            "id": asset.id,
            "node_id": node("RA", asset.id),
            "name": asset.name,
            "label": asset.label,
            "uploader": self.person(&asset.uploader),
            "content_type": asset.content_type,
            "state": asset.state.word(),
            "size": asset.content.len(),
            "digest": asset.digest,
            "download_count": 0,
            "created_at": moment(asset.created),
            "updated_at": moment(asset.created),
            "browser_download_url": format!("{html}/{full}/releases/download/{tag}/{name}"),
        })
    }

    pub(super) fn person(&self, login: &str) -> Value {
        let id = self.github.people.iter().position(|known| known == login).map_or(0, |at| at + 1);
        let (api, html) = (self.addresses.api(), self.addresses.html());
        let user = format!("{api}/users/{login}");
        json!({
            "login": login,
            "id": id,
            "node_id": node("U", id as u64),
            "avatar_url": format!("{html}/avatars/u/{id}"),
            "gravatar_id": "",
            "url": user,
            "html_url": format!("{html}/{login}"),
            "followers_url": format!("{user}/followers"),
            "following_url": format!("{user}/following{{/other_user}}"),
            "gists_url": format!("{user}/gists{{/gist_id}}"),
            "starred_url": format!("{user}/starred{{/owner}}{{/repo}}"),
            "subscriptions_url": format!("{user}/subscriptions"),
            "organizations_url": format!("{user}/orgs"),
            "repos_url": format!("{user}/repos"),
            "events_url": format!("{user}/events{{/privacy}}"),
            "received_events_url": format!("{user}/received_events"),
            "type": "User",
            "user_view_type": "public",
            "site_admin": false,
        })
    }

    pub(super) fn artifact(&self, repository: &Repository, artifact: &Artifact) -> Value {
        let url =
            format!("{}/actions/artifacts/{}", self.addresses.repository(&repository.name), artifact.id);
        json!({
            "id": artifact.id,
            "node_id": node("MA", artifact.id),
            "name": artifact.name,
            "size_in_bytes": artifact.zip.len(),
            "url": url,
            "archive_download_url": format!("{url}/zip"),
            "expired": artifact.expired,
            "created_at": moment(artifact.created),
            "expires_at": moment(artifact.created.saturating_add(jiff::SignedDuration::from_hours(90 * 24)).unwrap_or(artifact.created)),
            "updated_at": moment(artifact.created),
            "digest": super::repository::digest_of(&artifact.zip),
            "workflow_run": {
                "id": artifact.run,
                "repository_id": repository.id,
                "head_repository_id": repository.id,
                "head_branch": "main",
                "head_sha": artifact.head,
            },
        })
    }
}

/// The name of a thing in the other API of the service.
pub(super) fn node(kind: &str, id: u64) -> String {
    format!("{kind}_{}", hex(&id.to_be_bytes()))
}

pub(super) fn segment(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, SEGMENT).to_string()
}
