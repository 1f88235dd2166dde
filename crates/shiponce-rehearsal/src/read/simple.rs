//! The Simple API: HTML (PEP 503) and JSON (PEP 691, api-version 1.4), with the attributes of PEP 592,
//! 658, 700, 714 and 792.

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::pages::cacheable;
use crate::address::Addresses;
use crate::answer::{self, Response};
use crate::text::{hex, html, normalize};
use crate::world::{IndexState, Project, ProjectStatus, Release, StoredFile};

const JSON: &str = "application/vnd.pypi.simple.v1+json";
const API_VERSION: &str = "1.4";

/// A project's page. A quarantined project has one without files.
pub(super) fn page(state: &IndexState, name: &str, form: &str, addresses: &Addresses) -> Response {
    let Some(project) = state.project(name) else { return answer::text_not_found() };
    let hidden = project.status == ProjectStatus::Quarantined;
    let files: Vec<(&Release, &StoredFile)> = if hidden { Vec::new() } else { project.files().collect() };
    let response = if form == JSON {
        let value = as_json(name, project, &files, addresses);
        answer::bytes(200, JSON, value.to_string())
    } else {
        answer::bytes(200, &content_type(form), as_html(name, project, &files, addresses))
    };
    cacheable(response, project.serial, 600)
}

/// The list of all projects.
pub(super) fn root(state: &IndexState, form: &str) -> Response {
    let response = if form == JSON {
        let projects: Vec<Value> =
            state.projects.values().map(|p| json!({"name": p.name, "_last-serial": p.serial})).collect();
        let meta = json!({"api-version": API_VERSION, "_last-serial": state.serial});
        answer::bytes(200, JSON, json!({"meta": meta, "projects": projects}).to_string())
    } else {
        let links: String = state
            .projects
            .values()
            .map(|p| format!("    <a href=\"{}/\">{}</a>\n", normalize(&p.name), html(&p.name)))
            .collect();
        let page = format!(
            "<!DOCTYPE html>\n<html>\n  <head>\n    <meta name=\"pypi:repository-version\" content=\"{API_VERSION}\">\n    <title>Simple index</title>\n  </head>\n  <body>\n{links}  </body>\n</html>\n<!--SERIAL {}-->",
            state.serial
        );
        answer::bytes(200, &content_type(form), page)
    };
    cacheable(response, state.serial, 600)
}

fn content_type(form: &str) -> String {
    if form == "text/html" { format!("{form}; charset=UTF-8") } else { form.to_owned() }
}

fn as_json(name: &str, project: &Project, files: &[(&Release, &StoredFile)], addresses: &Addresses) -> Value {
    let entries: Vec<Value> =
        files.iter().map(|(release, file)| entry(name, release, file, addresses)).collect();
    let mut versions: Vec<&str> = files.iter().map(|(release, _)| release.text.as_str()).collect();
    versions.dedup();
    json!({
        "alternate-locations": [],
        "files": entries,
        "meta": {"_last-serial": project.serial, "api-version": API_VERSION},
        "name": name,
        "project-status": {"status": project.status.word()},
        "versions": versions,
    })
}

/// Where the provenance of a file is served, if it has one.
fn provenance(name: &str, release: &Release, file: &StoredFile, addresses: &Addresses) -> Option<String> {
    file.provenance.as_ref()?;
    Some(addresses.provenance(name, &release.text, &file.filename))
}

fn entry(name: &str, release: &Release, file: &StoredFile, addresses: &Addresses) -> Value {
    let core = match &file.metadata {
        Some(metadata) => json!({"sha256": hex(&Sha256::digest(metadata))}),
        None => json!(false),
    };
    let yanked = match &release.yanked {
        None => json!(false),
        Some(why) if why.is_empty() => json!(true),
        Some(why) => json!(why),
    };
    let mut entry = Map::new();
    entry.insert("core-metadata".to_owned(), core.clone());
    entry.insert("data-dist-info-metadata".to_owned(), core);
    entry.insert("filename".to_owned(), json!(file.filename));
    entry.insert("hashes".to_owned(), json!({"sha256": file.sha256}));
    entry.insert("provenance".to_owned(), json!(provenance(name, release, file, addresses)));
    entry.insert("requires-python".to_owned(), json!(file.requires_python));
    entry.insert("size".to_owned(), json!(file.content.len()));
    entry.insert(
        "upload-time".to_owned(),
        json!(file.uploaded.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()),
    );
    entry.insert("url".to_owned(), json!(addresses.file(&file.blake2, &file.filename)));
    entry.insert("yanked".to_owned(), yanked);
    Value::Object(entry)
}

fn as_html(
    name: &str,
    project: &Project,
    files: &[(&Release, &StoredFile)],
    addresses: &Addresses,
) -> String {
    let links: String = files.iter().map(|(release, file)| link(name, release, file, addresses)).collect();
    let title = html(&format!("Links for {name}"));
    format!(
        "<!DOCTYPE html>\n<html>\n  <head>\n    <meta name=\"pypi:repository-version\" content=\"{API_VERSION}\">\n    <meta name=\"pypi:project-status\" content=\"{}\">\n    <title>{title}</title>\n  </head>\n  <body>\n    <h1>{title}</h1>\n{links}</body>\n</html>\n<!--SERIAL {}-->",
        project.status.word(),
        project.serial
    )
}

fn link(name: &str, release: &Release, file: &StoredFile, addresses: &Addresses) -> String {
    let mut attributes = String::new();
    let mut attribute = |name: &str, value: &str| {
        attributes.extend([" ", name, "=\"", &html(value), "\""]);
    };
    if let Some(python) = &file.requires_python {
        attribute("data-requires-python", python);
    }
    if let Some(metadata) = &file.metadata {
        let digest = format!("sha256={}", hex(&Sha256::digest(metadata)));
        attribute("data-dist-info-metadata", &digest);
        attribute("data-core-metadata", &digest);
    }
    if let Some(why) = &release.yanked {
        attribute("data-yanked", why);
    }
    if let Some(at) = provenance(name, release, file, addresses) {
        attribute("data-provenance", &at);
    }
    let url = addresses.file(&file.blake2, &file.filename);
    format!(
        "<a href=\"{}#sha256={}\"{attributes}>{}</a><br />\n",
        html(&url),
        file.sha256,
        html(&file.filename)
    )
}
