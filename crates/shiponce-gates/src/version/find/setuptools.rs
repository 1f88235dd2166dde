//! setuptools: `attr:` and `file:` read statically, `setup.cfg`, and the call in `setup.py`.

use super::super::folder::ReadError;
use super::super::location::{Location, Reading};
use super::super::read::python::{Value, setup_argument};
use super::super::read::{Found, ini};
use super::{Search, backend, module};

/// `[tool.setuptools.dynamic] version`; else `setup.cfg` or `setup.py` have it, which [`add`] reads.
pub(super) fn dynamic(search: &Search<'_>) -> Result<Option<Location>, ReadError> {
    const TABLE: &str = "[tool.setuptools.dynamic] version";
    let path = ["tool", "setuptools", "dynamic", "version"];
    if let Some(attribute) = search.pyproject.text(&[&path[..], &["attr"]].concat()) {
        return attr(search, attribute, TABLE).map(Some);
    }
    let files = search.pyproject.texts(&[&path[..], &["file"]].concat());
    if let Some(file) = files.first() {
        return whole_file(search, file, TABLE).map(Some);
    }
    let elsewhere = search.setup_py.is_some() || cfg_version(search).is_some();
    Ok((!elsewhere).then(|| backend::after_build(search, "setuptools computes it")))
}

/// Adds `setup.cfg` and `setup.py`, when the project has them.
pub(super) fn add(search: &Search<'_>, found: &mut Vec<Location>) -> Result<(), ReadError> {
    if let Some(version) = cfg_version(search) {
        const SOURCE: &str = "[metadata] version";
        let location = match version.text.split_once(':') {
            Some(("attr", name)) => attr(search, name.trim(), SOURCE)?,
            Some(("file", path)) => whole_file(search, path.trim(), SOURCE)?,
            _ => Location::read("setup.cfg", SOURCE, &version, true),
        };
        found.push(location);
    }
    if let Some(text) = &search.setup_py {
        found.extend(setup_py(search, text));
    }
    let alone = search.pyproject_text.is_none() || !search.pyproject.has(&["project"]);
    let setuptools = search.backend().starts_with("setuptools");
    if found.is_empty() && alone && setuptools && (search.setup_py.is_some() || search.setup_cfg.is_some()) {
        let file = if search.setup_py.is_some() { "setup.py" } else { "setup.cfg" };
        let why = Reading::AfterBuild("the files do not state it".to_owned());
        found.push(Location::other(file, None, "setuptools", why));
    }
    Ok(())
}

fn cfg_version(search: &Search<'_>) -> Option<Found> {
    ini::value(search.setup_cfg.as_deref()?, "metadata", "version")
}

fn setup_py(search: &Search<'_>, text: &str) -> Option<Location> {
    const FILE: &str = "setup.py";
    if let Some(scm) = setup_argument(text, "use_scm_version") {
        return Some(Location::other(FILE, Some(scm.line), "use_scm_version", Reading::FromTag));
    }
    let argument = setup_argument(text, "version")?;
    if let Some(found) = argument.literal() {
        return Some(Location::read(FILE, "setup(version=…)", &found, true));
    }
    let versioneer = search.setup_cfg.as_deref().is_some_and(|text| ini::has_section(text, "versioneer"));
    let reading = match argument.value {
        Value::Computed if versioneer => Reading::FromTag,
        _ => Reading::AfterBuild("setup.py computes it".to_owned()),
    };
    // A static [project] version wins over setup.py, so that what setup.py computes tells nothing.
    (!search.pyproject.has(&["project", "version"]))
        .then(|| Location::other(FILE, Some(argument.line), "setup(version=…)", reading))
}

/// `package.module.attribute`, looked up as setuptools does: statically first. When that fails it imports the
/// module, which is the build's business.
fn attr(search: &Search<'_>, attribute: &str, source: &str) -> Result<Location, ReadError> {
    let (module, name) = attribute.rsplit_once('.').unwrap_or(("__init__", attribute));
    let source = format!("{source}, attr {attribute}");
    match module::file_of(search, module) {
        Some(file) => module::variable(search, &file, name, &source),
        None => {
            let why = format!("the module {module} is not there before the build");
            Ok(Location::other("pyproject.toml", None, source, Reading::AfterBuild(why)))
        }
    }
}

/// A file whose whole text is the version.
fn whole_file(search: &Search<'_>, file: &str, source: &str) -> Result<Location, ReadError> {
    let source = format!("{source}, file");
    Ok(match search.folder.text(file)? {
        Some(text) => Location::read(file, source, &whole(&text), true),
        None => {
            let why = "the file is not there before the build".to_owned();
            Location::other(file, None, source, Reading::AfterBuild(why))
        }
    })
}

/// A text that is a version and nothing else.
pub(super) fn whole(text: &str) -> Found {
    let line = super::super::read::line_at(text, text.find(|c: char| !c.is_whitespace()).unwrap_or(0));
    Found { text: text.trim().trim_start_matches('\u{feff}').to_owned(), line }
}
