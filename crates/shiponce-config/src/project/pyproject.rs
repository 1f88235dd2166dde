//! `pyproject.toml`: the project's own statements (PEP 621, PEP 518) and what other tools configure there.
//!
//! Only what a release needs is read. Keys of other tools are theirs, so nothing here is an unknown key.

use std::path::{Path, PathBuf};

use shiponce_core::{PackageName, Version};

use super::{Project, ProjectForm, ProjectVersion};
use crate::error::ConfigError;
use crate::place::{At, Place, Text};
use crate::raw::Raw;
use crate::reader::{Table, parse};
use crate::source::{Source, Sourced};

/// What is read of a `pyproject.toml`.
#[derive(Debug)]
pub(crate) struct Pyproject {
    /// The project, when the file describes one.
    pub(crate) project: Option<Project>,
    /// `[tool.shiponce]`
    pub(crate) raw: Option<Raw>,
    /// `[[tool.uv.index]]` tables that can be published to.
    pub(crate) uv_indexes: Vec<UvIndex>,
}

/// One `[[tool.uv.index]]` with a `publish-url`.
#[derive(Debug, Clone)]
pub(crate) struct UvIndex {
    pub(crate) at: Place,
    pub(crate) name: Option<At<String>>,
    pub(crate) url: Option<At<String>>,
    pub(crate) publish_url: At<String>,
}

impl Pyproject {
    pub(crate) fn read(dir: &Path, text: &Text) -> Result<Self, ConfigError> {
        let document = parse(text)?;
        let root = Table::root(text, &document);
        let build = root.table("build-system")?;
        let described = root.table("project")?;
        let project = if build.is_some() || described.is_some() {
            Some(read_project(dir, build.as_ref(), described.as_ref())?)
        } else {
            None
        };
        let tool = root.table("tool")?;
        let raw = match &tool {
            Some(tool) => tool.table("shiponce")?.map(|table| Raw::read(table.into_root())).transpose()?,
            None => None,
        };
        let uv_indexes = match &tool {
            Some(tool) => tool.table("uv")?.map(|uv| read_uv(&uv)).transpose()?.unwrap_or_default(),
            None => Vec::new(),
        };
        Ok(Self { project, raw, uv_indexes })
    }
}

fn read_project(
    dir: &Path,
    build: Option<&Table<'_>>,
    described: Option<&Table<'_>>,
) -> Result<Project, ConfigError> {
    let mut project = Project::opaque(dir, ProjectForm::Pyproject);
    if let Some(build) = build {
        project.build_backend = build.string("build-backend")?.map(sourced);
        project.build_requires = build.masked_strings("requires");
    }
    let Some(table) = described else { return Ok(project) };
    if let Some(name) = table.string("name")? {
        let parsed: PackageName =
            name.value.parse().map_err(|error| table.invalid("name", &name.at, quoted_error(&error)))?;
        project.name = Some(Sourced::new(parsed, Source::from(&name.at)));
    }
    project.version = read_version(table)?;
    project.requires_python = table.string("requires-python")?.map(sourced);
    project.readme = read_readme(table)?;
    Ok(project)
}

fn read_version(table: &Table<'_>) -> Result<ProjectVersion, ConfigError> {
    let dynamic = table.strings("dynamic")?;
    let is_dynamic = dynamic.as_ref().and_then(|list| list.value.iter().find(|item| item.value == "version"));
    match (table.string("version")?, is_dynamic) {
        (Some(version), Some(_)) => {
            Err(table.invalid("version", &version.at, "is stated and also listed in `dynamic` (PEP 621)"))
        }
        (Some(version), None) => {
            let parsed: Version = version
                .value
                .parse()
                .map_err(|error| table.invalid("version", &version.at, quoted_error(&error)))?;
            Ok(ProjectVersion::Static(Sourced::new(parsed, Source::from(&version.at))))
        }
        (None, Some(item)) => Ok(ProjectVersion::Dynamic(Source::from(&item.at))),
        (None, None) => Ok(ProjectVersion::Unknown),
    }
}

/// `readme` is a path, or a table with `file` or `text` (PEP 621).
fn read_readme(table: &Table<'_>) -> Result<Option<Sourced<PathBuf>>, ConfigError> {
    if let Ok(Some(path)) = table.string("readme") {
        return Ok(Some(Sourced::new(PathBuf::from(&path.value), Source::from(&path.at))));
    }
    let Some(readme) = table.table("readme")? else { return Ok(None) };
    let file = readme.string("file")?;
    Ok(file.map(|path| Sourced::new(PathBuf::from(&path.value), Source::from(&path.at))))
}

fn read_uv(uv: &Table<'_>) -> Result<Vec<UvIndex>, ConfigError> {
    let mut indexes = Vec::new();
    for table in uv.tables("index")? {
        let Some(publish_url) = table.string("publish-url")? else { continue };
        indexes.push(UvIndex {
            at: table.at().clone(),
            name: table.string("name")?,
            url: table.string("url")?,
            publish_url,
        });
    }
    Ok(indexes)
}

fn sourced(text: At<String>) -> Sourced<String> {
    let source = Source::from(&text.at);
    Sourced::new(text.value, source)
}

/// The messages of core begin with the value; here the key comes first.
fn quoted_error(error: &dyn std::fmt::Display) -> String {
    format!("is wrong: {error}")
}
