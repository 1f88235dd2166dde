//! The JSON API of old: `/pypi/<project>/json` and `/pypi/<project>/<version>/json`.

use serde_json::{Map, Value, json};

use super::pages::cacheable;
use crate::address::Addresses;
use crate::answer::{self, Response};
use crate::text::pep440::Version;
use crate::world::{IndexState, Project, ProjectStatus, Release, StoredFile};

/// The page of a project or of one version; 404 also for a project without any release and for a
/// quarantined one.
pub(super) fn page(state: &IndexState, name: &str, version: Option<&str>, addresses: &Addresses) -> Response {
    let project = state.project(name).filter(|p| p.status != ProjectStatus::Quarantined);
    let release = project.and_then(|project| match version {
        Some(text) => project.releases.get(&Version::parse(text)?),
        None => project.latest(),
    });
    let (Some(project), Some(release)) = (project, release) else { return answer::json_not_found() };
    let urls = files(release, addresses);
    let mut page = Map::new();
    page.insert("info".to_owned(), info(project, release, addresses));
    page.insert("last_serial".to_owned(), json!(project.serial));
    page.insert("ownership".to_owned(), ownership(project));
    if version.is_none() {
        let all: Map<String, Value> =
            project.releases.values().map(|r| (r.text.clone(), files(r, addresses))).collect();
        page.insert("releases".to_owned(), Value::Object(all));
    }
    page.insert("urls".to_owned(), urls);
    page.insert("vulnerabilities".to_owned(), json!([]));
    cacheable(answer::json(200, &Value::Object(page)), project.serial, 900)
}

fn ownership(project: &Project) -> Value {
    let roles: Vec<Value> =
        project.owners.iter().map(|user| json!({"role": "Owner", "user": user})).collect();
    json!({"organization": null, "roles": roles})
}

fn info(project: &Project, release: &Release, addresses: &Addresses) -> Value {
    let one = |field: &str| -> Value {
        let found = release.metadata.iter().find(|(key, value)| key == field && !value.is_empty());
        found.map_or(Value::Null, |(_, value)| json!(value))
    };
    let text = |field: &str| match one(field) {
        Value::Null => json!(""),
        value => value,
    };
    let many = |field: &str| -> Value {
        let all: Vec<&str> =
            release.metadata.iter().filter(|(key, _)| key == field).map(|(_, v)| v.as_str()).collect();
        if all.is_empty() { Value::Null } else { json!(all) }
    };
    let page = format!("{}/project/{}/", addresses.root(), project.name);
    let urls: Map<String, Value> = release
        .metadata
        .iter()
        .filter(|(key, _)| key == "project_urls")
        .filter_map(|(_, value)| value.split_once(','))
        .map(|(label, url)| (label.trim().to_owned(), json!(url.trim())))
        .collect();
    json!({
        "author": text("author"),
        "author_email": text("author_email"),
        "classifiers": match many("classifiers") { Value::Null => json!([]), value => value },
        "description": text("description"),
        "description_content_type": one("description_content_type"),
        "download_url": text("download_url"),
        "dynamic": many("dynamic"),
        "home_page": text("home_page"),
        "keywords": text("keywords"),
        "license": text("license"),
        "license_expression": one("license_expression"),
        "license_files": many("license_file"),
        "maintainer": text("maintainer"),
        "maintainer_email": text("maintainer_email"),
        "name": project.name,
        "package_url": page,
        "platform": text("platform"),
        "project_url": page,
        "project_urls": if urls.is_empty() { Value::Null } else { Value::Object(urls) },
        "provides_extra": many("provides_extra"),
        "release_url": format!("{page}{}/", release.text),
        "requires_dist": many("requires_dist"),
        "requires_python": text("requires_python"),
        "summary": text("summary"),
        "version": release.text,
        "yanked": release.yanked.is_some(),
        "yanked_reason": release.yanked.as_deref().filter(|why| !why.is_empty()),
    })
}

fn files(release: &Release, addresses: &Addresses) -> Value {
    release.files.iter().map(|file| entry(release, file, addresses)).collect()
}

fn entry(release: &Release, file: &StoredFile, addresses: &Addresses) -> Value {
    json!({
        "comment_text": file.comment,
        "digests": {"blake2b_256": file.blake2, "md5": file.md5, "sha256": file.sha256},
        "downloads": -1,
        "filename": file.filename,
        "has_sig": false,
        "md5_digest": file.md5,
        "packagetype": if file.sdist { "sdist" } else { "bdist_wheel" },
        "python_version": file.pyversion,
        "requires_python": file.requires_python,
        "size": file.content.len(),
        "upload_time": file.uploaded.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        "upload_time_iso_8601": file.uploaded.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string(),
        "url": addresses.file(&file.blake2, &file.filename),
        "yanked": release.yanked.is_some(),
        "yanked_reason": release.yanked.as_deref().filter(|why| !why.is_empty()),
    })
}
