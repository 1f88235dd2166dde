//! Every place of a project that states its version, the one the build uses first.

mod backend;
mod cargo;
mod flit;
mod hatch;
mod module;
mod named;
mod package;
mod pattern;
mod pdm;
mod scikit;
mod scm;
mod setuptools;
mod sidecar;

use std::collections::BTreeSet;
use std::path::Path;

use shiponce_config::VersionFile;

use super::folder::{Folder, ReadError};
use super::location::{Location, Reading};
use super::read::python::setup_argument;
use super::read::tree::Toml;

/// The project to look through.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Its folder.
    pub root: &'a Path,
    /// Its name on the index, when the configuration knows it: a hint for where its package lies.
    pub name: Option<&'a str>,
    /// `[gates] version-files`
    pub version_files: &'a [VersionFile],
}

/// What is known while looking.
pub(crate) struct Search<'a> {
    pub(crate) folder: Folder<'a>,
    pub(crate) asked: Asked<'a>,
    /// `pyproject.toml`, as text.
    pub(crate) pyproject_text: Option<&'a str>,
    /// `pyproject.toml`, parsed; an empty table without one.
    pub(crate) pyproject: &'a Toml<'a>,
    /// `setup.cfg`.
    pub(crate) setup_cfg: Option<String>,
    /// `setup.py`.
    pub(crate) setup_py: Option<String>,
}

/// Finds every place that states the version.
///
/// # Errors
/// [`ReadError`] when a file is there and cannot be read.
pub fn find_locations(asked: &Asked<'_>) -> Result<Vec<Location>, ReadError> {
    let folder = Folder { root: asked.root };
    let text = folder.text("pyproject.toml")?;
    let pyproject = Toml::parse(text.as_deref().unwrap_or_default())
        .map_err(|message| ReadError::Toml { file: "pyproject.toml".to_owned(), message })?;
    let search = Search {
        folder,
        asked: *asked,
        pyproject_text: text.as_deref(),
        pyproject: &pyproject,
        setup_cfg: folder.text("setup.cfg")?,
        setup_py: folder.text("setup.py")?,
    };
    let mut found = Vec::new();
    backend::add(&search, &mut found)?;
    setuptools::add(&search, &mut found)?;
    cargo::add(&search, &mut found)?;
    package::add(&search, &mut found)?;
    sidecar::add(&search, &mut found)?;
    named::add(&search, &mut found)?;
    Ok(once_each(found, asked.version_files))
}

/// The name of a project whose `[project]` states none, with the file that does.
///
/// Nothing of the project is run. A literal in `setup.py` counts above `setup.cfg`, as setuptools has it.
///
/// # Errors
/// [`ReadError`] when a file is there and cannot be read.
pub fn find_name(root: &Path) -> Result<Option<(String, &'static str)>, ReadError> {
    let folder = Folder { root };
    let text = folder.text("pyproject.toml")?;
    let pyproject = Toml::parse(text.as_deref().unwrap_or_default())
        .map_err(|message| ReadError::Toml { file: "pyproject.toml".to_owned(), message })?;
    if let Some(name) = pyproject.text(&["tool", "poetry", "name"]) {
        return Ok(Some((name.to_owned(), "pyproject.toml")));
    }
    let setup_py = folder.text("setup.py")?;
    let argument = setup_py.as_deref().and_then(|text| setup_argument(text, "name"));
    if let Some(name) = argument.as_ref().and_then(super::read::python::Assigned::literal) {
        return Ok(Some((name.text, "setup.py")));
    }
    // What setup.py computes would win over the file beside it.
    if argument.is_some() {
        return Ok(None);
    }
    let setup_cfg = folder.text("setup.cfg")?;
    let found = setup_cfg.as_deref().and_then(|text| super::read::ini::value(text, "metadata", "name"));
    Ok(found.map(|name| (name.text, "setup.cfg")))
}

/// A place that two rules lead to is one place; files that were left out are none, unless the build itself uses them.
fn once_each(found: Vec<Location>, version_files: &[VersionFile]) -> Vec<Location> {
    let left_out =
        |location: &Location| version_files.iter().any(|file| file.leave_out && file.path == location.file);
    let mut seen = BTreeSet::new();
    let mut kept: Vec<Location> = Vec::new();
    for (index, location) in found.into_iter().enumerate() {
        if index > 0 && left_out(&location) {
            continue;
        }
        let missing = matches!(location.reading, Reading::Missing(_));
        if missing || seen.insert((location.file.clone(), location.line)) {
            kept.push(location);
        }
    }
    kept
}

impl Search<'_> {
    /// `[build-system] build-backend`; without one PEP 517 means setuptools.
    pub(crate) fn backend(&self) -> &str {
        self.pyproject.text(&["build-system", "build-backend"]).unwrap_or("setuptools.build_meta:__legacy__")
    }

    /// Whether the build requires a distribution, by its normalised name.
    pub(crate) fn requires(&self, name: &str) -> bool {
        self.pyproject.texts(&["build-system", "requires"]).iter().any(|requirement| {
            let end = requirement.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c));
            normal(&requirement[..end.unwrap_or(requirement.len())]) == name
        })
    }

    /// The name of the project, as far as the files say it.
    pub(crate) fn name(&self) -> Option<String> {
        let stated = self
            .pyproject
            .text(&["project", "name"])
            .or_else(|| self.pyproject.text(&["tool", "poetry", "name"]))
            .map(ToOwned::to_owned);
        let cfg = || {
            let found = super::read::ini::value(self.setup_cfg.as_deref()?, "metadata", "name")?;
            Some(found.text)
        };
        stated.or_else(cfg).or_else(|| self.asked.name.map(ToOwned::to_owned))
    }
}

/// PEP 503's normal form, with `-`.
pub(crate) fn normal(name: &str) -> String {
    let mut text = String::new();
    for c in name.trim().chars() {
        if "-_.".contains(c) {
            if !text.ends_with('-') {
                text.push('-');
            }
        } else {
            text.extend(c.to_lowercase());
        }
    }
    text
}
