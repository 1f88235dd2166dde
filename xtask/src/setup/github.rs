//! The description of its API that GitHub publishes, as the npm package of its own client carries it.
//!
//! The package has every variant of the whole API, 400 MB unpacked. A slice is kept: the operations of a release and
//! what they refer to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use fs_err as fs;
use serde_json::{Map, Value, json};

use super::stamp;
use crate::process;

/// The package and its version.
const PACKAGE: &str = "@octokit/openapi@23.0.2";
/// What npm must find the package to be.
const INTEGRITY: &str =
    "sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==";
/// The file in it.
const MEMBER: &str = "package/generated/api.github.com.json";
/// Everything below a repository that a release may ask for.
const REPOSITORY: &str = "/repos/{owner}/{repo}";
const BELOW: [&str; 8] = [
    "/actions/artifacts/",
    "/actions/runs/{run_id}/artifacts",
    "/commits/{ref}",
    "/git/ref/",
    "/git/tags/",
    "/immutable-releases",
    "/releases",
    "/releases/",
];

/// The slice, fetched when it is not there. `None` means `offline` and not there.
pub(super) fn ensure(dir: &Path, offline: bool) -> Result<Option<PathBuf>> {
    let file = dir.join("api.json");
    let mark = dir.join("shiponce-stamp");
    let inputs = format!("{PACKAGE} {INTEGRITY} {MEMBER} {}", BELOW.join(" "));
    if stamp::holds(&mark, &inputs) {
        println!("github description: {} (there already)", file.display());
        return Ok(Some(file));
    }
    if offline {
        println!("github description: not there and --offline given; tests that need it fail");
        return Ok(None);
    }
    println!("github description: fetching {PACKAGE} with npm, 30 MB, for {} ...", file.display());
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    fs::create_dir_all(dir)?;
    let package = pack(dir)?;
    process::output(process::program("tar").arg("-xzf").arg(&package).arg("-C").arg(dir).arg(MEMBER))
        .context("cannot unpack the npm package")?;
    let whole = serde_json::from_slice(&fs::read(dir.join(MEMBER))?)
        .with_context(|| format!("{MEMBER} is no JSON"))?;
    fs::write(&file, slice(&whole)?.to_string())?;
    fs::remove_file(package)?;
    fs::remove_dir_all(dir.join("package"))?;
    stamp::set(&mark, &inputs)?;
    Ok(Some(file))
}

/// Fetches the package with the registry npm is configured for, and compares its digest.
fn pack(dir: &Path) -> Result<PathBuf> {
    if !process::exists("npm") {
        bail!(
            "npm is missing: the tests check requests against GitHub's own API description, which it fetches. Install the package `npm`"
        );
    }
    let answer = process::output(
        process::program("npm")
            .args(["pack", PACKAGE, "--json", "--silent", "--ignore-scripts", "--pack-destination"])
            .arg(dir),
    )
    .context(
        "cannot fetch GitHub's API description: is the npm registry reachable? (`--offline` runs without it)",
    )?;
    let answer: Value = serde_json::from_str(&answer).context("npm did not say in JSON what it fetched")?;
    // One entry: in a list, or under the name of the package.
    let entry =
        answer.as_array().and_then(|list| list.first()).or_else(|| answer.as_object()?.values().next());
    let entry = entry.context("npm fetched nothing")?;
    let integrity = entry["integrity"].as_str().unwrap_or_default();
    if integrity != INTEGRITY {
        bail!("{PACKAGE} is {integrity}, not {INTEGRITY}");
    }
    Ok(dir.join(entry["filename"].as_str().context("npm named no file")?))
}

/// The operations of a release with everything they refer to, without what only people read.
fn slice(whole: &Value) -> Result<Value> {
    let all = whole["paths"].as_object().context("a description without paths")?;
    let mut paths = Map::new();
    for (path, item) in all {
        let Some(below) = path.strip_prefix(REPOSITORY) else { continue };
        let wanted =
            |start: &str| if start.ends_with('/') { below.starts_with(start) } else { below == start };
        if below.is_empty() || BELOW.iter().any(|start| wanted(start)) {
            paths.insert(path.clone(), item.clone());
        }
    }
    if paths.len() < BELOW.len() {
        bail!("the description lacks operations of releases: {} found", paths.len());
    }
    let mut paths = Value::Object(paths);
    prune(&mut paths);
    let mut kept = BTreeMap::new();
    keep(whole, &paths, &mut kept);
    let mut components = json!({});
    for (pointer, value) in kept {
        let mut names = pointer.trim_start_matches("/components/").splitn(2, '/');
        if let (Some(group), Some(name)) = (names.next(), names.next()) {
            components[group][name] = value;
        }
    }
    Ok(json!({"openapi": whole["openapi"], "info": whole["info"], "paths": paths, "components": components}))
}

fn prune(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(prune),
        Value::Object(fields) => {
            fields.retain(|key, inner| {
                let example = matches!(key.as_str(), "examples" | "example");
                let prose = key == "description" && inner.is_string();
                !(example || prose)
            });
            fields.values_mut().for_each(prune);
        }
        _ => {}
    }
}

/// Everything that is referred to, over any number of steps.
fn keep(whole: &Value, value: &Value, kept: &mut BTreeMap<String, Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| keep(whole, item, kept)),
        Value::Object(fields) => {
            let pointer = fields.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
            if let Some(pointer) = pointer.filter(|pointer| !kept.contains_key(*pointer))
                && let Some(found) = whole.pointer(pointer)
            {
                let mut found = found.clone();
                prune(&mut found);
                kept.insert(pointer.to_owned(), found.clone());
                keep(whole, &found, kept);
            }
            fields.values().for_each(|inner| keep(whole, inner, kept));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_holds_what_it_refers_to_and_no_more() {
        let path = |below: &str| format!("{REPOSITORY}{below}");
        let mut whole = json!({"openapi": "3.0.3", "info": {}, "paths": {}, "components": {"schemas": {
            "release": {"description": "A release", "properties": {"author": {"$ref": "#/components/schemas/user"}}},
            "user": {"type": "object", "properties": {"description": {"type": "string"}}},
            "issue": {"type": "object"},
        }}});
        for below in [
            "",
            "/commits/{ref}",
            "/git/ref/{ref}",
            "/git/tags/{sha}",
            "/immutable-releases",
            "/releases",
            "/releases/{id}",
            "/actions/artifacts/{id}",
            "/actions/runs/{run_id}/artifacts",
        ] {
            whole["paths"][path(below)] = json!({"get": {"$ref": "#/components/schemas/release"}});
        }
        whole["paths"][path("/issues")] = json!({"get": {"$ref": "#/components/schemas/issue"}});
        let slice = slice(&whole).unwrap();
        let schemas = &slice["components"]["schemas"];
        assert_eq!(
            schemas["release"],
            json!({"properties": {"author": {"$ref": "#/components/schemas/user"}}})
        );
        assert!(
            schemas["user"]["properties"]["description"].is_object(),
            "a field may be called description"
        );
        assert!(schemas.get("issue").is_none() && slice["paths"].get(path("/issues")).is_none());
    }

    #[test]
    fn a_description_without_releases_is_refused() {
        assert!(slice(&json!({"paths": {}})).is_err());
    }
}
