//! `pyproject.toml`: a static version, or the backend that computes it.

use super::super::folder::ReadError;
use super::super::location::{Location, Reading};
use super::{Search, cargo, flit, hatch, pdm, scikit, scm, setuptools};

const FILE: &str = "pyproject.toml";

/// Adds the places that `pyproject.toml` states or leads to.
pub(super) fn add(search: &Search<'_>, found: &mut Vec<Location>) -> Result<(), ReadError> {
    let Some(_) = search.pyproject_text else { return Ok(()) };
    let pyproject = search.pyproject;
    let poetry = pyproject.found(&["tool", "poetry", "version"]);
    let poetry = poetry.filter(|_| !scm::is_poetry_placeholder(search));
    if let Some(version) = pyproject.found(&["project", "version"]) {
        found.push(Location::read(FILE, "[project] version", &version, true));
    } else if pyproject.texts(&["project", "dynamic"]).contains(&"version") {
        found.extend(dynamic(search)?);
    } else if !pyproject.has(&["project"]) && scm::is_poetry_placeholder(search) {
        found.push(scm::location(search, &["tool", "poetry-dynamic-versioning"]));
    }
    if let Some(version) = poetry {
        found.push(Location::read(FILE, "[tool.poetry] version", &version, true));
    }
    Ok(())
}

/// What a backend computes for `dynamic = ["version"]`.
fn dynamic(search: &Search<'_>) -> Result<Option<Location>, ReadError> {
    if let Some(path) = scm::tool(search) {
        return Ok(Some(scm::location(search, path)));
    }
    let backend = search.backend();
    let backend = backend.split(['.', ':']).next().unwrap_or_default();
    Ok(match backend {
        "setuptools" => setuptools::dynamic(search)?,
        "hatchling" => Some(hatch::dynamic(search)?),
        "flit_core" | "flit" => Some(flit::dynamic(search)?),
        "pdm" => Some(pdm::dynamic(search)?),
        "maturin" => cargo::version(search)?,
        "scikit_build_core" => Some(scikit::dynamic(search)?),
        "poetry" if search.pyproject.has(&["tool", "poetry", "version"]) => None,
        _ => Some(after_build(search, format!("{backend} computes it"))),
    })
}

/// The version is dynamic, and only the build knows it.
pub(super) fn after_build(search: &Search<'_>, why: impl Into<String>) -> Location {
    let line = search.pyproject.line(&["project", "dynamic"]);
    Location::other(FILE, line, "[project] dynamic", Reading::AfterBuild(why.into()))
}
