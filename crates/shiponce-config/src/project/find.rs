//! Finds the project in a folder, and the table that configures shiponce.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::pyproject::Pyproject;
use super::{Project, ProjectForm};
use crate::error::ConfigError;
use crate::place::Text;

/// What a folder holds.
#[derive(Debug)]
pub(crate) struct Found {
    /// The project, if there is one.
    pub(crate) project: Option<Project>,
    /// `pyproject.toml`, if there is one, whether or not it makes a project.
    pub(crate) pyproject: Option<Pyproject>,
    /// The text of `shiponce.toml`, if there is one.
    pub(crate) shiponce_toml: Option<Text>,
}

/// Looks into one folder. `prefix` stands before the names of its files in messages.
pub(crate) fn find(dir: &Path, prefix: &str) -> Result<Found, ConfigError> {
    let text = |name: &str, content| Text { name: format!("{prefix}{name}"), content };
    let pyproject = read_optional(&dir.join("pyproject.toml"))?
        .map(|content| Pyproject::read(dir, &text("pyproject.toml", content)))
        .transpose()?;
    let shiponce_toml =
        read_optional(&dir.join("shiponce.toml"))?.map(|content| text("shiponce.toml", content));
    let described = pyproject.as_ref().and_then(|pyproject| pyproject.project.clone());
    let project = described.or_else(|| {
        // setuptools reads setup.cfg whether or not there is a setup.py.
        let form = [ProjectForm::SetupCfg, ProjectForm::SetupPy]
            .into_iter()
            .find(|form| dir.join(form.file()).is_file() && is_build_file(dir, *form))?;
        Some(Project::opaque(dir, form))
    });
    Ok(Found { project, pyproject, shiponce_toml })
}

/// `setup.cfg` also holds the settings of linters; only one with metadata or options is a project's.
fn is_build_file(dir: &Path, form: ProjectForm) -> bool {
    if form == ProjectForm::SetupPy {
        return true;
    }
    fs_err::read_to_string(dir.join(form.file()))
        .is_ok_and(|text| text.lines().any(|line| matches!(line.trim(), "[metadata]" | "[options]")))
}

/// The nearest folder above that holds a project.
pub(crate) fn project_above(dir: &Path) -> Option<PathBuf> {
    let files = ["pyproject.toml", "setup.cfg", "setup.py"];
    dir.ancestors()
        .skip(1)
        .find(|above| files.iter().any(|file| above.join(file).is_file()))
        .map(Path::to_owned)
}

/// The text of a file, or nothing when there is none.
pub(crate) fn read_optional(path: &Path) -> Result<Option<String>, ConfigError> {
    match fs_err::read_to_string(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ConfigError::read(path, &error)),
    }
}
