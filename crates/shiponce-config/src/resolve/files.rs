//! The files that configure a run, and of a member of a workspace those of both folders.

use std::path::{Path, PathBuf};

use crate::error::{ConfigError, Origin};
use crate::fallback::Dotenv;
use crate::inputs::{Inputs, Purpose};
use crate::place::Text;
use crate::project::{Found, Project, UvIndex, find, project_above};
use crate::raw::Raw;
use crate::reader::{Table, parse};
use crate::workspace::Member;

/// What the files of a project say.
pub(super) struct Files {
    pub(super) raw: Raw,
    pub(super) project: Option<Project>,
    pub(super) uv_indexes: Vec<UvIndex>,
    /// The folder that paths in `[index.NAME]` count from.
    pub(super) index_dir: PathBuf,
    /// Whether the project is one of several in its repository, or holds them.
    pub(super) in_workspace: bool,
    /// Where `.env` may be; the first one with anything in it counts.
    dotenv_dirs: Vec<PathBuf>,
}

impl Files {
    /// The files of the folder of a run.
    pub(super) fn read(inputs: &Inputs) -> Result<Self, ConfigError> {
        let dir = &inputs.project_dir;
        let found = find(dir, "")?;
        let empty_pyproject = found.pyproject.is_some();
        let files = Self::of_folder(dir, found, named_file(inputs).as_deref())?;
        // A workspace need not be a project itself: its members are.
        if files.project.is_none() && files.raw.workspace.is_none() && inputs.purpose == Purpose::Release {
            return Err(ConfigError::NoProject {
                dir: dir.clone(),
                empty_pyproject,
                above: project_above(dir),
            });
        }
        Ok(files)
    }

    /// The files of a member above those of its workspace.
    pub(super) fn of_member(inputs: &Inputs, member: &Member) -> Result<Self, ConfigError> {
        let workspace = Self::read(inputs)?;
        if member.folder == "." {
            let raw = Raw { workspace: None, ..workspace.raw };
            return Ok(Self { raw, ..workspace });
        }
        let found = find(&member.root, &format!("{}/", member.folder))?;
        let own = Self::of_folder(&member.root, found, None)?;
        if let Some(inner) = &own.raw.workspace {
            return Err(ConfigError::Invalid {
                origin: Origin::from(&inner.at),
                key: "workspace".to_owned(),
                complaint: "stands in a member of a workspace".to_owned(),
                hint: Some("list all members in the outer workspace".to_owned()),
            });
        }
        let has_indexes = !own.raw.indexes.is_empty();
        Ok(Self {
            raw: own.raw.above(workspace.raw),
            project: own.project,
            uv_indexes: if own.uv_indexes.is_empty() { workspace.uv_indexes } else { own.uv_indexes },
            index_dir: if has_indexes { own.index_dir } else { workspace.index_dir },
            in_workspace: true,
            dotenv_dirs: [own.dotenv_dirs, workspace.dotenv_dirs].concat(),
        })
    }

    fn of_folder(dir: &Path, found: Found, named: Option<&Path>) -> Result<Self, ConfigError> {
        let (pyproject_raw, uv_indexes) = match found.pyproject {
            Some(pyproject) => (pyproject.raw, pyproject.uv_indexes),
            None => (None, Vec::new()),
        };
        let raw = match (named, found.shiponce_toml, pyproject_raw) {
            (Some(path), _, _) => read_named(path)?,
            (None, Some(_), Some(_)) => return Err(ConfigError::BothFiles),
            (None, Some(text), None) => read_raw(&text)?,
            (None, None, Some(raw)) => raw,
            (None, None, None) => Raw::default(),
        };
        Ok(Self {
            in_workspace: raw.workspace.is_some(),
            raw,
            project: found.project,
            uv_indexes,
            index_dir: dir.to_owned(),
            dotenv_dirs: vec![dir.to_owned()],
        })
    }

    /// The first `.env` with a known variable in it.
    pub(super) fn dotenv(&self) -> Result<Option<Dotenv>, ConfigError> {
        for dir in &self.dotenv_dirs {
            let known = |name: &str| crate::credentials::is_known_variable(name, &self.raw);
            if let Some(dotenv) = Dotenv::read(dir, known)? {
                return Ok(Some(dotenv));
            }
        }
        Ok(None)
    }
}

/// `--config`, or `SHIPONCE_CONFIG`.
fn named_file(inputs: &Inputs) -> Option<PathBuf> {
    inputs
        .flags
        .config
        .clone()
        .or_else(|| inputs.environment.get("SHIPONCE_CONFIG").filter(|path| !path.is_empty()).map(Into::into))
}

fn read_named(path: &Path) -> Result<Raw, ConfigError> {
    let content = fs_err::read_to_string(path).map_err(|error| ConfigError::read(path, &error))?;
    let text = Text { name: path.display().to_string(), content };
    if path.file_name().is_none_or(|name| name != "pyproject.toml") {
        return read_raw(&text);
    }
    let document = parse(&text)?;
    let tool = Table::root(&text, &document).table("tool")?;
    let table = tool.map(|tool| tool.table("shiponce")).transpose()?.flatten();
    table.map_or_else(|| Ok(Raw::default()), |table| Raw::read(table.into_root()))
}

fn read_raw(text: &Text) -> Result<Raw, ConfigError> {
    let document = parse(text)?;
    Raw::read(Table::root(text, &document))
}
