//! The Python project: where it is and what it states about itself before anything is built.

mod find;
mod pyproject;

use std::path::{Path, PathBuf};

use shiponce_core::{PackageName, Version};

pub(crate) use find::{Found, find, project_above, read_optional};
pub(crate) use pyproject::UvIndex;

use crate::source::{Source, Sourced};

/// A project as its files describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its folder.
    pub root: PathBuf,
    /// The file that makes it a project.
    pub form: ProjectForm,
    /// `[project] name`. `None` for projects that say it only when they are built.
    pub name: Option<Sourced<PackageName>>,
    /// `[project] version`.
    pub version: ProjectVersion,
    /// `[build-system] build-backend`; `None` means the legacy setuptools backend of PEP 517.
    pub build_backend: Option<Sourced<String>>,
    /// `[build-system] requires`, for showing: passwords in URLs are masked.
    pub build_requires: Vec<String>,
    /// `[project] requires-python`.
    pub requires_python: Option<Sourced<String>>,
    /// `[project] readme`, relative to the root.
    pub readme: Option<Sourced<PathBuf>>,
}

/// The file that makes a folder a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectForm {
    /// `pyproject.toml` with `[project]` or `[build-system]`.
    Pyproject,
    /// `setup.cfg` without a usable `pyproject.toml`.
    SetupCfg,
    /// `setup.py` without a usable `pyproject.toml`.
    SetupPy,
}

impl ProjectForm {
    /// The name of the file.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::Pyproject => "pyproject.toml",
            Self::SetupCfg => "setup.cfg",
            Self::SetupPy => "setup.py",
        }
    }
}

/// What a project says about its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProjectVersion {
    /// It stands in `pyproject.toml`.
    Static(Sourced<Version>),
    /// It is computed at build time (`dynamic = ["version"]`).
    Dynamic(Source),
    /// The files say nothing; the built file does.
    Unknown,
}

impl Project {
    /// A project whose files say nothing that can be read without building it.
    pub(crate) fn opaque(root: &Path, form: ProjectForm) -> Self {
        Self {
            root: root.to_owned(),
            form,
            name: None,
            version: ProjectVersion::Unknown,
            build_backend: None,
            build_requires: Vec::new(),
            requires_python: None,
            readme: None,
        }
    }
}
