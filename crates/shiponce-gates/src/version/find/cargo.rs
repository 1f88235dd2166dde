//! `Cargo.toml` of projects that are built with Rust.

use super::super::folder::{ReadError, join};
use super::super::location::{Location, Reading};
use super::super::read::tree::Toml;
use super::Search;

/// How far up a workspace is looked for.
const LEVELS_UP: usize = 8;

/// The version of the crate that maturin builds.
pub(super) fn version(search: &Search<'_>) -> Result<Option<Location>, ReadError> {
    let file = search.pyproject.text(&["tool", "maturin", "manifest-path"]);
    let file = file.unwrap_or("Cargo.toml").trim_start_matches("./").to_owned();
    let Some(text) = search.folder.text(&file)? else {
        let why = Reading::AfterBuild("the file is not there before the build".to_owned());
        return Ok(Some(Location::other(&file, None, "[package] version", why)));
    };
    let toml = parse(&file, &text)?;
    if let Some(found) = toml.found(&["package", "version"]) {
        return Ok(Some(Location::read(&file, "[package] version", &found, true)));
    }
    if toml.flag(&["package", "version", "workspace"]) {
        return workspace(search, &file).map(Some);
    }
    let line = toml.line(&["package"]);
    let why = Reading::AfterBuild("the crate states no version".to_owned());
    Ok(Some(Location::other(&file, line, "[package] version", why)))
}

/// Adds the crate's version, where the project is built with Rust.
pub(super) fn add(search: &Search<'_>, found: &mut Vec<Location>) -> Result<(), ReadError> {
    let rust = search.backend().starts_with("maturin");
    if rust
        && search.pyproject_text.is_some()
        && !found.iter().any(|location| location.file.ends_with("Cargo.toml"))
    {
        let location = version(search)?;
        // Beside a static version the crate's own is only worth reading when it is there.
        found.extend(location.filter(|location| location.text().is_some()));
    }
    Ok(())
}

/// `version.workspace = true`: the nearest manifest above with `[workspace.package] version`.
fn workspace(search: &Search<'_>, file: &str) -> Result<Location, ReadError> {
    const SOURCE: &str = "[workspace.package] version";
    let mut folder = file.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    for _ in 0..LEVELS_UP {
        let manifest = join(&folder, "Cargo.toml");
        if let Some(text) = search.folder.text(&manifest)?
            && let Some(found) = parse(&manifest, &text)?.found(&["workspace", "package", "version"])
        {
            return Ok(Location::read(&manifest, SOURCE, &found, true));
        }
        folder = match folder.rsplit_once('/') {
            Some((above, last)) if last != ".." => above.to_owned(),
            None if !folder.is_empty() && folder != ".." => String::new(),
            _ => join(&folder, ".."),
        };
    }
    let why = Reading::AfterBuild("no workspace above states it".to_owned());
    Ok(Location::other(file, None, SOURCE, why))
}

fn parse<'t>(file: &str, text: &'t str) -> Result<Toml<'t>, ReadError> {
    Toml::parse(text).map_err(|message| ReadError::Toml { file: file.to_owned(), message })
}
